"""What several rules ask of node groups."""

from collections.abc import Sequence

from ekslint import Cluster, FargateProfile, NodeGroup, Place, Pool, Subnet


def hosts_controllers_only(group: NodeGroup) -> bool:
    """Whether a group is set apart for Karpenter's controller and its like: meant to be small, alone and fixed."""
    return "karpenter.sh/controller" in group.labels or any(
        taint.key == "CriticalAddonsOnly" and taint.is_hard for taint in group.taints
    )


def only_node(cluster: Cluster) -> NodeGroup | None:
    """The group of one node at most on which all general workloads of a cluster run; None where there is more.

    None as well where its minimum is above that: one of the two is a mistake, and nobody knows which.
    """
    if cluster.is_implicit or cluster.auto_mode is not None or cluster.has_unseen_pools:
        return None
    open_pools = [pool for pool in cluster.pools if _may_take_any_pod(pool)]
    group = open_pools[0] if len(open_pools) == 1 else None
    if not isinstance(group, NodeGroup) or group.unknown("max_size") or group.max_size != 1:
        return None
    if not group.unknown("min_size") and group.min_size > group.max_size:
        return None
    return None if group.is_pinned_capacity or hosts_controllers_only(group) else group


def size_place(group: NodeGroup) -> Place:
    """Where a group says how many nodes it may have, by its maximum or by what the maximum defaults to."""
    written = (place for name in ("max_size", "desired_size", "min_size") if (place := group.at(name)).is_written)
    return next(written, group.at("max_size"))


def subnets_of(group: NodeGroup) -> Sequence[Subnet]:
    """The subnets of a node group; eksctl takes those of the VPC where none are named. Empty where nobody knows."""
    if group.unknown("subnets"):
        return ()
    network = None if group.cluster is None or group.dialect != "eksctl" else group.cluster.network
    if group.subnets or network is None:
        return group.subnets
    return network.private_subnets if group.uses_private_networking else network.public_subnets


def _may_take_any_pod(pool: Pool) -> bool:
    """Whether pods without tolerations may run on a pool. A Fargate profile puts up with what it selects."""
    if isinstance(pool, FargateProfile) or pool.unknown("taints"):
        return True
    return not any(taint.is_hard for taint in pool.taints)
