# What configurations ask for without managing it.

data "aws_caller_identity" "this" {}

data "aws_iam_session_context" "this" {
  arn = data.aws_caller_identity.this.arn
}

data "aws_iam_account_alias" "this" {
  depends_on = [aws_iam_account_alias.this]
}

data "aws_iam_user" "this" {
  user_name = aws_iam_user.this.name
}

data "aws_iam_users" "this" {
  path_prefix = "/tf/"
  depends_on  = [aws_iam_user.this]
}

data "aws_iam_access_keys" "this" {
  user       = aws_iam_user.this.name
  depends_on = [aws_iam_access_key.this]
}

data "aws_iam_group" "this" {
  group_name = aws_iam_group.this.name
}

data "aws_iam_role" "this" {
  name = aws_iam_role.this.name
}

data "aws_iam_roles" "this" {
  path_prefix = "/tf/"
  name_regex  = "^tf-.*"
  depends_on  = [aws_iam_role.this]
}

data "aws_iam_policy" "by_arn" {
  arn = aws_iam_policy.this.arn
}

data "aws_iam_policy" "by_name" {
  name = "ReadOnlyAccess"
}

data "aws_iam_instance_profile" "this" {
  name = aws_iam_instance_profile.this.name
}

data "aws_iam_instance_profiles" "this" {
  role_name  = aws_iam_role.this.name
  depends_on = [aws_iam_instance_profile.this]
}

data "aws_iam_user_ssh_key" "this" {
  username          = aws_iam_user.this.name
  encoding          = "PEM"
  ssh_public_key_id = aws_iam_user_ssh_key.this.ssh_public_key_id
}

data "aws_iam_openid_connect_provider" "by_url" {
  url        = "https://tf.example.com/realms/x"
  depends_on = [aws_iam_openid_connect_provider.this]
}

data "aws_iam_saml_provider" "this" {
  arn = aws_iam_saml_provider.this.arn
}

data "aws_iam_server_certificate" "this" {
  name       = aws_iam_server_certificate.this.name
  depends_on = [aws_iam_server_certificate.this]
}
