import re
from collections.abc import Iterator

from ekslint import Finding, IdentityMapping, Severity, rule

_WITH_PATH = re.compile(r"(arn:[^:]*:iam::[^:]*:role/)(\S+)/([^/\s]+)")


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes", "eksctl"))
def aws_auth_role_path(mapping: IdentityMapping) -> Iterator[Finding]:
    """A role is mapped in aws-auth with its path.

    ## Why is this bad?
    The authenticator sees roles without their path: an ARN with one in aws-auth never matches, and whoever has the role
    stays Unauthorized. Roles of IAM Identity Center always have a path.

    ## When it stays silent
    Users, whose path counts, and access entries, which take paths.

    ## References
    - Amazon EKS user guide, grant IAM users access to Kubernetes with a ConfigMap
    """
    arn = mapping.arn
    match = _WITH_PATH.fullmatch(arn) if arn is not None else None
    if match is not None:
        yield Finding(
            mapping.at("arn"),
            f"{arn} has the path {match[2]}/, with which it matches nobody in aws-auth",
            label="has a path",
            help=f"write {match[1]}{match[3]}, or use an access entry",
        )
