from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, nearest, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written

_DISTRIBUTION = "instancesDistribution"


@rule(Severity.ERROR, since="0.1.0", tags=("spot",), dialects=("eksctl",))
def eksctl_mixed_instances(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A node group of mixed instances lists no types or too many, or shares them out wrongly.

    ## Why is this bad?
    eksctl, and EC2 Auto Scaling after it, refuse such a group: one single `instanceType` beside a list of them, bases
    and percentages out of range, Spot pools with a strategy that chooses pools by itself, and unknown strategies.

    ## When it stays silent
    Managed groups, which have `instanceTypes` and `spot` in its place.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateInstancesDistribution
    - Amazon EC2 Auto Scaling API reference, InstancesDistribution
    """
    has_distribution = written.is_present(group, _DISTRIBUTION)
    has_selector = written.has_instance_selector(group)
    if group.is_managed or not (has_distribution or has_selector):
        return
    single = written.text(group, "instanceType")
    if single not in {"", eksctl_limits.MIXED_INSTANCES}:
        other = _DISTRIBUTION if has_distribution else "instanceSelector"
        yield Finding(
            group.at("instanceType"),
            f"{group} is of type {single}, and {other} chooses its types as well",
            label=f"beside {other}",
            help=f"remove instanceType, or write {eksctl_limits.MIXED_INSTANCES}",
            related=[(group.at(other, key=True), "chooses the types")],
        )
    if has_distribution:
        if not has_selector and not group.unknown("instanceSelector"):
            yield from _types(group)
        yield from _bounds(group)
        yield from _strategy(group)


def _types(group: EksctlNodeGroup) -> Iterator[Finding]:
    if written.is_empty(group, _DISTRIBUTION, "instanceTypes"):
        yield Finding(
            group.at(_DISTRIBUTION, key=True),
            f"{group} mixes instances, but lists no instance types",
            label="needs instanceTypes",
            help="list the types that the group may have",
            discriminator="types",
        )
    types = set(written.texts(group, _DISTRIBUTION, "instanceTypes"))
    if len(types) > eksctl_limits.MAXIMUM_MIXED_TYPES:
        yield Finding(
            group.at(_DISTRIBUTION, "instanceTypes", key=True),
            f"{group} lists {len(types)} instance types, and eksctl takes {eksctl_limits.MAXIMUM_MIXED_TYPES} at most",
            label="too many",
        )


def _bounds(group: EksctlNodeGroup) -> Iterator[Finding]:
    least, most = eksctl_limits.SPOT_INSTANCE_POOLS
    for field, low, high in (
        ("onDemandBaseCapacity", 0, None),
        ("onDemandPercentageAboveBaseCapacity", 0, 100),
        ("spotInstancePools", least, most),
    ):
        count = written.number(group, _DISTRIBUTION, field)
        if count is not None and (count < low or (high is not None and count > high)):
            allowed = f"between {low} and {high}" if high is not None else f"{low} or more"
            yield Finding(
                group.at(_DISTRIBUTION, field),
                f"{field} of {group} is {count}, and has to be {allowed}",
                label=f"not {allowed}",
            )


def _strategy(group: EksctlNodeGroup) -> Iterator[Finding]:
    if not written.is_present(group, _DISTRIBUTION, "spotAllocationStrategy"):
        return
    strategy = written.shown(group, _DISTRIBUTION, "spotAllocationStrategy")
    if strategy not in eksctl_limits.AUTO_SCALING_STRATEGIES:
        meant = nearest(strategy, eksctl_limits.AUTO_SCALING_STRATEGIES)
        yield Finding(
            group.at(_DISTRIBUTION, "spotAllocationStrategy"),
            f"{group} allocates Spot instances by {strategy}, which EC2 Auto Scaling does not know",
            label=f"did you mean {meant}?" if meant else "unknown strategy",
            help=f"it knows {enumerated(eksctl_limits.AUTO_SCALING_STRATEGIES)}",
        )
    if strategy in eksctl_limits.STRATEGIES_WITHOUT_POOLS and written.is_present(
        group, _DISTRIBUTION, "spotInstancePools"
    ):
        yield Finding(
            group.at(_DISTRIBUTION, "spotInstancePools", key=True),
            f"{group} limits its Spot pools, but the strategy {strategy} chooses pools by itself",
            label=f"not with {strategy}",
            help="remove spotInstancePools",
            related=[(group.at(_DISTRIBUTION, "spotAllocationStrategy"), "the strategy")],
            discriminator="strategy",
        )
