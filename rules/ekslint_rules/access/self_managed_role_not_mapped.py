from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, known, rule, some
from ekslint_rules._amazon_names import parse_arn
from ekslint_rules.access._mapped_roles import mapped_arns, may_be

_USUAL = "EC2_LINUX"
_NODE_TYPES = frozenset({"EC2", "EC2_LINUX", "EC2_WINDOWS"})


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "kubernetes"))
def self_managed_role_not_mapped(group: NodeGroup) -> Iterator[Finding]:
    """The role of a self-managed node group is not let into the cluster.

    ## Why is this bad?
    EKS knows the roles of managed node groups by itself. For others only an access entry of type EC2_LINUX or
    EC2_WINDOWS, or a line in the ConfigMap aws-auth, lets a node register; without one it never appears.

    ## When it stays silent
    Managed groups and those of eksctl, which are mapped without being asked. Clusters that are declared elsewhere, and
    clusters of which the files show neither access entries nor aws-auth: they may be mapped by hand. Roles whose name
    is generated, where aws-auth might mean them; an aws-auth with lines that are still to be filled in.

    ## References
    - Amazon EKS user guide, grant IAM users and roles access to Kubernetes APIs: access entries
    - Amazon EKS user guide, launch self-managed nodes
    """
    if group.kind != "self-managed" or group.dialect != "cloudformation":
        return
    cluster, role = group.cluster, group.role
    if cluster is None or cluster.is_implicit or role is None:
        return
    entries = list(cluster.access_entries)
    lines = mapped_arns(cluster)
    if not entries and not lines:
        return
    if any(arn is None or not _is_whole(arn) for arn in lines):
        return  # a placeholder that somebody fills in by hand
    if any(may_be(arn, role) for arn in lines):
        return
    if some(entries, lambda entry: entry.type in _NODE_TYPES and may_be(entry.principal, role)):
        return
    for entry in known(entries, lambda entry: may_be(entry.principal, role)):
        yield Finding(
            entry.at("type"),
            f"the access entry of {role} is not of a type for nodes: those of {group} cannot join {cluster}",
            label="EC2_LINUX, or EC2_WINDOWS",
            help=f"set Type to {_USUAL}",
            related=[(group.at("role"), f"{group} uses the role")],
        )
        return
    yield Finding(
        group.at("role"),
        f"{role} of {group} has neither an access entry for nodes nor a line in aws-auth: none can join {cluster}",
        label="not mapped",
        help=f"add an AWS::EKS::AccessEntry of type {_USUAL} for {role}",
        related=[(role.at("name"), "this role")],
    )


def _is_whole(arn: str) -> bool:
    """Whether an ARN is one, with the number of an account."""
    name = parse_arn(arn)
    return name is not None and name.account is not None
