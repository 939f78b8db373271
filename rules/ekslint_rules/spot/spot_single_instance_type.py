from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule

_ENOUGH = 3


@rule(Severity.WARNING, since="0.1.0", tags=("reliability", "cost"))
def spot_single_instance_type(group: NodeGroup) -> Iterator[Finding]:
    """A Spot node group has one instance type.

    ## Why is this bad?
    Spot capacity comes from one pool for each type and zone. When AWS takes that one back, all nodes go at once, and
    there is no other to ask.

    ## When it stays silent
    Groups that select instances by attributes. Two types are advice only.

    ## References
    - Amazon EKS user guide, managed node groups: capacity types
    - EKS best practices guide, cost optimization, compute and autoscaling
    """
    if group.capacity_type not in {"SPOT", "MIXED"} or group.instance_requirements is not None:
        return
    types = sorted(set(group.instance_types))
    if len(types) >= _ENOUGH:
        return
    place = group.at("instance_types")
    what = f"only {types[0]}" if len(types) == 1 else f"only {types[0]} and {types[1]}"
    if not place.is_written:
        what = f"{what}, the default"
    yield Finding(
        place,
        f"Spot {group} can use {what}: capacity runs out, or is taken back, for all nodes at once",
        label="few Spot pools" if len(types) > 1 else "one Spot pool a zone",
        help="name several types of the same size, as m5.large, m5a.large, m6i.large, m6a.large",
        lower=int(len(types) > 1),
    )
