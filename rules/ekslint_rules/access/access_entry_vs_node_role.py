from collections.abc import Iterator

from ekslint import Cluster, EC2NodeClass, Finding, NodeGroup, Severity, access_entries, rule, some
from ekslint_rules.access._mapped_roles import is_named, mapped_arns, may_be

_ONLY_ENTRIES = "API"


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl", "karpenter"))
def access_entry_vs_node_role(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """The role of nodes has no access entry, in a cluster that looks at nothing else.

    ## Why is this bad?
    With the authentication mode API the ConfigMap aws-auth is not read any more. Self-managed nodes and those of
    Karpenter then need an access entry of type EC2_LINUX or EC2_WINDOWS; without one they never join.

    ## When it stays silent
    Managed node groups, whose entry EKS makes, and those of eksctl; clusters in another mode, or of which the files
    show no access entry at all; roles that are known only at deploy time. Roles that nothing maps are what
    `self-managed-role-not-mapped` reports. One step lower where entries may be made elsewhere.

    ## References
    - Amazon EKS user guide, grant IAM users and roles access to Kubernetes APIs: access entries
    - Karpenter, getting started
    """
    cluster = subject.cluster
    if cluster is None or cluster.is_implicit or cluster.authentication_mode != _ONLY_ENTRIES:
        return
    if isinstance(subject, EC2NodeClass):
        yield from _of_node_class(subject, cluster)
    elif subject.kind == "self-managed" and subject.dialect == "cloudformation":
        yield from _of_group(subject, cluster)


def _of_group(group: NodeGroup, cluster: Cluster) -> Iterator[Finding]:
    role = group.role
    if role is None or not any(may_be(arn, role) for arn in mapped_arns(cluster)):
        return
    if some(
        cluster.access_entries, lambda each: each.type in access_entries.NODE_TYPES and may_be(each.principal, role)
    ):
        return
    yield Finding(
        group.at("role"),
        f"{role} of {group} stands in aws-auth alone, which {cluster} does not read (authentication mode API)",
        label="no access entry",
        help=f"add an AWS::EKS::AccessEntry of type EC2_LINUX for {role}",
        related=[(cluster.at("authentication_mode"), "API: access entries alone")],
    )


def _of_node_class(node_class: EC2NodeClass, cluster: Cluster) -> Iterator[Finding]:
    name = node_class.text("spec", "role")
    entries = list(cluster.access_entries)
    # eksctl makes the role, and lets it in, where it installs Karpenter.
    if name is None or not entries or cluster.karpenter_version is not None:
        return
    if any(each.principal is None or not each.principal.startswith("arn:") for each in entries):
        return
    if any(each.type in access_entries.NODE_TYPES and is_named(each.principal, name) for each in entries):
        return
    # A managed group with the same role has an entry already.
    if any(group.unknown("role") or group.role is None or group.role.name == name for group in cluster.node_groups):
        return
    yield Finding(
        node_class.at("spec", "role"),
        f"the role {name} of {node_class} has no access entry in {cluster}: none of its nodes can join",
        label="no access entry",
        help="add an access entry of type EC2_LINUX for it",
        related=[(cluster.at("authentication_mode"), "API: access entries alone")],
        lower=cluster.may_be_partial,
    )
