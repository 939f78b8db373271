from collections.abc import Iterator

from ekslint import Autoscaler, Capacity, Crowd, Finding, HorizontalPodAutoscaler, Place, Severity, Shortfall, rule
from ekslint_rules.scaling._capacity import amount_text, bound_of, by_pools, pools_text


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("autoscaling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def hpa_max_exceeds_capacity(capacity: Capacity) -> Iterator[Finding]:
    """Autoscalers may ask for more pods than their pools can take at their largest.

    ## Why is this bad?
    Under load, when every replica counts, the last ones stay Pending: the node groups end before the autoscaler does.

    ## When it stays silent
    Pools without bounds; pools that are too small even for the minimum, which is `requests-exceed-pool-max` or
    `pods-exceed-max-pods`; workloads that may also run elsewhere. Advice only where pools may exist that no file shows.

    ## References
    - EKS best practices guide, scalability, workloads
    - Kubernetes documentation, horizontal pod autoscaling
    """
    already = capacity.shortfalls()
    beyond = (each for each in capacity.shortfalls(at_most=True) if not _is_known(each, already))
    for shortfalls in by_pools(beyond):
        first = shortfalls[0]
        scaled = [(crowd, autoscaler) for crowd in first.crowds for autoscaler in _reaching(crowd)]
        if not scaled:
            continue
        wanted = " and ".join(amount_text(each.resource, each.requested) for each in shortfalls)
        offered = " and ".join(amount_text(each.resource, each.offered) for each in shortfalls)
        crowd, autoscaler = max(scaled, key=lambda each: each[0].requested(first.resource, at_most=True))
        together = "with what else runs there " if len(first.crowds) > 1 else ""
        yield Finding(
            _maximum(autoscaler),
            f"{autoscaler} may ask for {crowd.most_pods} pods of {crowd.workload}: {together}{wanted} "
            f"on {pools_text(first.pools)}, where there are at most {offered}",
            label=f"more than {pools_text(first.pools)} can take",
            help="raise the maximum of the nodes, or lower that of the autoscaler",
            related=[
                *((bound_of(pool), f"{pool} ends here") for pool in first.pools),
                *((_maximum(other), str(other)) for _, other in scaled if other is not autoscaler),
            ],
            lower=capacity.cluster.may_be_partial,
            discriminator=" ".join(each.resource for each in shortfalls),
        )


def _is_known(shortfall: Shortfall, already: list[Shortfall]) -> bool:
    """Whether some of the same pools are too small without any autoscaler."""
    pools = {id(pool) for pool in shortfall.pools}
    return any(pools.issuperset(id(pool) for pool in each.pools) for each in already)


def _reaching(crowd: Crowd) -> list[Autoscaler]:
    """The autoscalers that ask for the most pods of a workload."""
    if crowd.most_pods <= crowd.pods:
        return []
    return [each for each in crowd.workload.autoscalers if each.maximum == crowd.most_pods]


def _maximum(autoscaler: Autoscaler) -> Place:
    field = "maxReplicas" if isinstance(autoscaler, HorizontalPodAutoscaler) else "maxReplicaCount"
    place = autoscaler.at("spec", field)
    return place if place.is_written else autoscaler.at("metadata", "name")
