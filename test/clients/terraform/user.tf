resource "aws_iam_user" "this" {
  name                 = "tf-user"
  path                 = "/tf/"
  permissions_boundary = aws_iam_policy.this.arn
  tags                 = { team = "blue", "odd +=" = "Grüße" }
}

resource "aws_iam_access_key" "this" {
  user   = aws_iam_user.this.name
  status = "Inactive"
}

resource "aws_iam_user_policy" "this" {
  name   = "own"
  user   = aws_iam_user.this.name
  policy = local.list_buckets
}

resource "aws_iam_user_policy_attachment" "this" {
  user       = aws_iam_user.this.name
  policy_arn = aws_iam_policy.this.arn
}

resource "aws_iam_user_policies_exclusive" "this" {
  user_name    = aws_iam_user.this.name
  policy_names = [aws_iam_user_policy.this.name]
}

resource "aws_iam_user_policy_attachments_exclusive" "this" {
  user_name   = aws_iam_user.this.name
  policy_arns = [aws_iam_user_policy_attachment.this.policy_arn]
}
