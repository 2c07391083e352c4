resource "aws_iam_user_login_profile" "this" {
  user                    = aws_iam_user.this.name
  password_length         = 24
  password_reset_required = true

  # Neither is told by anything that can be read: the provider's own documentation asks for this after an import.
  lifecycle {
    ignore_changes = [password_length, password_reset_required]
  }
}
