from collections.abc import Iterator

from ekslint import Cluster, EC2NodeClass, Finding, NodeGroup, Place, Severity, access_entries, rule, some
from ekslint_rules.access._mapped_roles import is_named, mapped_arns, may_be

_ONLY_ENTRIES = "API"


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl", "karpenter"))
def access_entry_vs_node_role(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """The role of nodes has no access entry, in a cluster that looks at nothing else.

    ## Why is this bad?
    With the authentication mode API the ConfigMap aws-auth is not read any more. Self-managed nodes and those of
    Karpenter then need an access entry of type EC2_LINUX or EC2_WINDOWS; without one they never join.

    ## When it stays silent
    Managed node groups, whose entry EKS makes, and those of eksctl; clusters in another mode; roles that are known only
    at deploy time. Where the files have access entries, but none for this role and no line of aws-auth either,
    `self-managed-role-not-mapped` reports it; of roles of Karpenter's nodes that aws-auth does not name either
    `karpenter-node-role-access` speaks, of those of Auto Mode's own NodeClasses `auto-nodeclass-role-no-access-entry`.
    One step lower where the files show no access entry at all, or may be a part of the cluster only: somebody may make
    the entries elsewhere.

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
    if role is None:
        return
    entries, lines = list(cluster.access_entries), mapped_arns(cluster)
    is_in_map = any(may_be(arn, role) for arn in lines)
    if (entries or lines) and not is_in_map:
        return
    if some(entries, lambda each: each.type in access_entries.NODE_TYPES and may_be(each.principal, role)):
        return
    yield _finding(
        cluster,
        group.at("role"),
        f"{role} of {group}",
        is_in_map=is_in_map,
        help_text=f"add an AWS::EKS::AccessEntry of type EC2_LINUX for {role}",
    )


def _of_node_class(node_class: EC2NodeClass, cluster: Cluster) -> Iterator[Finding]:
    name = node_class.text("spec", "role")
    # eksctl makes the role, and lets it in, where it installs Karpenter.
    if name is None or "$" in name or cluster.karpenter_version is not None:
        return
    if not any(is_named(arn, name) for arn in mapped_arns(cluster)):
        return
    entries = list(cluster.access_entries)
    if any(each.principal is None or not each.principal.startswith("arn:") for each in entries):
        return
    if any(each.type in access_entries.NODE_TYPES and is_named(each.principal, name) for each in entries):
        return
    # A managed group with the same role has an entry already.
    if any(group.unknown("role") or group.role is None or group.role.name == name for group in cluster.node_groups):
        return
    yield _finding(
        cluster,
        node_class.at("spec", "role"),
        f"the role {name} of {node_class}",
        is_in_map=True,
        help_text="add an access entry of type EC2_LINUX for it",
    )


def _finding(cluster: Cluster, place: Place, who: str, *, is_in_map: bool, help_text: str) -> Finding:
    if is_in_map:
        what = f"{who} stands in aws-auth alone, which {cluster} does not read (authentication mode API)"
    else:
        what = f"{who} has no access entry in {cluster}, whose authentication mode is API: no node of it can join"
    return Finding(
        place,
        what,
        label="no access entry",
        help=help_text,
        related=[(cluster.at("authentication_mode"), "API: access entries alone")],
        lower=0 if is_in_map else max(1, cluster.may_be_partial),
    )
