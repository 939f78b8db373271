from collections.abc import Iterator, Sequence

from ekslint import Finding, KarpenterPool, NodeGroup, Severity, rule
from ekslint_rules._capacity import capacity_types
from ekslint_rules._machine_types import types_left
from ekslint_rules._wording import enumerated

_ENOUGH = 3
_ENOUGH_FOR_KARPENTER = 5
_ENOUGH_FOR_CONSOLIDATION = 15
_TYPE_KEY = "node.kubernetes.io/instance-type"


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("reliability", "cost"),
    dialects=("eksctl", "cloudformation", "karpenter"),
)
def spot_single_instance_type(pool: NodeGroup | KarpenterPool) -> Iterator[Finding]:
    """A Spot pool has one instance type, or hardly more.

    ## Why is this bad?
    Spot capacity comes from one pool for each type and zone. When AWS takes that one back, all nodes go at once, and
    there is no other to ask.

    ## When it stays silent
    Groups of three types or more, and those that select instances by attributes. For Karpenter and Auto Mode, NodePools
    whose requirements name or leave five types or more; those that may fall back to on-demand nodes get advice only, as
    do groups of two types. Up to fifteen types there is advice for Karpenter about consolidation.

    ## References
    - Amazon EKS user guide, managed node groups: capacity types
    - EKS best practices guide, cost optimization, compute and autoscaling
    - Karpenter documentation, disruption: Spot consolidation
    """
    if isinstance(pool, KarpenterPool):
        yield from _of_karpenter(pool)
        return
    if pool.capacity_type not in {"SPOT", "MIXED"} or pool.instance_requirements is not None:
        return
    types = sorted(set(pool.instance_types))
    if not types or len(types) >= _ENOUGH:
        return
    place, first = pool.at("instance_types"), pool.at("instance_types", 0)
    if len(types) == 1 and first.is_written:
        place = first
    yield Finding(
        place,
        f"the Spot nodes of {pool} can only be {enumerated(types, 'or')}{'' if place.is_written else ', the default'}: "
        "when AWS takes them back, there is little or nothing else to ask for",
        label="one instance type" if len(types) == 1 else "few instance types",
        help="name several types of the same size, as m5.large, m5a.large, m6i.large, m6a.large",
        lower=int(len(types) > 1),
    )


def _of_karpenter(pool: KarpenterPool) -> Iterator[Finding]:
    capacity = capacity_types(pool)
    if "spot" not in capacity:
        return
    found = [each for each in (_named(pool), types_left(pool)) if each is not None]
    if not found:
        return
    index, types = min(found, key=lambda each: len(each[1]))
    if len(types) >= _ENOUGH_FOR_CONSOLIDATION:
        return
    place = pool.at("requirements", index, "key")
    if len(types) >= _ENOUGH_FOR_KARPENTER:
        if pool.kind == "karpenter":
            yield Finding(
                place,
                f"the Spot nodes of {pool} can be {len(types)} instance types: Karpenter replaces one by a cheaper "
                f"Spot node only where it has {_ENOUGH_FOR_CONSOLIDATION} to choose from",
                label=f"fewer than {_ENOUGH_FOR_CONSOLIDATION} instance types",
                help="require families or categories in place of types, if the feature gate SpotToSpotConsolidation "
                "is on",
                severity=Severity.INFO,
            )
        return
    yield Finding(
        place,
        f"the Spot nodes of {pool} can only be {enumerated(types, 'or')}: "
        "when AWS takes them back, there is little or nothing else to ask for",
        label="one instance type" if len(types) == 1 else "few instance types",
        help="require families or categories in place of types, so that Karpenter can choose",
        lower=int("on-demand" in capacity),
    )


def _named(pool: KarpenterPool) -> tuple[int, Sequence[str]] | None:
    """The requirement that names types, and which: some may be newer than the facts."""
    for index, requirement in enumerate(pool.requirements):
        if requirement.key == _TYPE_KEY and requirement.operator == "In" and requirement.values:
            return index, sorted(set(requirement.values))
    return None
