"""What service accounts say to AWS. Source: EKS user guide, associate-service-account-role."""

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
"""The IAM role that pods of the account get by its token."""
