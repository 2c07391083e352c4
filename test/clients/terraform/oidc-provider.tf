resource "aws_iam_openid_connect_provider" "this" {
  url             = "https://tf.example.com/realms/x"
  client_id_list  = ["app", "sts.amazonaws.com"]
  thumbprint_list = ["990f4193972f2becf12ddeda5237f9c952f20d9e"]
  tags            = { team = "blue" }
}
