from collections.abc import Iterator

from ekslint import Cluster, FargateProfile, Finding, NodeGroup, Severity, rule

_LEAST_WORKLOADS = 2


@rule(Severity.WARNING, since="0.1.0", tags=("cost", "reliability"))
def all_workloads_one_node_type(cluster: Cluster) -> Iterator[Finding]:
    """All workloads of a cluster run on one instance type.

    ## Why is this bad?
    When AWS has no more of that type in a zone, nothing can start. And what suits one workload wastes CPU or memory
    for the next.

    ## When it stays silent
    Karpenter and Auto Mode choose among types; Fargate has none. Without at least two workloads in sight there is
    nothing to tell apart. Advice only where the files may add to an existing cluster, and outside production.

    ## References
    - EKS best practices guide, cost optimization, compute and autoscaling
    """
    pools = cluster.pools
    groups = [pool for pool in pools if isinstance(pool, NodeGroup)]
    if not groups or len(groups) != len([pool for pool in pools if not isinstance(pool, FargateProfile)]):
        return
    if len(groups) != len(pools) or cluster.auto_mode is not None or cluster.has_unseen_pools:
        return
    types = {name for group in groups for name in group.instance_types}
    if len(types) != 1 or len(cluster.workloads) < _LEAST_WORKLOADS:
        return
    [name] = types
    first, *others = groups
    yield Finding(
        first.at("instance_types"),
        f"all {len(cluster.workloads)} workloads of {cluster} run on {name}",
        label="the only instance type",
        help="add a node group of another type, or further types to this one",
        related=[(group.at("instance_types"), f"{group} has the same") for group in others],
        lower=cluster.tolerance + cluster.may_be_partial,
    )
