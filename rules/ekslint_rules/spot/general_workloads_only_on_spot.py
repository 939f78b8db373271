from collections.abc import Iterator

from ekslint import Cluster, FargateProfile, Finding, Placement, Pool, Severity, known, placements_on, rule
from ekslint_rules._capacity import is_spot, spot_place
from ekslint_rules.scheduling._selected_labels import required
from ekslint_rules.scheduling._taints import hard_taints

_FRAGILE_KINDS = frozenset({"Deployment", "ReplicaSet", "Rollout", "ReplicationController", "Pod"})


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("reliability",),
    dialects=("eksctl", "cloudformation", "karpenter"),
)
def general_workloads_only_on_spot(cluster: Cluster) -> Iterator[Finding]:
    """Workloads that say nothing about their nodes end up on Spot, as all other pools are tainted.

    ## Why is this bad?
    What has one replica, or no budget for disruptions, is down whenever AWS takes a node back. Nobody decided that:
    it is where pods without tolerations can go.

    ## When it stays silent
    An untainted on-demand pool or a Fargate profile that takes them; workloads that select Spot themselves, or have
    several replicas and a PodDisruptionBudget. Clusters of Spot pools alone are `spot-only-cluster`, and workloads
    with data `stateful-on-spot`. Advice outside production.

    ## References
    - Amazon EKS best practices guide, cost optimization: Spot
    - Amazon EKS user guide, managed node groups: capacity types
    """
    pools = [pool for pool in cluster.pools if not isinstance(pool, FargateProfile)]
    open_pools = [pool for pool in pools if not hard_taints(pool)]
    if not open_pools or not all(is_spot(pool) for pool in open_pools) or all(is_spot(pool) for pool in pools):
        return
    placements = placements_on(cluster, only_certain=True)
    fragile = list(known(placements, lambda each: _is_fragile(each, open_pools)))
    if not fragile:
        return
    names = f"{fragile[0].workload}" + (f" and {len(fragile) - 1} more" if len(fragile) > 1 else "")
    yield Finding(
        spot_place(open_pools[0]),
        f"the only untainted nodes of {cluster} are Spot nodes: {names} can run nowhere else, "
        "with one replica or without a budget",
        label="Spot, and open to all",
        help="taint the Spot pool, or add an untainted on-demand pool",
        related=[
            *((spot_place(pool), f"{pool}: Spot too") for pool in open_pools[1:]),
            *((each.workload.at("name"), f"{each.workload} can run on Spot nodes only") for each in fragile),
        ],
        lower=cluster.tolerance + cluster.may_be_partial,
    )


def _is_fragile(placement: Placement, open_pools: list[Pool]) -> bool:
    workload = placement.workload
    if workload.kind not in _FRAGILE_KINDS or list(required(workload.pod)):
        return False
    possible = placement.possible
    if not possible or not all(any(pool is each for each in open_pools) for pool in possible):
        return False
    floor = workload.replica_floor
    return floor == 1 or (floor > 1 and not list(workload.disruption_budgets))
