resource "aws_iam_policy" "this" {
  name        = "tf-policy"
  path        = "/tf/"
  description = "Of Terraform"
  policy      = local.list_buckets
  tags        = { team = "blue" }
}

resource "aws_iam_policy" "everywhere" {
  name   = "tf-policy-everywhere"
  policy = local.list_buckets
}

resource "aws_iam_policy_attachment" "this" {
  name       = "tf-attachment"
  policy_arn = aws_iam_policy.everywhere.arn
  users      = [aws_iam_user.attached.name]
  roles      = [aws_iam_role.attached.name]
  groups     = [aws_iam_group.other.name]
}

# None of those whose attachments another resource claims for itself.
resource "aws_iam_user" "attached" {
  name          = "tf-user-attached"
  force_destroy = true

  # What the provider itself does at the end, which nothing at the server tells.
  lifecycle {
    ignore_changes = [force_destroy]
  }
}

resource "aws_iam_role" "attached" {
  name               = "tf-role-attached"
  assume_role_policy = local.trust
}
