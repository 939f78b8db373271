from collections.abc import Iterator

from ekslint import AccessEntry, Cluster, Finding, NodeClass, Role, Severity, auto_mode, rule, some
from ekslint_rules._role_names import is_misspelt_role

_POLICY = "AmazonEKSAutoNodePolicy"
_ROLE_OF_EKSCTL = "AutoModeNodeRole"


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "access"), dialects=("karpenter",))
def auto_nodeclass_role_no_access_entry(node_class: NodeClass) -> Iterator[Finding]:
    """The role of a NodeClass has no access entry, so that its nodes cannot join the cluster.

    ## Why is this bad?
    EKS makes an access entry for the role of the built-in pools alone. Any other role needs one of type EC2 with the
    policy AmazonEKSAutoNodePolicy; without it the machines start, and never become nodes.

    ## When it stays silent
    The role of the built-in pools, also the one that eksctl creates. The NodeClass `default` beside built-in pools,
    which `auto-builtin-pool-modified` reports. Clusters that are declared elsewhere. Names that only differ a little
    from that of a declared role, of which `node-role-reference-broken` speaks. Where the files have no access entries
    at all it counts one step less: somebody may make them by hand.

    ## References
    - Amazon EKS user guide, create a node class for Amazon EKS: create node class access entry
    - Amazon EKS user guide, access entries
    """
    written, cluster = node_class.role, node_class.cluster
    if not written or cluster is None or cluster.auto_mode is None:
        return
    if node_class.name == auto_mode.DEFAULT_NODE_CLASS and len(cluster.auto_mode.node_pools):
        return
    role = written.rpartition("/")[2] if written.startswith("arn:") else written
    if _is_own_role(cluster, role):
        return
    entries = [entry for entry in cluster.access_entries if _is_for(entry, role, cluster)]
    if some(entries, lambda entry: entry.type == "EC2" and _has_policy(entry)):
        return
    if is_misspelt_role(role, node_class.estate):
        return
    place = node_class.at("spec", "role")
    if not entries:
        yield Finding(
            place,
            f"no access entry of {cluster} is for the role {role} of {node_class}: its nodes cannot join",
            label="no access entry",
            help=f"add an access entry of type EC2 with the policy {_POLICY} for this role",
            lower=max(int(not len(cluster.access_entries)), cluster.may_be_partial),
        )
        return
    [entry, *_] = entries
    what = f"has no policy {_POLICY}" if entry.type == "EC2" else f"is of type {entry.type}, not EC2"
    yield Finding(
        place,
        f"the access entry for the role {role} of {node_class} {what}: its nodes cannot join {cluster}",
        label="cannot join",
        related=[(entry.at("type"), "this access entry")],
    )


def _is_own_role(cluster: Cluster, role: str) -> bool:
    mode = cluster.auto_mode
    if mode is None:
        return False
    if mode.node_role is not None:
        return _name_of(mode.node_role, cluster) in {role, None}
    return mode.dialect == "eksctl" and _ROLE_OF_EKSCTL in role


def _is_for(entry: AccessEntry, role: str, cluster: Cluster) -> bool:
    return entry.principal is not None and _name_of(entry.principal, cluster) in {role, None}


def _name_of(principal: str, cluster: Cluster) -> str | None:
    """The name of a role that is given by ARN or by its logical name; None where only the stack knows it."""
    if principal.startswith("arn:"):
        return principal.rpartition("/")[2]
    declared = [each for each in cluster.estate.of(Role) if each.resource.rpartition("/")[2] == principal]
    return declared[0].name if len(declared) == 1 else None


def _has_policy(entry: AccessEntry) -> bool:
    return some(entry.access_policies, lambda policy: policy.rpartition("/")[2] == _POLICY)
