from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, EC2NodeClass, Finding, IdentityMapping, Role, Severity, rule, some
from ekslint_rules._role_names import is_misspelt_role
from ekslint_rules.access._node_mappings import is_for_nodes

_NODE_TYPES = frozenset({"EC2_LINUX", "EC2_WINDOWS"})
_NODES = "system:nodes"
_ROLE_OF_EKSCTL = "eksctl-KarpenterNodeRole-"


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "access"), dialects=("karpenter",))
def karpenter_node_role_access(node_class: EC2NodeClass) -> Iterator[Finding]:
    """The role of Karpenter's nodes is not let into the cluster.

    ## Why is this bad?
    EKS maps the roles of managed node groups by itself, but not that of Karpenter's nodes: it needs an access entry of
    type EC2_LINUX, or a line in the ConfigMap aws-auth with the group system:nodes. Without it machines start, wait
    fifteen minutes, and are ended again.

    ## When it stays silent
    Roles that a template fills in, the role that eksctl creates for Karpenter, and clusters that are declared
    elsewhere. Roles that stand in aws-auth alone, where the cluster does not read it: `access-entry-vs-node-role`
    reports those; lines there that are meant for nodes but lack a group, which `aws-auth-bad-node-mapping` reports;
    names that only differ a little from that of a declared role, of which `node-role-reference-broken` speaks. Advice
    where the files show neither access entries nor aws-auth: people let the role in by a command, too.

    ## References
    - Karpenter documentation, getting started with Karpenter
    - Amazon EKS user guide, grant IAM users and roles access to Kubernetes APIs
    """
    role, cluster = node_class.role, node_class.cluster
    if not role or "$" in role or cluster is None or cluster.is_implicit:
        return
    if role.startswith(_ROLE_OF_EKSCTL) and cluster.karpenter_version is not None:
        return
    if some(cluster.node_groups, lambda group: group.kind == "managed" and _is_role(group.role, role)):
        return
    entries, mappings = list(cluster.access_entries), list(_mappings(cluster))
    mine = [entry for entry in entries if _may_be(entry.principal, role, cluster)]
    lines = [mapping for mapping in mappings if _may_be(mapping.arn, role, cluster)]
    if some(mine, lambda entry: entry.type in _NODE_TYPES) or some(lines, lambda line: _NODES in line.groups):
        return
    if some(lines, is_for_nodes) or is_misspelt_role(role, node_class.estate):
        return
    if not entries and not mappings:
        yield Finding(
            node_class.at("spec", "role"),
            f"no file lets the role {role} of {node_class} into {cluster}: without an access entry its nodes cannot "
            "join",
            label="let in by hand?",
            help="declare an access entry of type EC2_LINUX for this role",
            severity=Severity.INFO,
        )
        return
    if not mine and not lines:
        yield Finding(
            node_class.at("spec", "role"),
            f"the role {role} of {node_class} has neither an access entry nor a line in aws-auth: its nodes cannot "
            f"join {cluster}",
            label="not let in",
            help="add an access entry of type EC2_LINUX for this role",
            lower=cluster.may_be_partial,
        )
        return
    yield Finding(
        node_class.at("spec", "role"),
        f"the role {role} of {node_class} is let into {cluster}, but not as a node: its nodes cannot join",
        label="not as a node",
        related=[
            *((entry.at("type"), f"of type {entry.type}") for entry in mine),
            *((line.at("groups"), f"no group {_NODES}") for line in lines),
        ],
    )


def _mappings(cluster: Cluster) -> Iterator[IdentityMapping]:
    yield from cluster.identity_mappings
    for config_map in cluster.estate.of(ConfigMap):
        if config_map.is_aws_auth and any(candidate is cluster for candidate in config_map.clusters):
            yield from config_map.identity_mappings


def _is_role(declared: Role | None, name: str) -> bool:
    return declared is not None and declared.name == name


def _may_be(principal: str | None, role: str, cluster: Cluster) -> bool:
    """Whether an ARN or a logical name stands for the role, or may: placeholders and generated names do."""
    if principal is None or "$" in principal or "<" in principal:
        return True
    if principal.startswith("arn:"):
        return principal.rpartition("/")[2] == role
    declared = [each for each in cluster.estate.of(Role) if each.resource.rpartition("/")[2] == principal]
    return len(declared) != 1 or declared[0].name in {role, None}
