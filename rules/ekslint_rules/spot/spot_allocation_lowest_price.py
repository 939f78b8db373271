from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule

_STRATEGY = "lowest-price"


@rule(Severity.WARNING, since="0.1.0", tags=("reliability", "cost"))
def spot_allocation_lowest_price(group: NodeGroup) -> Iterator[Finding]:
    """Spot nodes are taken from the cheapest pools, not from those with most capacity.

    ## Why is this bad?
    The cheapest pools are those that AWS takes back first. With `lowest-price`, the default, many nodes go at once.

    ## When it stays silent
    Managed node groups, where EKS chooses; groups without Spot nodes. Advice only outside production.

    ## References
    - Amazon EC2 user guide, allocation strategies for Spot Instances
    - EKS best practices guide, cost optimization, compute and autoscaling
    """
    if group.kind != "self-managed" or group.capacity_type not in {"SPOT", "MIXED"}:
        return
    distribution = group.instances_distribution
    if distribution is None or distribution.get("spotAllocationStrategy") != _STRATEGY:
        return
    cluster = None if group.unknown("cluster") else group.cluster
    place = group.at("instances_distribution", "spotAllocationStrategy")
    yield Finding(
        place if place.is_written else group.at("instances_distribution"),
        f"the Spot nodes of {group} come from the cheapest pools{'' if place.is_written else ', as is the default'}: "
        "those are the ones that AWS takes back first",
        label=_STRATEGY if place.is_written else f"{_STRATEGY} by default",
        help="set the Spot allocation strategy to price-capacity-optimized",
        lower=cluster.tolerance if cluster is not None else 0,
    )
