resource "aws_iam_account_alias" "this" {
  account_alias = "tf-alias"
}

resource "aws_iam_account_password_policy" "this" {
  minimum_password_length        = 12
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 5
  hard_expiry                    = true
}


# There is no deleting it: the version that an account begins with leaves nothing behind.
resource "aws_iam_security_token_service_preferences" "this" {
  global_endpoint_token_version = "v1Token"
}
