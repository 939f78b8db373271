from collections.abc import Iterator

from ekslint import Cluster, Finding, KarpenterPool, NodeGroup, Severity, rule
from ekslint_rules._installations import installed_on
from ekslint_rules._node_groups import hosts_controllers_only
from ekslint_rules.scaling._cluster_autoscaler import discoveries_on


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling", "cost"), dialects=("eksctl", "cloudformation", "karpenter"))
def ca_and_karpenter_overlap(cluster: Cluster) -> Iterator[Finding]:
    """The Cluster Autoscaler and Karpenter both make nodes for the same pods.

    ## Why is this bad?
    A pending pod makes both act: two nodes start for it, each consolidates what the other started, and pods move for
    nothing.

    ## When it stays silent
    Node groups of one fixed size, or set apart (a hard taint, or the label `karpenter.sh/controller`); NodePools that
    are all tainted; a Cluster Autoscaler that looks for other groups. Auto Mode beside it has a rule of its own.

    ## References
    - Karpenter documentation, migrating from Cluster Autoscaler
    - EKS best practices guide, Karpenter
    """
    installation = next(installed_on("cluster-autoscaler", cluster), None)
    if installation is None:
        return
    pools = [pool for pool in cluster.karpenter_pools if pool.kind == "karpenter" and _is_open(pool)]
    if not pools:
        return
    groups = [group for group in cluster.node_groups if _is_scaled(group, cluster)]
    if not groups:
        return
    blamed = [(group.at("max_size"), str(group)) for group in groups]
    others = [(pool.at("name"), str(pool)) for pool in pools]
    if not any(_is_of_one(pool, cluster) for pool in pools):
        # Nobody knows whose pools they are: then it is about them, and holds if it holds for every cluster.
        blamed, others = others, blamed
    yield Finding(
        blamed[0][0],
        f"the Cluster Autoscaler scales {groups[0]}, and Karpenter makes nodes of {pools[0]} for the same pods",
        label="both act on a pending pod",
        help="keep the group at one size for Karpenter's controller, or taint one of them",
        related=[(installation.at(), "the Cluster Autoscaler"), *others, *blamed[1:]],
        lower=cluster.tolerance,
    )


def _is_open(pool: NodeGroup | KarpenterPool) -> bool:
    """Whether pods without tolerations can run there."""
    return not pool.unknown("taints") and not any(taint.is_hard for taint in pool.taints)


def _is_of_one(pool: KarpenterPool, cluster: Cluster) -> bool:
    """Whether a pool belongs to one cluster only."""
    return sum(any(pool is each for each in other.karpenter_pools) for other in cluster.estate.clusters) == 1


def _is_scaled(group: NodeGroup, cluster: Cluster) -> bool:
    """Whether the Cluster Autoscaler changes a group's size, for any pod."""
    if group.unknown("min_size") or group.unknown("max_size") or group.min_size >= group.max_size:
        return False
    if hosts_controllers_only(group) or not _is_open(group):
        return False
    if group.kind == "managed" or group.unknown("scaling_tags"):
        return group.kind == "managed"
    discoveries = [each for each in discoveries_on(cluster) if each.tags]
    return any(each.finds(group.scaling_tags) for each in discoveries)
