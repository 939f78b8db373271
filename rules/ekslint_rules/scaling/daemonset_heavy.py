from collections.abc import Iterator

from ekslint import Capacity, DaemonSet, Finding, NodeGroup, Place, Pool, PoolCapacity, Severity, placements_on, rule
from ekslint_rules.scaling._capacity import amount_text

_RESOURCES = ("cpu", "memory")


@rule(Severity.INFO, since="0.1.0", tags=("cost",), dialects=("eksctl", "cloudformation", "kubernetes"))
def daemonset_heavy(capacity: Capacity, *, percentage: int = 25) -> Iterator[Finding]:
    """DaemonSets take a large part of every node.

    ## Why is this bad?
    What agents request is paid for on every node, and the smaller the nodes, the larger the share that is gone before
    the first application starts.

    ## When it stays silent
    Shares up to `percentage` of CPU and of memory on the smallest instance type of the group; DaemonSets that do not
    run there, or may not; NodePools, which choose larger types where that pays.

    ## References
    - EKS best practices guide, scalability, data plane: node efficiency
    """
    for pool in capacity.pools:
        group = pool.pool
        if not isinstance(group, NodeGroup):
            continue
        heavy = [each for each in _RESOURCES if (pool.share_of_daemonsets(each) or 0) * 100 > percentage]
        if not heavy:
            continue
        yield Finding(
            group.at("instance_types"),
            f"DaemonSets request {' and '.join(_share(pool, each) for each in heavy)} on every node of {group}",
            label="small nodes for so many agents",
            help="use larger instance types, or fewer and smaller agents",
            related=_daemonsets(capacity, group),
        )


def _share(pool: PoolCapacity, resource: str) -> str:
    smallest = pool.smallest_type(resource)
    share = pool.share_of_daemonsets(resource)
    amount = amount_text(resource, pool.daemonsets.get(resource, 0))
    if smallest is None or share is None:
        return amount
    return f"{amount} ({share:.0%} of {smallest[0]})"


def _daemonsets(capacity: Capacity, group: Pool) -> list[tuple[Place, str]]:
    """The DaemonSets that run on a group."""
    return [
        (placement.workload.at("metadata", "name"), str(placement.workload))
        for placement in placements_on(capacity.cluster, only_certain=True)
        if isinstance(placement.workload, DaemonSet) and any(pool is group for pool in placement.fitting)
    ]
