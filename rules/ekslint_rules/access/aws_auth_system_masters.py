from collections.abc import Iterator

from ekslint import Finding, IdentityMapping, Severity, rule

_MASTERS = "system:masters"


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "security"), dialects=("kubernetes", "eksctl"))
def aws_auth_system_masters(mapping: IdentityMapping) -> Iterator[Finding]:
    """An IAM role or user is a member of system:masters.

    ## Why is this bad?
    Members of system:masters may do anything, past RBAC and past every admission webhook: nothing can take the right
    away again but another edit of aws-auth.

    ## When it stays silent
    Other groups, however much RBAC gives to them.

    ## References
    - EKS best practices guide, security, identity and access management
    """
    for index, group in enumerate(mapping.groups):
        if group == _MASTERS:
            yield Finding(
                mapping.at("groups", index),
                f"{mapping} gives membership in {_MASTERS}, which may do anything, past RBAC",
                label="may do anything",
                help="use an access entry with AmazonEKSClusterAdminPolicy, or a group with a ClusterRole of its own",
            )
