resource "aws_iam_user_ssh_key" "this" {
  username   = aws_iam_user.this.name
  encoding   = "SSH"
  public_key = file("ssh.pub")
  status     = "Inactive"
}
