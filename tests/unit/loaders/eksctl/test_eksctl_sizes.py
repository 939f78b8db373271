import pytest
from eksctl_loading import UNKNOWN, group_of, line, managed, self_managed, value

KINDS = pytest.mark.parametrize("kind", ["managedNodeGroups", "nodeGroups"])


def bounds(pool):
    return tuple(value(pool, field) for field in ("min_size", "desired_size", "max_size"))


@KINDS
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", (2, 2, 2)),
        ("desiredCapacity: 3", (3, 3, 3)),
        ("minSize: 1", (1, 1, 1)),
        ("maxSize: 5", (2, 2, 5)),
        ("maxSize: 1", (2, 2, 1)),
        ("{minSize: 1, maxSize: 4}", (1, 1, 4)),
        ("{desiredCapacity: 3, maxSize: 4}", (3, 3, 4)),
        ("{desiredCapacity: 3, minSize: 1}", (1, 3, 3)),
        ("{minSize: 1, desiredCapacity: 2, maxSize: 3}", (1, 2, 3)),
        ("minSize: null", (2, 2, 2)),
        ("minSize: 2.0", (2, 2, 2)),
        ("minSize: ${MIN}", (UNKNOWN, UNKNOWN, UNKNOWN)),
        ("{minSize: 1, desiredCapacity: '${N}'}", (1, UNKNOWN, UNKNOWN)),
        ("{desiredCapacity: '${N}', maxSize: 9}", (UNKNOWN, UNKNOWN, 9)),
    ],
)
def test_sizes_follow_from_each_other(kind, fields, expected):
    assert bounds(group_of(fields.strip("{}").replace(", ", "\n"), kind)) == expected


def test_a_maximum_of_zero_becomes_one_in_managed_groups_only():
    assert bounds(managed("desiredCapacity: 0")) == (0, 0, 1)
    assert bounds(self_managed("desiredCapacity: 0")) == (0, 0, 0)
    assert bounds(managed("minSize: 0\nmaxSize: 0")) == (0, 0, 0)


def test_a_size_that_was_filled_in_is_not_written():
    pool = managed("desiredCapacity: 3")
    assert line(pool.at("desired_size")) == ("3", "desiredCapacity: 3")
    assert pool.at("desired_size").is_written
    assert line(pool.at("min_size")) == ("general", "- name: general")
    assert not pool.at("min_size").is_written


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", ["m5.large"]),
        ("instanceType: c5.xlarge", ["c5.xlarge"]),
        ("instanceTypes: [c5.large, c5a.large]", ["c5.large", "c5a.large"]),
        ("instanceSelector: {vCPUs: 2}", UNKNOWN),
        ("instanceSelector: {vCPUs: 2}\ninstanceTypes: [c5.large]", ["c5.large"]),
        ("instanceSelector: {}", ["m5.large"]),
        ("instanceType: ${TYPE}", UNKNOWN),
        ("instanceTypes: ${TYPES}", UNKNOWN),
        ("launchTemplate: {id: lt-1}", UNKNOWN),
        ("launchTemplate: {id: lt-1}\ninstanceTypes: [c5.large]", ["c5.large"]),
    ],
)
def test_instance_types_of_managed_groups(fields, expected):
    assert value(managed(fields), "instance_types") == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", ["m5.large"]),
        ("instanceType: c5.xlarge", ["c5.xlarge"]),
        ("instancesDistribution: {instanceTypes: [c5.large, c5a.large]}", ["c5.large", "c5a.large"]),
        ("instanceType: mixed\ninstancesDistribution: {instanceTypes: [c5.large]}", ["c5.large"]),
        ("instancesDistribution: {onDemandBaseCapacity: 1}", ["m5.large"]),
        ("instancesDistribution: ${MIX}", UNKNOWN),
        ("instanceSelector: {cpuArchitecture: arm64}", UNKNOWN),
        ("outpostARN: arn:aws:outposts:us-west-2:1:outpost/op-1", UNKNOWN),
        ("instanceTypes: [c5.large]", ["m5.large"]),
    ],
)
def test_instance_types_of_self_managed_groups(fields, expected):
    assert value(self_managed(fields), "instance_types") == expected


def test_an_unknown_item_leaves_the_others_known():
    types = managed("instanceTypes: [c5.large, '${SECOND}']").instance_types
    assert len(types) == 2
    assert types[0] == "c5.large"


def test_instance_selector_is_kept_as_requirements():
    pool = self_managed("instanceSelector: {vCPUs: 2, memory: '4', gpus: 0}")
    assert pool.instance_requirements == {"vCPUs": 2, "memory": "4", "gpus": 0}
    assert line(pool.at("instance_types"))[1].startswith("instanceSelector")
    assert managed("instanceSelector: {}").instance_requirements is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", "ON_DEMAND"),
        ("spot: true", "SPOT"),
        ("spot: false", "ON_DEMAND"),
        ("spot: ${SPOT}", UNKNOWN),
        ("instanceMarketOptions: {marketType: capacity-block}", "CAPACITY_BLOCK"),
    ],
)
def test_capacity_type_of_managed_groups(fields, expected):
    assert value(managed(fields), "capacity_type") == expected


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        ("instanceTypes: [a, b]", "ON_DEMAND"),
        ("instanceTypes: [a, b], onDemandPercentageAboveBaseCapacity: 0", "SPOT"),
        ("instanceTypes: [a, b], onDemandPercentageAboveBaseCapacity: 0, onDemandBaseCapacity: 1", "MIXED"),
        ("instanceTypes: [a, b], onDemandPercentageAboveBaseCapacity: 50", "MIXED"),
        ("instanceTypes: [a, b], onDemandBaseCapacity: 1", "ON_DEMAND"),
        ("onDemandPercentageAboveBaseCapacity: 0", "ON_DEMAND"),
        ("instanceTypes: ['${A}'], onDemandPercentageAboveBaseCapacity: 0", "SPOT"),
        ("instanceTypes: [a], onDemandPercentageAboveBaseCapacity: '${SHARE}'", UNKNOWN),
    ],
)
def test_capacity_type_of_self_managed_groups(distribution, expected):
    assert value(self_managed(f"instancesDistribution: {{{distribution}}}"), "capacity_type") == expected


def test_instances_distribution_has_the_defaults_of_auto_scaling():
    pool = self_managed("instancesDistribution: {instanceTypes: [a, b], maxPrice: 0.02, capacityRebalance: true}")
    assert pool.instances_distribution == {
        "onDemandBaseCapacity": 0,
        "onDemandPercentageAboveBaseCapacity": 100,
        "spotAllocationStrategy": "lowest-price",
        "maxPrice": 0.02,
    }
    assert pool.capacity_rebalance is True
    assert self_managed().instances_distribution is None
    assert managed("spot: true").instances_distribution is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", False),
        ("efaEnabled: true", True),
        ("efaEnabled: false", False),
        ("efaEnabled: ${EFA}", UNKNOWN),
        ("placement: {groupName: pg}", True),
        ("capacityReservation: {capacityReservationTarget: {capacityReservationID: cr-1}}", True),
        ("capacityReservation: {capacityReservationPreference: none}", False),
        ("capacityReservation: ${CR}", UNKNOWN),
        ("instanceMarketOptions: {marketType: capacity-block}", True),
        ("localZones: [us-west-2-lax-1a]", True),
        ("outpostARN: arn:aws:outposts:us-west-2:1:outpost/op-1", True),
    ],
)
def test_pinned_capacity(fields, expected):
    assert value(self_managed(fields), "is_pinned_capacity") == expected


def test_a_cluster_on_an_outpost_pins_its_groups():
    outpost = "outpost: {controlPlaneOutpostARN: 'arn:aws:outposts:us-west-2:1:outpost/op-1'}\n"
    pool = self_managed("", outpost)
    assert pool.is_pinned_capacity is True
    assert pool.volume_type == "gp2"
    assert value(pool, "instance_types") == UNKNOWN
