import pytest
from eksctl_loading import HEADER, UNKNOWN, cluster_of, line, load, managed, self_managed, value

VPC = """\
vpc:
  id: vpc-1
  subnets:
    public:
      eu-west-1a: {id: subnet-a}
      eu-west-1b: {id: subnet-b}
    private:
      one:
        id: subnet-1
        az: eu-west-1a
        cidr: 10.0.1.0/24
      two:
        id: subnet-2
        az: eu-west-1b
      three: {id: subnet-3}
"""


def names(subnets):
    return [str(subnet) for subnet in subnets]


def test_the_network_of_a_new_cluster():
    network = cluster_of("nodeGroups: [{name: a}]").network
    assert (str(network), network.resource) == ("VPC of cluster shop", "VPC")
    assert (network.identifier, network.cidr, network.nat_gateway_mode) == (None, "192.168.0.0/16", "Single")
    assert list(network.public_subnets) == []


def test_the_network_of_an_existing_vpc():
    network = cluster_of(VPC).network
    assert (str(network), network.identifier) == ("VPC vpc-1", "vpc-1")
    assert (network.cidr, network.nat_gateway_mode) == (None, None)
    assert names(network.public_subnets) == ["subnet eu-west-1a", "subnet eu-west-1b"]
    assert names(network.private_subnets) == ["subnet one", "subnet two", "subnet three"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("vpc: {nat: {gateway: HighlyAvailable}}", "HighlyAvailable"),
        ("vpc: {nat: {gateway: Disable}}", "Disable"),
        ("vpc: {cidr: 10.0.0.0/16}", "Single"),
        ("vpc: {nat: {}}", "Single"),
        ("vpc: {nat: {gateway: '${NAT}'}}", UNKNOWN),
        ("privateCluster: {enabled: true}", None),
        ("privateCluster: {enabled: '${PRIVATE}'}", UNKNOWN),
        ("vpc: ${VPC}", UNKNOWN),
    ],
)
def test_nat_gateways(body, expected):
    assert value(cluster_of(body).network, "nat_gateway_mode") == expected


def test_subnets_know_their_zone_and_side():
    network = cluster_of(VPC).network
    one, _, three = network.private_subnets
    a, _ = network.public_subnets
    assert (one.identifier, one.availability_zone, one.cidr) == ("subnet-1", "eu-west-1a", "10.0.1.0/24")
    assert (one.is_public, one.network) == (False, "vpc-1")
    assert (a.identifier, a.availability_zone, a.is_public) == ("subnet-a", "eu-west-1a", True)
    assert three.availability_zone is None
    assert line(one.at("availability_zone")) == ("eu-west-1a", "az: eu-west-1a")
    assert line(a.at("availability_zone")) == ("eu-west-1a", "eu-west-1a: {id: subnet-a}")
    assert line(network.at("private_subnets", 1)) == ("two", "two:")


def test_a_subnet_without_an_id_goes_by_its_alias():
    [subnet] = cluster_of("vpc: {subnets: {private: {data: {cidr: 10.0.0.0/24}}}}").network.private_subnets
    assert (subnet.identifier, subnet.availability_zone) == ("data", None)


@pytest.mark.parametrize(
    ("fields", "subnets", "zones"),
    [
        ("privateNetworking: true", [], None),
        ("availabilityZones: [eu-west-1a]", [], ["eu-west-1a"]),
        ("localZones: [us-west-2-lax-1a]", [], ["us-west-2-lax-1a"]),
        ("privateNetworking: true\nsubnets: [one]", ["subnet one"], ["eu-west-1a"]),
        (
            "privateNetworking: true\nsubnets: [subnet-1, two]",
            ["subnet one", "subnet two"],
            ["eu-west-1a", "eu-west-1b"],
        ),
        ("subnets: [subnet-a, eu-west-1b]", ["subnet eu-west-1a", "subnet eu-west-1b"], ["eu-west-1a", "eu-west-1b"]),
        ("subnets: [eu-west-1a, one]", ["subnet eu-west-1a", "subnet one"], ["eu-west-1a"]),
    ],
)
def test_subnets_and_zones_of_a_group(fields, subnets, zones):
    pool = self_managed(fields, VPC)
    assert names(pool.subnets) == subnets
    assert value(pool, "availability_zones") == zones


def test_zones_that_nothing_tells_are_counted():
    pool = managed("subnets: [subnet-x, subnet-y]", VPC)
    assert names(pool.subnets) == ["subnet subnet-x", "subnet subnet-y"]
    assert len(pool.availability_zones) == 2
    assert value(pool, "availability_zones", 0) == UNKNOWN
    assert len(managed("subnets: [subnet-x]", VPC).availability_zones) == 1
    mixed = managed("subnets: [eu-west-1a, '${SUBNET}']", VPC)
    assert mixed.availability_zones[0] == "eu-west-1a"
    assert value(mixed, "availability_zones", 1) == UNKNOWN
    assert value(managed("subnets: ${SUBNETS}", VPC), "availability_zones") == UNKNOWN


def test_zones_point_at_what_tells_them():
    pool = managed("privateNetworking: true\nsubnets: [two, one]", VPC)
    assert line(pool.at("availability_zones", 0)) == ("eu-west-1b", "az: eu-west-1b")
    assert line(pool.at("availability_zones", 1)) == ("eu-west-1a", "az: eu-west-1a")
    assert line(pool.at("subnets", 0)) == ("two", "subnets: [two, one]")
    zoned = managed("availabilityZones:\n  - eu-west-1a\n  - eu-west-1c")
    assert line(zoned.at("availability_zones", 1)) == ("eu-west-1c", "- eu-west-1c")
    assert line(managed().at("availability_zones")) == ("general", "- name: general")


def test_the_same_unlisted_subnet_is_one_entity():
    loaded = load(HEADER + "nodeGroups: [{name: a, subnets: [subnet-x]}, {name: b, subnets: [subnet-x]}]")
    first, second = (pool.subnets[0] for pool, _ in loaded.pools)
    assert first is second
    assert sum(entity is first for entity in loaded.entities) == 1


def test_private_networking():
    assert managed().uses_private_networking is False
    assert managed("privateNetworking: true").uses_private_networking is True
    assert value(managed("privateNetworking: ${P}"), "uses_private_networking") == UNKNOWN


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("vpc: {controlPlaneSubnetIDs: [subnet-1, subnet-9]}", ["subnet subnet-1", "subnet subnet-9"]),
        (VPC, ["subnet eu-west-1a", "subnet eu-west-1b", "subnet one", "subnet two", "subnet three"]),
        (VPC + "  controlPlaneOnPrivateSubnets: true\n", ["subnet one", "subnet two", "subnet three"]),
        (VPC + "  controlPlaneSubnetIDs: [subnet-2]\n", ["subnet two"]),
        ("", []),
    ],
)
def test_subnets_of_the_control_plane(body, expected):
    assert names(cluster_of(body).subnets) == expected


def test_zones_of_the_cluster():
    assert value(cluster_of("availabilityZones: [eu-west-1a, eu-west-1b]"), "availability_zones") == [
        "eu-west-1a",
        "eu-west-1b",
    ]
    assert cluster_of("").availability_zones is None
    assert cluster_of(VPC).availability_zones is None  # of subnet three nothing tells
    known = "vpc: {subnets: {private: {eu-west-1c: {id: s-1}, eu-west-1a: {id: s-2}}}}"
    assert value(cluster_of(known), "availability_zones") == ["eu-west-1c", "eu-west-1a"]
    assert value(cluster_of("vpc: {subnets: '${SUBNETS}'}"), "availability_zones") == UNKNOWN


def test_templated_subnets():
    cluster = cluster_of("vpc: {subnets: {private: {'${ZONE}': {id: s-1}, eu-west-1a: {id: '${ID}'}}}}")
    [subnet, *_] = cluster.network.possible_items("private_subnets")
    assert value(subnet, "identifier") == UNKNOWN
    assert value(cluster, "availability_zones") == UNKNOWN
    assert value(cluster_of("vpc: {id: '${VPC}'}").network, "identifier") == UNKNOWN


@pytest.mark.parametrize(
    ("body", "public", "private"),
    [
        ("", True, False),
        ("vpc: {clusterEndpoints: {privateAccess: true}}", True, True),
        ("vpc: {clusterEndpoints: {publicAccess: false, privateAccess: true}}", False, True),
        ("privateCluster: {enabled: true}", False, True),
        ("outpost: {controlPlaneOutpostARN: arn}", False, True),
        ("vpc: {clusterEndpoints: {publicAccess: '${P}'}}", UNKNOWN, False),
        ("privateCluster: {enabled: '${P}'}", UNKNOWN, UNKNOWN),
    ],
)
def test_endpoints(body, public, private):
    cluster = cluster_of(body)
    assert (value(cluster, "public_access"), value(cluster, "private_access")) == (public, private)


def test_endpoints_point_at_the_nearest_key():
    assert line(cluster_of("vpc:\n  cidr: 10.0.0.0/16\n").at("public_access"))[1] == "vpc:"
    cluster = cluster_of("vpc:\n  clusterEndpoints:\n    publicAccess: true\n")
    assert line(cluster.at("public_access")) == ("true", "publicAccess: true")
    assert line(cluster.at("private_access"))[1] == "clusterEndpoints:"


def test_access_and_security_groups():
    cluster = cluster_of("vpc: {publicAccessCIDRs: [10.0.0.0/8], securityGroup: sg-1}")
    assert value(cluster, "public_access_cidrs") == ["10.0.0.0/8"]
    assert value(cluster, "security_groups") == ["sg-1"]
    assert cluster_of("").public_access_cidrs is None
    several = cluster_of("vpc: {controlPlaneSecurityGroupIDs: [sg-1, sg-2]}")
    assert value(several, "security_groups") == ["sg-1", "sg-2"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "IPv4"),
        ("kubernetesNetworkConfig: {ipFamily: IPv6}", "IPv6"),
        ("kubernetesNetworkConfig: {ipFamily: ipv6}", "IPv6"),
        ("kubernetesNetworkConfig: {ipFamily: IPv9}", "IPv9"),
        ("kubernetesNetworkConfig: {ipFamily: '${IP}'}", UNKNOWN),
    ],
)
def test_ip_family(body, expected):
    assert value(cluster_of(body), "ip_family") == expected


def test_service_cidr():
    assert cluster_of("kubernetesNetworkConfig: {serviceIPv4CIDR: 10.100.0.0/16}").service_cidr == "10.100.0.0/16"
