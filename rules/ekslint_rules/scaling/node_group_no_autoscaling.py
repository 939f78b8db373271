from collections.abc import Iterator

from ekslint import Cluster, FargateProfile, Finding, KarpenterPool, NodeGroup, Pool, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",))
def node_group_no_autoscaling(group: NodeGroup) -> Iterator[Finding]:
    """A node group has one fixed size.

    ## Why is this bad?
    No autoscaler can add a node when pods are pending, none can remove one that idles, and an upgrade has no room.
    In eksctl, `desiredCapacity` alone sets the minimum and the maximum as well.

    ## When it stays silent
    Groups that host controllers (labelled `karpenter.sh/controller`, or tainted `CriticalAddonsOnly`), and capacity
    reservations and blocks. Advice only where another pool that grows takes the same pods, and outside production.

    ## References
    - EKS best practices guide, reliability, data plane: use Cluster Autoscaler or Karpenter
    - eksctl, pkg/apis/eksctl.io/v1alpha5/defaults.go
    """
    if group.min_size != group.max_size or group.is_pinned_capacity or _hosts_controllers(group):
        return
    cluster = None if group.unknown("cluster") else group.cluster
    lower = cluster.tolerance + int(_grows_elsewhere(cluster, group)) if cluster is not None else 0
    field = "max_size"
    if not group.at("max_size").is_written:
        field = "desired_size"
    count = group.max_size
    nodes = "1 node" if count == 1 else f"{count} nodes"
    yield Finding(
        group.at(field),
        f"{group} always has {nodes}: minimum and maximum are equal",
        label="no room to scale",
        help="set a maximum above the minimum, and run Karpenter, Auto Mode or the Cluster Autoscaler",
        lower=lower,
    )


def _hosts_controllers(group: NodeGroup) -> bool:
    return "karpenter.sh/controller" in group.labels or any(
        taint.key == "CriticalAddonsOnly" and taint.is_hard for taint in group.taints
    )


def _grows_elsewhere(cluster: Cluster, group: NodeGroup) -> bool:
    return cluster.has_unseen_pools or any(
        pool is not group and _grows(pool) and not any(taint.is_hard for taint in pool.taints) for pool in cluster.pools
    )


def _grows(pool: Pool) -> bool:
    if isinstance(pool, NodeGroup):
        return pool.max_size > pool.min_size
    return isinstance(pool, KarpenterPool | FargateProfile)
