from collections.abc import Iterator

from ekslint import Cluster, Finding, KarpenterPool, NodeGroup, Place, Pool, Severity, rule
from ekslint_rules._capacity import is_spot, spot_place


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",), dialects=("eksctl", "cloudformation", "karpenter"))
def spot_only_cluster(cluster: Cluster) -> Iterator[Finding]:
    """Every pool of the cluster is Spot.

    ## Why is this bad?
    AWS takes Spot nodes back with two minutes of notice, and when there is no Spot capacity there are no nodes at all:
    CoreDNS, controllers and everything with a single replica go down with them.

    ## When it stays silent
    A pool with on-demand nodes, be they a base below Spot; a Fargate profile; hybrid nodes; Auto Mode's built-in pools;
    a NodePool that may fall back to on-demand nodes; clusters of which other pools may exist elsewhere. Advice only
    where the file may merely add to an existing cluster, and outside production.

    ## References
    - Amazon EKS user guide, managed node groups: capacity types
    - EKS best practices guide, cost optimization, compute and autoscaling
    """
    if cluster.is_implicit:
        return
    pools = cluster.pools
    if not pools or cluster.has_unseen_pools:
        return
    places: list[tuple[Place, Pool]] = []
    for pool in pools:
        place = _spot(pool)
        if place is None:
            return
        places.append((place, pool))
    place, first = places[0]
    whole = f"{first}, its only pool, is" if len(pools) == 1 else f"all {len(pools)} pools of it are"
    yield Finding(
        place,
        f"{cluster} has Spot nodes alone, as {whole} Spot: when AWS takes them back, system pods have nowhere to go",
        label="Spot, as all of the cluster",
        help="add a small on-demand group for system pods and whatever must not be interrupted",
        related=[(other, f"{pool} is Spot too") for other, pool in places[1:]],
        lower=cluster.tolerance + cluster.may_be_partial,
    )


def _spot(pool: Pool) -> Place | None:
    """What makes all nodes of a pool Spot; None where some are not."""
    return spot_place(pool) if isinstance(pool, NodeGroup | KarpenterPool) and is_spot(pool) else None
