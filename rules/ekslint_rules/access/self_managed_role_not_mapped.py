from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, Finding, NodeGroup, Role, Severity, rule

_NODE_TYPES = frozenset({"EC2_LINUX", "EC2_WINDOWS"})


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "kubernetes"))
def self_managed_role_not_mapped(group: NodeGroup) -> Iterator[Finding]:
    """The role of a self-managed node group is not let into the cluster.

    ## Why is this bad?
    EKS knows the roles of managed node groups by itself. For others only an access entry of type EC2_LINUX, or a line in
    the ConfigMap aws-auth, lets a node register; without one it never appears.

    ## When it stays silent
    Managed groups and those of eksctl, which are mapped without being asked. Clusters that are declared elsewhere, and
    clusters of which the files show neither access entries nor aws-auth: they may be mapped by hand.

    ## References
    - Amazon EKS user guide, grant IAM users and roles access to Kubernetes APIs: access entries
    - Amazon EKS user guide, launch self-managed nodes
    """
    if group.kind != "self-managed" or group.dialect != "cloudformation":
        return
    cluster, role = group.cluster, group.role
    if cluster is None or cluster.is_implicit or role is None:
        return
    mapped = list(_mapped(cluster))
    if not mapped or any(_is_same(principal, role) for principal in mapped):
        return
    yield Finding(
        group.at("role"),
        f"{role} of {group} has neither an access entry nor a line in aws-auth: its nodes cannot join {cluster}",
        label="not mapped",
        help="add an AWS::EKS::AccessEntry of type EC2_LINUX for it",
        related=[(role.at("name"), "this role")],
    )


def _mapped(cluster: Cluster) -> Iterator[str]:
    """Everyone who is let in as a node: ARNs, or logical names of the same template. Undecided for unknown ones."""
    for entry in cluster.access_entries:
        if entry.principal is not None:
            yield entry.principal
    for mapping in cluster.identity_mappings:
        if mapping.arn is not None:
            yield mapping.arn
    for config_map in cluster.estate.of(ConfigMap):
        if config_map.is_aws_auth and any(candidate is cluster for candidate in config_map.clusters):
            for mapping in config_map.identity_mappings:
                if mapping.arn is not None:
                    yield mapping.arn


def _is_same(principal: str, role: Role) -> bool:
    bare = principal.rpartition("/")[2]
    return bare in {role.logical_name, role.name} or principal == role.logical_name
