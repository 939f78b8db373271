"""Which instance types an Auto Scaling group takes, and how much of it is Spot."""

from collections.abc import Sequence

from ekslint.facts.eksctl_defaults import SPOT_ALLOCATION_STRATEGY
from ekslint.loaders.cloudformation import machines
from ekslint.loaders.cloudformation.fields import in_camel_case, integer, listed, mapping_of, sequence_of, text
from ekslint.loaders.cloudformation.launches import is_given
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import Listed, combined, for_each_branch, mapped, otherwise
from ekslint.model.reading import Reading, Unknown

_POLICY = "MixedInstancesPolicy"
_DISTRIBUTION = "InstancesDistribution"
_EVERYTHING_ON_DEMAND = 100
_BY_ATTRIBUTES = Unknown("EC2 chooses the instance types by their attributes")


def instance_types(resource: Resource, launch: Reading) -> tuple[Reading, Reading]:
    """`instance_requirements` and `instance_types`."""
    overrides = listed(resource.get(_POLICY, "LaunchTemplate", "Overrides"))

    def first_requirements(leaf: Reading) -> Reading:
        value: Listed = leaf.value
        found = [in_camel_case(member(item, "InstanceRequirements")) for item in value.items]
        absent = Reading(None, leaf.source)
        return combined(found, lambda each: next((r for r in each if r.value is not None), absent), leaf.source)

    of_launch = mapped(launch, lambda leaf: in_camel_case(leaf.value.get("InstanceRequirements")))
    requirements = otherwise(mapped(overrides, first_requirements), lambda: of_launch)

    def of_overrides(leaf: Reading) -> Reading:
        value: Listed = leaf.value
        types = [text(member(item, "InstanceType")) for item in value.items]
        given = sequence_of(types, leaf.source, value.open)
        # Overrides that only weigh or select by attributes leave the type to the launch template.
        return given if any(each.value is not None for each in types) else Reading(None, leaf.source)

    def by_requirements() -> Reading:
        def choose(leaf: Reading) -> Reading:
            if leaf.value is not None:
                return Reading(_BY_ATTRIBUTES, leaf.source)
            alone = mapped(launch, lambda each: machines.single_type(each.value))
            return otherwise(alone, lambda: Reading(Unknown("no instance type is given"), leaf.source))

        return for_each_branch(requirements, choose)

    return requirements, otherwise(mapped(overrides, of_overrides), by_requirements)


def capacity_type(resource: Resource, launch: Reading) -> Reading:
    """ON_DEMAND, SPOT, CAPACITY_BLOCK, or MIXED."""
    policy = resource.get(_POLICY)
    settings = (member(policy, _DISTRIBUTION, key) for key in _NUMBERS)
    base, share = (integer(each) for each in settings)

    def mixed() -> Reading:
        return combined([base, share], _mixture, share.source)

    def plain() -> Reading:
        return mapped(launch, lambda leaf: _market(leaf))

    return for_each_branch(policy, lambda leaf: plain() if leaf.value is None else mixed())


_NUMBERS = ("OnDemandBaseCapacity", "OnDemandPercentageAboveBaseCapacity")


def _mixture(readings: Sequence[Reading]) -> Reading:
    base, share = readings
    percentage = _EVERYTHING_ON_DEMAND if share.value is None else share.value
    place = share if share.value is not None else base
    if isinstance(percentage, Unknown):
        return share
    if percentage >= _EVERYTHING_ON_DEMAND:
        return Reading("ON_DEMAND", place.source)
    if percentage > 0:
        return Reading("MIXED", place.source)
    if isinstance(base.value, Unknown):
        return base
    return Reading("MIXED" if base.value else "SPOT", place.source)


def _market(leaf: Reading) -> Reading:
    market = text(leaf.value.get("InstanceMarketOptions", "MarketType"))
    price = is_given(leaf.value.get("SpotPrice"))

    def name(readings: Sequence[Reading]) -> Reading:
        kind, by_price = readings
        if isinstance(kind.value, Unknown):
            return kind
        if by_price.value is True:
            return Reading("SPOT", by_price.source)
        words = {"spot": "SPOT", "capacity-block": "CAPACITY_BLOCK"}
        return Reading(words.get(str(kind.value), "ON_DEMAND"), kind.source)

    return combined([market, price], name, market.source)


def instances_distribution(resource: Resource) -> Reading:
    """The distribution, with the API's defaults; absent without a MixedInstancesPolicy."""
    policy = resource.get(_POLICY)

    def convert(leaf: Reading) -> Reading:
        distribution = member(leaf, _DISTRIBUTION)
        base, share = (integer(member(distribution, key)) for key in _NUMBERS)
        strategy = text(member(distribution, "SpotAllocationStrategy"))
        items = {
            "onDemandBaseCapacity": otherwise(base, lambda: Reading(0, base.source)),
            "onDemandPercentageAboveBaseCapacity": otherwise(
                share, lambda: Reading(_EVERYTHING_ON_DEMAND, share.source)
            ),
            "spotAllocationStrategy": otherwise(strategy, lambda: Reading(SPOT_ALLOCATION_STRATEGY, strategy.source)),
            "spotInstancePools": integer(member(distribution, "SpotInstancePools")),
            "maxPrice": text(member(distribution, "SpotMaxPrice")),
        }
        return mapping_of(items, distribution.source)

    return mapped(policy, convert)
