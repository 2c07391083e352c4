terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

# Endpoint and credentials come from the environment, as for the aws CLI.
provider "aws" {
  region = "eu-central-1"
}

locals {
  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
  list_buckets = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "ListBuckets", Effect = "Allow", Action = ["s3:ListAllMyBuckets"], Resource = "*" }]
  })
}
