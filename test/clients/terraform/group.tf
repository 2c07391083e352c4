resource "aws_iam_group" "this" {
  name = "tf-group"
  path = "/tf/"
}

resource "aws_iam_group" "other" {
  name = "tf-group-other"
}

resource "aws_iam_group_membership" "this" {
  name  = "tf-membership"
  group = aws_iam_group.this.name
  users = [aws_iam_user.this.name]
}

resource "aws_iam_user_group_membership" "this" {
  user   = aws_iam_user.this.name
  groups = [aws_iam_group.other.name]
}

resource "aws_iam_group_policy" "this" {
  name   = "own"
  group  = aws_iam_group.this.name
  policy = local.list_buckets
}

resource "aws_iam_group_policy_attachment" "this" {
  group      = aws_iam_group.this.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_group_policies_exclusive" "this" {
  group_name   = aws_iam_group.this.name
  policy_names = [aws_iam_group_policy.this.name]
}

resource "aws_iam_group_policy_attachments_exclusive" "this" {
  group_name  = aws_iam_group.this.name
  policy_arns = [aws_iam_group_policy_attachment.this.policy_arn]
}
