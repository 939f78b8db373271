"""How many nodes a group has, of which instance types, and how they are bought.

Source: eksctl 0.231 `pkg/apis/eksctl.io/v1alpha5/validation.go` (sizes of managed groups),
`pkg/cfn/builder/nodegroup.go` (sizes and mixed instances of self-managed ones), `pkg/eks/nodegroup_service.go`
(instance types).
"""

from ekslint.facts import eksctl_defaults as defaults
from ekslint.loaders.eksctl.decoding import mapping, sequence
from ekslint.loaders.eksctl.fields import Fields, derived, is_known
from ekslint.model.reading import PartialSequence, Reading, Unknown

_CAPACITY_BLOCK = "capacity-block"
_EVERYTHING_ON_DEMAND = 100
_MIXED = "mixed"
_RESERVATIONS = ("capacityReservationID", "capacityReservationResourceGroupARN")
_SELECTORS = ("vCPUs", "memory", "gpus", "neuron_devices", "cpuArchitecture", "allow", "deny")


def sizes(fields: Fields, *, managed: bool) -> dict[str, Reading]:
    """`min_size`, `desired_size` and `max_size`, filled in from each other as eksctl does."""
    minimum, desired, maximum = (fields.integer(key) for key in ("minSize", "desiredCapacity", "maxSize"))
    lower = minimum
    if minimum.value is None:
        lower = Reading(defaults.NODE_COUNT if desired.value is None else desired.value, minimum.source)
    upper = maximum
    if maximum.value is None:
        filled = lower.value if desired.value is None else desired.value
        upper = Reading(defaults.LEAST_MAX_SIZE if managed and filled == 0 else filled, maximum.source)
    wanted = desired if desired.value is not None else Reading(lower.value, desired.source)
    return {"min_size": lower, "desired_size": wanted, "max_size": upper}


def instance_requirements(fields: Fields) -> Reading:
    """`instanceSelector` as a mapping, None if it selects nothing."""
    written = fields.inline("instanceSelector")
    selector = fields.section("instanceSelector")
    return written if selector.has_any(*_SELECTORS) else Reading(None, written.source)


def instance_types(
    fields: Fields, requirements: Reading, external: Reading | None, on_outpost: Reading, *, managed: bool
) -> Reading:
    """The instance types, in order; unknown where a selector or a launch template decides."""
    several = (
        fields.texts("instanceTypes") if managed else fields.section("instancesDistribution").texts("instanceTypes")
    )
    if not is_known(several) or several.value:
        return several
    single = fields.text("instanceType")
    if single.value == _MIXED and not managed:
        single = Reading(None, single.source)  # what eksctl writes there itself
    if single.value is not None:
        return sequence([single], single.source) if is_known(single) else single
    if requirements.value is not None:
        return Reading(Unknown("the instance selector decides when eksctl runs"), requirements.source)
    if external is not None:
        return external
    if on_outpost.value:
        why = on_outpost.value if not is_known(on_outpost) else Unknown("the Outpost decides what it has")
        return Reading(why, single.source)
    default = Reading(defaults.INSTANCE_TYPE, single.source)
    return sequence([default], single.source)


def capacity_type(fields: Fields, requirements: Reading, *, managed: bool) -> Reading:
    """ON_DEMAND, SPOT, CAPACITY_BLOCK, or MIXED for both in one Auto Scaling group."""
    market = fields.section("instanceMarketOptions").text("marketType")
    if market.value == _CAPACITY_BLOCK:
        return Reading("CAPACITY_BLOCK", market.source)
    if not is_known(market):
        return market
    if managed:
        spot = fields.boolean("spot", default=False)
        return derived(lambda is_spot: "SPOT" if is_spot else "ON_DEMAND", spot)
    distribution = instances_distribution(fields, requirements)
    if distribution.value is None:
        return Reading("ON_DEMAND", distribution.source)
    parts = distribution.parts
    if parts is None:
        return distribution
    return derived(_mixture, parts["onDemandPercentageAboveBaseCapacity"], parts["onDemandBaseCapacity"])


def _mixture(share: int, base: int) -> str:
    if share >= _EVERYTHING_ON_DEMAND:
        return "ON_DEMAND"
    return "SPOT" if share <= 0 and base <= 0 else "MIXED"


def pinned_capacity(fields: Fields, on_outpost: Reading) -> Reading:
    """Whether something ties the group to one place or a fixed size on purpose."""
    hole = fields.unknown()
    if hole is not None:
        return hole
    target = fields.section("capacityReservation", "capacityReservationTarget")
    reasons = (
        derived(bool, fields.boolean("efaEnabled")),
        Reading(fields.has("placement"), fields.source("placement")),
        target.unknown() or Reading(target.has_any(*_RESERVATIONS), target.source()),
        derived(lambda market: market == _CAPACITY_BLOCK, fields.section("instanceMarketOptions").text("marketType")),
        Reading(fields.has("localZones"), fields.source("localZones")),
        Reading(fields.has("outpostARN"), fields.source("outpostARN")),
        on_outpost,
    )
    certain = next((reason for reason in reasons if reason.value is True), None)
    doubtful = next((reason for reason in reasons if not is_known(reason)), None)
    return certain or doubtful or Reading(False, fields.source("placement"))


def reservation_target(fields: Fields, external: Reading | None) -> Reading:
    """`one` or `several`: whether the group names a capacity reservation, or a group of them; None if neither."""
    target = fields.section("capacityReservation", "capacityReservationTarget")
    hole = target.unknown()
    if hole is not None:
        return hole
    for kind, key in zip(("one", "several"), _RESERVATIONS, strict=True):
        if target.has(key):
            return Reading(kind, target.source(key))
    return external or Reading(None, target.source())


def instances_distribution(fields: Fields, requirements: Reading) -> Reading:
    """What mixes on-demand and Spot in a self-managed group; None without a choice of instance types."""
    distribution = fields.section("instancesDistribution")
    types = distribution.texts("instanceTypes")
    if not is_known(types):
        return Reading(types.value, distribution.source())
    if not (isinstance(types.value, PartialSequence) or types.value or requirements.value is not None):
        return Reading(None, distribution.source())
    strategy = distribution.text("spotAllocationStrategy", default=defaults.SPOT_ALLOCATION_STRATEGY)
    settings = {
        "onDemandBaseCapacity": distribution.integer("onDemandBaseCapacity", default=0),
        "onDemandPercentageAboveBaseCapacity": distribution.integer(
            "onDemandPercentageAboveBaseCapacity", default=_EVERYTHING_ON_DEMAND
        ),
        "spotAllocationStrategy": strategy,
        "spotInstancePools": distribution.integer("spotInstancePools"),
        "maxPrice": distribution.number("maxPrice"),
    }
    given = {key: reading for key, reading in settings.items() if reading.value is not None}
    return mapping(given, distribution.source())
