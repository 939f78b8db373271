"""Subnets, zones, routes, NAT gateways and security groups."""

import pytest
from cloudformation_templates import UNKNOWN, answers, cluster, entity, group, line, load, read

from ekslint.model.network import IngressRule, NatGateway, SecurityGroup, Subnet


def zones_of(a: str, b: str, parameters: str = "") -> object:
    pool = group(f"""
Parameters:
  Open: {{Type: String}}
  Other: {{Type: String}}
  Zones: {{Type: "List<AWS::EC2::AvailabilityZone::Name>"}}
  Names: {{Type: CommaDelimitedList}}
{parameters}
Resources:
  A:
    Type: AWS::EC2::Subnet
    Properties:
      AvailabilityZone: {a}
  B:
    Type: AWS::EC2::Subnet
    Properties:
      AvailabilityZone: {b}
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      Subnets: [!Ref A, !Ref B]
""")
    return read(pool, "availability_zones")


@pytest.mark.parametrize(
    ("a", "b", "zones"),
    [
        ("us-east-1a", "us-east-1b", ("us-east-1a", "us-east-1b")),
        ("us-east-1a", "us-east-1a", ("us-east-1a",)),
        ('!Select [0, !GetAZs ""]', '!Select [1, !GetAZs ""]', ("zone #0", "zone #1")),
        ('!Select [0, !GetAZs ""]', "!Select [0, !GetAZs {Ref: 'AWS::Region'}]", ("zone #0",)),
        (
            '!Select ["0", !GetAZs us-east-1]',
            '!Select ["1", !GetAZs us-east-1]',
            ("zone #0 of us-east-1", "zone #1 of us-east-1"),
        ),
        ("!Sub ${AWS::Region}a", "!Sub ${AWS::Region}b", ("zone #a", "zone #b")),
        ("!Sub ${AWS::Region}a", "!Join ['', [!Ref AWS::Region, a]]", ("zone #a",)),
        ("!Select [0, !Ref Zones]", "!Select [1, !Ref Zones]", ("zone #0 of Zones", "zone #1 of Zones")),
        ("!Select [0, !Ref Names]", "!Select [1, !Ref Names]", UNKNOWN),
        ("!Ref Open", "!Ref Other", UNKNOWN),
        ("us-east-1a", '!Select [0, !GetAZs ""]', UNKNOWN),
        ("!Sub ${AWS::Region}a", '!Select [0, !GetAZs ""]', UNKNOWN),
        ("us-east-1a", "!Ref AWS::NoValue", UNKNOWN),
        ("us-east-1a", "!GetAtt A.AvailabilityZone", ("us-east-1a",)),
        ("!Select [0, !GetAZs '']", "!GetAtt A.AvailabilityZone", ("zone #0",)),
    ],
)
def test_which_zones_are_certainly_different(a: str, b: str, zones: object) -> None:
    assert zones_of(a, b) == zones


def with_subnets(subnets: str) -> str:
    return f"""
Parameters:
  One: {{Type: AWS::EC2::Subnet::Id}}
  Several: {{Type: "List<AWS::EC2::Subnet::Id>"}}
  Known: {{Type: "List<AWS::EC2::Subnet::Id>", Default: "subnet-1,subnet-2"}}
  Switch: {{Type: String}}
Conditions: {{On: !Equals [!Ref Switch, "on"]}}
Resources:
  A: {{Type: AWS::EC2::Subnet, Properties: {{AvailabilityZone: !Select [0, !GetAZs ""]}}}}
  B: {{Type: AWS::EC2::Subnet, Properties: {{AvailabilityZone: !Select [1, !GetAZs ""]}}}}
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      Subnets: {subnets}
"""


def test_one_subnet_is_one_zone_whichever() -> None:
    pool = group(with_subnets("[!Ref One]"))
    assert pool.availability_zones is not None
    assert len(pool.availability_zones) == 1
    [subnet] = pool.subnets
    assert (str(subnet), subnet.availability_zone, subnet.is_public) == ("subnet One", None, None)
    assert subnet.unknown("identifier")
    again = group(with_subnets("[!Ref One, !Ref One]"))
    assert again.availability_zones is not None
    assert len(again.availability_zones) == 1


def test_subnets_by_default_and_by_name() -> None:
    pool = group(with_subnets("!Ref Known"))
    assert [subnet.identifier for subnet in pool.subnets] == ["subnet-1", "subnet-2"]
    assert pool.at("subnets", 0).by_default == "Known"
    assert read(pool, "availability_zones") == UNKNOWN
    assert pool.uses_private_networking is None
    assert group(with_subnets("!Ref Several")).unknown("subnets")


def test_conditional_subnets() -> None:
    loaded = load(with_subnets("[!Ref A, !If [On, !Ref B, !Ref AWS::NoValue]]"))
    pool = loaded.pools[0][0]
    assert answers(loaded.world, lambda: (len(pool.subnets), tuple(pool.availability_zones))) == {
        (2, ("zone #0", "zone #1")),
        (1, ("zone #0",)),
    }


VPC = """
Parameters: {Gateway: {Type: String}}
Conditions: {Nat: !Equals [!Ref Gateway, nat]}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Igw: {Type: AWS::EC2::InternetGateway}
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public}}
  Public:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, AvailabilityZone: us-east-1a, MapPublicIpOnLaunch: true}
  PrivateA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, AvailabilityZone: us-east-1a}}
  PrivateB: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, AvailabilityZone: us-east-1b}}
  Lost: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
  Maybe: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
  PublicTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  PrivateTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  MaybeTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  R1:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref PublicTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}
  R2:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref PrivateTable, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
  R3:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref MaybeTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  A1:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref PublicTable}
  A2:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref PrivateA, RouteTableId: !Ref PrivateTable}
  A3:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Condition: Nat
    Properties: {SubnetId: !Ref PrivateB, RouteTableId: !Ref PrivateTable}
  A4:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Maybe, RouteTableId: !Ref MaybeTable}
  Cluster:
    Type: AWS::EKS::Cluster
    Properties: {ResourcesVpcConfig: {SubnetIds: [!Ref PrivateA, !Ref PrivateB]}}
"""


def test_which_subnets_are_public() -> None:
    loaded = load(VPC)
    seen = {each.identifier: read(each, "is_public") for each in loaded.entities if isinstance(each, Subnet)}
    assert seen == {"Public": True, "PrivateA": False, "PrivateB": False, "Lost": None, "Maybe": UNKNOWN}
    assert entity(loaded, Subnet, "Public").assigns_public_addresses
    assert entity(loaded, Subnet, "PrivateA").assigns_public_addresses is False


def test_whom_a_nat_gateway_serves() -> None:
    loaded = load(VPC)
    gateway = entity(loaded, NatGateway, "Nat")
    assert gateway.subnet is entity(loaded, Subnet, "Public")
    served = answers(loaded.world, lambda: tuple(subnet.identifier for subnet in gateway.serves))
    assert served == {("PrivateA", "PrivateB"), ("PrivateA",)}


def test_the_vpc_of_a_cluster() -> None:
    network = cluster(VPC).network
    assert network is not None
    assert (network.identifier, network.dns_hostnames, network.dns_support) == ("Vpc", False, True)
    assert [gateway.name for gateway in network.nat_gateways] == ["Nat"]
    assert {subnet.identifier for subnet in network.possible_items("private_subnets")} == {"PrivateA", "PrivateB"}
    assert {subnet.identifier for subnet in network.possible_items("public_subnets")} == {"Public"}
    assert cluster(VPC.replace("SubnetIds: [!Ref PrivateA, !Ref PrivateB]", "SubnetIds: [subnet-1]")).network is None


def test_a_local_zone_pins_capacity() -> None:
    pool = group("""
Resources:
  A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: us-west-2-lax-1a}}
  Workers: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: shop, Subnets: [!Ref A]}}
""")
    assert pool.is_pinned_capacity


def test_security_groups() -> None:
    loaded = load("""
Parameters: {Open: {Type: String}}
Resources:
  Cluster: {Type: AWS::EKS::Cluster, Properties: {Name: shop}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: vpc-1
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
        - {IpProtocol: "-1", SourceSecurityGroupId: !Ref Open}
      Tags: [{Key: !Sub "kubernetes.io/cluster/${Cluster}", Value: owned}]
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !GetAtt Group.GroupId
      IpProtocol: tcp
      FromPort: 443
      ToPort: 443
      SourceSecurityGroupId: !Ref Group
""")
    found = entity(loaded, SecurityGroup, "Group")
    assert found.ingress[0] == IngressRule("tcp", 22, 22, "0.0.0.0/0")
    assert read(found, "ingress", 1) == UNKNOWN
    assert found.ingress[2] == IngressRule("tcp", 443, 443, "Group")
    assert found.tags == {"kubernetes.io/cluster/shop": "owned"}
    assert line(found.at("ingress", 0)).startswith("- {IpProtocol: tcp, FromPort: 22")
    assert line(found.at("ingress", 2)).startswith("Properties:")


def test_nothing_but_a_network_is_nobody_s_business() -> None:
    text = VPC[: VPC.index("  Cluster:")] + "# eks"
    assert load(text).entities == []
