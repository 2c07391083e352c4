resource "aws_iam_service_specific_credential" "this" {
  user_name    = aws_iam_user.this.name
  service_name = "codecommit.amazonaws.com"
  status       = "Inactive"
}
