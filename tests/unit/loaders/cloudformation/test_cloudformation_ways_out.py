"""Where traffic leaves a VPC: routes, and endpoints in place of them."""

import pytest

from ekslint.model.network import Subnet
from unit.loaders.cloudformation.cloudformation_templates import UNKNOWN, cluster, entity, load, read

NETWORK = """
Parameters: {Mode: {Type: String}}
Conditions: {Open: !Equals [!Ref Mode, open]}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Cluster: {Type: AWS::EKS::Cluster, Properties: {ResourcesVpcConfig: {SubnetIds: [!Ref A]}}}
"""
OWN = "  Own: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref A, RouteTableId: !Ref Table}}\n"
ROUTE = "  Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.0.0.0/8}}\n"


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("", None),
        (OWN.replace("Type", "Condition: Open, Type"), None),
        (OWN, False),
        (OWN + ROUTE, True),
        (OWN + ROUTE.replace("!Ref Table", "!ImportValue table"), UNKNOWN),
        (OWN + ROUTE.replace("!Ref Table", "rtb-1"), False),
        (
            OWN + "  Nested: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Table: !Ref Table}}}\n",
            UNKNOWN,
        ),
        (OWN + "  Nested: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Subnet: !Ref A}}}\n", False),
        (
            OWN + "  Vpn: {Type: AWS::EC2::VPNGatewayRoutePropagation, Properties: {RouteTableIds: [!Ref Table]}}\n",
            True,
        ),
        (
            OWN + "  Vpn: {Type: AWS::EC2::VPNGatewayRoutePropagation, Properties: {RouteTableIds: !Ref Mode}}\n",
            UNKNOWN,
        ),
    ],
)
def test_whether_a_route_leads_out_of_the_vpc(resources: str, expected: object) -> None:
    subnet = entity(load(NETWORK + resources), Subnet, "A")
    assert read(subnet, "leads_outside") == expected


def test_a_route_under_a_condition_is_a_choice() -> None:
    subnet = entity(load(NETWORK + OWN + ROUTE.replace("Type", "Condition: Open, Type")), Subnet, "A")
    found = subnet.reading("leads_outside")
    assert found is not None
    assert (found.value.if_true.value, found.value.if_false.value) == (True, False)


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("com.amazonaws.eu-west-1.ecr.api", "ecr.api"),
        ("!Sub 'com.amazonaws.${AWS::Region}.s3'", "s3"),
        ("cn.com.amazonaws.cn-north-1.ec2", "ec2"),
        ("!Sub 'com.amazonaws.${AWS::Region}.${Mode}'", UNKNOWN),
        ("!Ref Mode", UNKNOWN),
    ],
)
def test_the_service_of_an_endpoint(service: str, expected: object) -> None:
    endpoint = f"  E: {{Type: AWS::EC2::VPCEndpoint, Properties: {{VpcId: !Ref Vpc, ServiceName: {service}}}}}\n"
    network = cluster(NETWORK + endpoint).network
    assert network is not None
    assert read(network, "endpoints", 0) == expected


def test_endpoints_of_other_networks_and_of_who_knows_which() -> None:
    def endpoints(place: str) -> object:
        service = "com.amazonaws.eu-west-1.ec2"
        endpoint = f"  E: {{Type: AWS::EC2::VPCEndpoint, Properties: {{VpcId: {place}, ServiceName: {service}}}}}\n"
        network = cluster(NETWORK + endpoint).network
        assert network is not None
        return read(network, "endpoints", 0) if place.startswith("!") else network.endpoints

    assert endpoints("vpc-1") == ()
    assert endpoints("!ImportValue vpc") == UNKNOWN
