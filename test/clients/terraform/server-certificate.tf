resource "aws_iam_server_certificate" "this" {
  name             = "tf-server-certificate"
  path             = "/tf/"
  certificate_body = file("certificate.pem")
  private_key      = file("key.pem")
  tags             = { team = "blue" }

  # The key cannot be read back (documentation of the provider, import).
  lifecycle {
    ignore_changes = [private_key]
  }
}
