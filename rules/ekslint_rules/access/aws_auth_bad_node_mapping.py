from collections.abc import Iterator

from ekslint import Finding, IdentityMapping, Severity, rule

_GROUPS = ("system:bootstrappers", "system:nodes")
_USERS = ("system:node:{{EC2PrivateDNSName}}", "system:node:{{SessionName}}")
"""Of EC2 nodes; and of Fargate and hybrid nodes."""


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes", "eksctl"))
def aws_auth_bad_node_mapping(mapping: IdentityMapping) -> Iterator[Finding]:
    """The role of nodes is mapped in aws-auth in a way that keeps them out.

    ## Why is this bad?
    A kubelet may only register as the user `system:node:` with the name of its node, and needs the groups
    system:bootstrappers and system:nodes. With any other mapping nodes get Forbidden, and stay NotReady or never
    appear.

    ## When it stays silent
    Mappings of people and tools. Further groups, as Windows and Fargate need them. User names that a template fills in.

    ## References
    - Amazon EKS user guide, grant IAM users access to Kubernetes with a ConfigMap
    - Amazon EKS user guide, prepare cluster access for hybrid nodes
    """
    groups, user = list(mapping.groups), mapping.username
    is_for_nodes = any(group in _GROUPS for group in groups) or (user or "").startswith("system:node:")
    if not is_for_nodes:
        return
    missing = [group for group in _GROUPS if group not in groups]
    if missing:
        yield Finding(
            mapping.at("groups"),
            f"{mapping} is for nodes, but lacks the group {' and '.join(missing)}: they cannot register",
            label=f"no {' and '.join(missing)}",
            help=f"add {' and '.join(missing)}",
        )
    if user not in _USERS:
        shown = f"the user name {user}" if user else "no user name"
        yield Finding(
            mapping.at("username"),
            f"{mapping} is for nodes, but has {shown}: they register as {_USERS[0]}",
            label="not that of a node",
            help=f'write "{_USERS[0]}" for EC2, "{_USERS[1]}" for Fargate and hybrid nodes',
        )
