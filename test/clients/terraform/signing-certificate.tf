resource "aws_iam_signing_certificate" "this" {
  user_name        = aws_iam_user.this.name
  certificate_body = file("certificate.pem")
  status           = "Inactive"
}
