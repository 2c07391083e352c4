resource "aws_iam_virtual_mfa_device" "this" {
  virtual_mfa_device_name = "tf-mfa"
  path                    = "/tf/"
  tags                    = { team = "blue" }
}
