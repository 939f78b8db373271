from collections.abc import Iterator

from ekslint import Finding, IdentityMapping, NodeGroup, Severity, rule
from ekslint_rules.access._mapped_roles import is_named
from ekslint_rules.access._node_mappings import NODE_GROUPS, is_for_nodes
from ekslint_rules.iam._roles import declared_role

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
    if not is_for_nodes(mapping) and not _has_role_of_nodes(mapping):
        return
    groups, user = list(mapping.groups), mapping.username
    missing = [group for group in NODE_GROUPS if group not in groups]
    if missing:
        what = f"group{'s' * (len(missing) - 1)} {' and '.join(missing)}"
        yield Finding(
            mapping.at("groups"),
            f"{mapping} is for nodes, but lacks the {what}: they cannot register",
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


def _has_role_of_nodes(mapping: IdentityMapping) -> bool:
    """Whether the mapped role is that of a node group, on whichever cluster the ConfigMap goes to."""
    clusters = mapping.owner.clusters if mapping.owner is not None else ()
    return bool(clusters) and all(
        any(_has_role(group, mapping.arn) for group in cluster.node_groups) for cluster in clusters
    )


def _has_role(group: NodeGroup, arn: str | None) -> bool:
    role = None if group.unknown("role") else declared_role(group)
    if role is not None:
        return not role.unknown("name") and role.name is not None and is_named(arn, role.name)
    given = None if group.unknown("role_arn") else group.role_arn
    return given is not None and ":role/" in given and "$" not in given and is_named(arn, given.rpartition("/")[2])
