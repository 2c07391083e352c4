resource "aws_iam_account_alias" "this" {
  account_alias = "tf-alias"
}
