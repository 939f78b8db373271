"""What an access entry may say. Source: EKS user guide (creating-access-entries), EKS API (CreateAccessEntry).

The API has no enumeration for the type: it is a plain string there.
"""

STANDARD = "STANDARD"
"""For people, and for anything else that is no node."""
NODE_TYPES = ("EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX")
"""For roles of nodes; `EC2` is for Auto Mode with roles of one's own, `HYPERPOD_LINUX` for SageMaker HyperPod."""
WITH_ACCESS_POLICIES = ("STANDARD", "EC2")
"""The types that access policies can be associated with: Auto Mode's nodes need AmazonEKSAutoNodePolicy."""
RESERVED_PREFIXES = ("system:", "eks:", "aws:", "amazon:", "iam:")
"""With which the API refuses user names and groups of access entries."""
ACCESS_POLICY = ":cluster-access-policy/"
"""Stands in the ARN of every access policy."""
SERVICE_LINKED_ROLE = ":role/aws-service-role/"
"""Stands in the ARN of every role that a service made for itself; these cannot have access entries."""


def types() -> tuple[str, ...]:
    """Every type that an access entry may be given."""
    return (STANDARD, *NODE_TYPES)
