from collections.abc import Iterator

from ekslint import Cluster, EC2NodeClass, Finding, NodeGroup, Severity, rule
from ekslint_rules._installations import doubt_about, may_go_to
from ekslint_rules.scaling._cluster_autoscaler import has_permissions, is_prepared

_SCALERS = ("cluster-autoscaler", "karpenter")


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",), dialects=("eksctl", "cloudformation"))
def elastic_pool_without_autoscaler(cluster: Cluster) -> Iterator[Finding]:
    """Node groups may grow, but nothing makes them.

    ## Why is this bad?
    Minimum and maximum of a node group or an Auto Scaling group are bounds, no autoscaling. Nobody changes the desired
    size unless the Cluster Autoscaler, Karpenter or Auto Mode runs: pending pods stay Pending, idle nodes stay.

    ## When it stays silent
    The Cluster Autoscaler or Karpenter, by whatever means they are installed, and NodePools or node classes of
    Karpenter; a service account or a Pod Identity association for the Cluster Autoscaler; Auto Mode; EC2 scaling
    policies on the group. Advice only where the files install no controller on the cluster at all, may merely add to
    it, or tag a group for the Cluster Autoscaler: then somebody else installs it.

    ## References
    - Amazon EKS user guide, scale cluster compute with Karpenter and Cluster Autoscaler
    - EKS best practices guide, Cluster Autoscaler
    """
    estate = cluster.estate
    if cluster.auto_mode is not None or cluster.karpenter_pools or cluster.has_unseen_pools:
        return
    if any(estate.has_evidence_of(name, cluster) for name in _SCALERS) or has_permissions(cluster):
        return
    if any(may_go_to(each, cluster) for each in estate.of(EC2NodeClass)):
        return
    groups = [group for group in cluster.node_groups if _is_elastic(group)]
    if not groups:
        return
    first, *others = groups
    more = f" and {len(others)} more" if others else ""
    yield Finding(
        first.at("max_size"),
        f"{first}{more} of {cluster} may grow to {_nodes(first.max_size)}, but nothing in the files makes it grow: "
        "minimum and maximum are bounds only",
        label="a bound, no autoscaling",
        help="install the Cluster Autoscaler or Karpenter, or enable Auto Mode",
        related=[(group.at("max_size"), f"{group}: {group.min_size} to {_nodes(group.max_size)}") for group in others],
        lower=max(doubt_about(cluster, may_be_addon=False), int(any(is_prepared(group) for group in groups)))
        + cluster.tolerance,
    )


def _is_elastic(group: NodeGroup) -> bool:
    if group.unknown("min_size") or group.unknown("max_size") or group.is_pinned_capacity or group.scaling_policies:
        return False
    return group.min_size < group.max_size


def _nodes(count: int) -> str:
    return "1 node" if count == 1 else f"{count} nodes"
