from collections.abc import Iterator

from ekslint import Capacity, Finding, Severity, rule
from ekslint_rules.scaling._capacity import (
    PODS,
    amount_text,
    bound_of,
    by_pools,
    crowds_text,
    pools_text,
    related_crowds,
)


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("autoscaling", "scheduling"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def requests_exceed_pool_max(capacity: Capacity) -> Iterator[Finding]:
    """Workloads request more CPU or memory than their pools have at their largest.

    ## Why is this bad?
    Some of the pods stay Pending, whatever the autoscaler does: the maximum size of the groups, or the limits of the
    NodePool, are reached before all of them run.

    ## When it stays silent
    Pools without bounds, with unknown sizes or instance types; workloads that may also run elsewhere, with unknown
    requests or replicas; what DaemonSets take is left out of what there is. Workloads that a HorizontalPodAutoscaler
    scales count with their minimum; the maximum is `hpa-max-exceeds-capacity`. Advice only where pools may exist that
    no file shows.

    ## References
    - Kubernetes documentation, resource management for pods and containers
    - Karpenter documentation, NodePools: spec.limits
    """
    for shortfalls in by_pools(each for each in capacity.shortfalls() if each.resource != PODS):
        first = shortfalls[0]
        wanted = " and ".join(amount_text(each.resource, each.requested) for each in shortfalls)
        offered = " and ".join(amount_text(each.resource, each.offered) for each in shortfalls)
        yield Finding(
            bound_of(first.pools[0]),
            f"{crowds_text(first.crowds, 'request')} {wanted} on {pools_text(first.pools)}, "
            f"where there are at most {offered} for pods",
            label=f"{offered} at most",
            help="raise the maximum, or lower requests or replicas",
            related=[
                *((bound_of(pool), f"{pool} ends here too") for pool in first.pools[1:]),
                *related_crowds(first.crowds, first.resource, at_most=False),
            ],
            lower=capacity.cluster.may_be_partial,
            discriminator=" ".join(each.resource for each in shortfalls),
        )
