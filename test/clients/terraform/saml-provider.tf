resource "aws_iam_saml_provider" "this" {
  name                   = "tf-saml"
  saml_metadata_document = file("metadata.xml")
  tags                   = { team = "blue" }
}
