resource "aws_iam_instance_profile" "this" {
  name = "tf-instance-profile"
  path = "/tf/"
  role = aws_iam_role.this.name
  tags = { team = "blue" }
}
