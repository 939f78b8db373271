from collections.abc import Iterator

from ekslint import Cluster, Finding, KarpenterPool, NodeGroup, Pool, Severity, rule
from ekslint_rules._node_groups import hosts_controllers_only, only_node, size_place


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",))
def node_group_no_autoscaling(group: NodeGroup) -> Iterator[Finding]:
    """A node group has one fixed size.

    ## Why is this bad?
    No autoscaler can add a node when pods are pending, and none can remove one that idles. In eksctl,
    `desiredCapacity` alone sets the minimum and the maximum as well.

    ## When it stays silent
    Groups that host controllers (labelled `karpenter.sh/controller`, or tainted `CriticalAddonsOnly`), capacity
    reservations and blocks, and groups of no nodes at all. The one node of a whole cluster is `single-node-capacity`.
    Advice only where another pool that grows takes the same pods, and outside production.

    ## References
    - EKS best practices guide, reliability, data plane: use Cluster Autoscaler or Karpenter
    - eksctl, pkg/apis/eksctl.io/v1alpha5/defaults.go
    """
    count = group.max_size
    if count == 0 or group.min_size != count or group.is_pinned_capacity or hosts_controllers_only(group):
        return
    cluster = None if group.unknown("cluster") else group.cluster
    if count == 1 and cluster is not None and only_node(cluster) is group:
        return
    place = size_place(group)
    nodes = "1 node" if count == 1 else f"{count} nodes"
    how = (
        "minimum and maximum are equal" if group.at("max_size").is_written else "nothing gives it a maximum of its own"
    )
    yield Finding(
        place,
        f"{group} always has {nodes}: {how}",
        label="no room to scale" if place.is_written else f"{nodes} by default",
        help="set a maximum above the minimum, and run Karpenter, Auto Mode or the Cluster Autoscaler",
        lower=cluster.tolerance + int(_grows_elsewhere(cluster, group)) if cluster is not None else 0,
    )


def _grows_elsewhere(cluster: Cluster, group: NodeGroup) -> bool:
    """Whether pods that find no room here may get a new node of another pool."""
    if any(pool is not group and _takes_more(pool) for pool in cluster.pools):
        return True
    # Of a cluster that stands elsewhere, anything may be said: that is no reason to say nothing of the group.
    return not cluster.is_implicit and cluster.has_unseen_pools


def _takes_more(pool: Pool) -> bool:
    if isinstance(pool, NodeGroup):
        grows = not pool.unknown("max_size") and not pool.unknown("min_size") and pool.max_size > pool.min_size
    else:
        grows = isinstance(pool, KarpenterPool)
    return grows and not pool.unknown("taints") and not any(taint.is_hard for taint in pool.taints)
