"""Templates that nobody means well with: they load, and say that they are unknown."""

import json
from typing import Any

import pytest
from cloudformation_templates import UNKNOWN, load, look_at_everything, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KINDS = (
    *("AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "AWS::EKS::FargateProfile", "AWS::EKS::Addon"),
    *("AWS::EKS::AccessEntry", "AWS::EKS::PodIdentityAssociation", "AWS::AutoScaling::AutoScalingGroup"),
    *("AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration", "AWS::EC2::Instance", "AWS::IAM::Role"),
    *("AWS::IAM::ManagedPolicy", "AWS::IAM::InstanceProfile", "AWS::EC2::Subnet", "AWS::EC2::Route"),
    *("AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::NatGateway", "AWS::EC2::SecurityGroup"),
    *("AWS::EC2::SecurityGroupIngress", "AWS::Logs::LogGroup", "AWS::IAM::OIDCProvider"),
    *("AWS::AutoScaling::ScalingPolicy", "AWS::CloudFormation::Stack", "Custom::X", "AWSQS::EKS::Cluster"),
)
PROPERTIES = (
    *("Name", "ClusterName", "NodegroupName", "NodeRole", "Subnets", "LaunchTemplate", "ScalingConfig", "Labels"),
    *("Taints", "InstanceTypes", "RemoteAccess", "UpdateConfig", "Tags", "ResourcesVpcConfig", "ComputeConfig"),
    *("EncryptionConfig", "Logging", "KubernetesNetworkConfig", "Selectors", "AddonName", "PodIdentityAssociations"),
    *("PrincipalArn", "AccessPolicies", "MixedInstancesPolicy", "VPCZoneIdentifier", "AvailabilityZones", "MinSize"),
    *("LaunchTemplateData", "UserData", "BlockDeviceMappings", "NetworkInterfaces", "IamInstanceProfile"),
    *("ManagedPolicyArns", "Policies", "AssumeRolePolicyDocument", "PolicyDocument", "Roles", "RoleName"),
    *("AvailabilityZone", "RouteTableId", "SubnetId", "GatewayId", "NatGatewayId", "DestinationCidrBlock"),
    *("SecurityGroupIngress", "GroupId", "IpProtocol", "FromPort", "LogGroupName", "Url", "Version", "AmiType"),
)
WRONG = ["text", [], {}, [[]], [{}], {"a": {"b": []}}, None, "", [None], {"Ref": "R0"}, {"Fn::GetAtt": "R0.Arn"}]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", WRONG, ids=[json.dumps(each) for each in WRONG])
def test_properties_of_wrong_types(kind: str, wrong: object) -> None:
    resources: dict[str, Any] = {"R0": {"Type": kind, "Properties": dict.fromkeys(PROPERTIES, wrong)}}
    resources["Cluster"] = {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "shop"}}
    resources["Workers"] = {"Type": "AWS::EKS::Nodegroup", "Properties": {"ClusterName": {"Ref": "R0"}}}
    look_at_everything(load(json.dumps({"Resources": resources})))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("properties", ["text", [], None, {"Fn::Transform": {}}, {"Fn::If": ["a", {}, {}]}])
def test_properties_that_are_none(kind: str, properties: object) -> None:
    look_at_everything(load(json.dumps({"Resources": {"EKS": {"Type": kind, "Properties": properties}}})))


@pytest.mark.parametrize(
    "sections",
    [
        "Resources: []",
        "Resources: {A: {}, B: [], C: {Type: [], Properties: []}, D: null}",
        "Parameters: {P: [], Q: {Type: [], Default: [], AllowedValues: {}}}",
        "Mappings: {M: {a: [], b: text}}",
        "Conditions: [a]\nMappings: a\nParameters: [b]",
        "Transform: [[a], {b: c}, null]",
        "Conditions: {C: {Fn::ForEach::X: []}, P: !Equals [!Ref P, [a]]}",
    ],
)
def test_sections_of_wrong_types(sections: str) -> None:
    rest = """
Resources:
  A:
    Type: AWS::EKS::Cluster
    Condition: [x]
    Properties:
      Name: !FindInMap [M, !Ref AWS::Region, x]
      Version: !Ref P
      RoleArn: !Ref Q
      Tags: !If [[a], b, c]
  B: {Type: AWS::EKS::Nodegroup, Condition: P, Properties: {ClusterName: !Ref A, Version: !If [C, a, b]}}
  Fn::ForEach::A: [a]
  Fn::Transform: x
"""
    look_at_everything(load(f"AWSTemplateFormatVersion: eks\n{sections}" + ("" if "Resources" in sections else rest)))


def test_things_that_refer_to_themselves() -> None:
    loaded = load("""
Parameters:
  P: {Type: String, Default: !Ref P}
Conditions:
  A: !Equals [!If [A, x, y], !If [B, x, y]]
  B: !And [!Condition A, !Condition B]
Mappings:
  M: {a: {b: !FindInMap [M, a, b]}}
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub "${Role}-x", ManagedPolicyArns: [!Ref Role]}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {InstanceProfileName: !Ref Profile, Roles: [!Ref Profile]}}
  Cluster: {Type: AWS::EKS::Cluster, Condition: A, Properties: {Name: !Ref Cluster, Version: !FindInMap [M, a, b]}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Ref P, CidrBlock: !GetAtt Subnet.CidrBlock}}
  Workers:
    Type: AWS::EKS::Nodegroup
    Condition: B
    Properties: {ClusterName: !Ref Workers, NodegroupName: !GetAtt Workers.NodegroupName, Subnets: [!Ref Subnet]}
""")
    look_at_everything(loaded)
    assert read(loaded.clusters[0], "name") == UNKNOWN
    assert read(loaded.pools[0][0], "name") == UNKNOWN


def test_zones_that_refer_to_one_another() -> None:
    look_at_everything(
        load("""
Resources:
  A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !GetAtt B.AvailabilityZone}}
  B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !GetAtt A.AvailabilityZone}}
  Workers: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: x, Subnets: [!Ref A, !Ref B]}}
""")
    )


def test_a_long_chain_of_names() -> None:
    roles = "".join(
        f"  R{index}: {{Type: 'AWS::IAM::Role', Properties: {{RoleName: !Ref R{index + 1}}}}}\n"
        for index in range(2_000)
    )
    loaded = load(f"Resources:\n{roles}  W: {{Type: 'AWS::EKS::Nodegroup', Properties: {{NodeRole: !Ref R0}}}}\n")
    look_at_everything(loaded)


def test_names_are_never_run_or_followed() -> None:
    loaded = load("""
Resources:
  "../../etc/passwd": {Type: AWS::EKS::Cluster, Properties: {Name: "\\e[31m::error::x\\n"}}
  Workers: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: "{{resolve:ssm:x}}", NodegroupName: "${jndi:x}"}}
""")
    look_at_everything(loaded)
    assert loaded.pools[0][0].name == "${jndi:x}"


TEXTS = st.sampled_from(["", "a", "a,b", "true", "3", "${X}", "R0", "AWS::NoValue", "AWS::Region", "P", "Q", "C"])
FUNCTIONS = st.sampled_from(
    [
        *("Ref", "Condition", "Fn::Sub", "Fn::Join", "Fn::If", "Fn::Select", "Fn::Split", "Fn::GetAZs", "Fn::GetAtt"),
        *("Fn::FindInMap", "Fn::Base64", "Fn::Cidr", "Fn::Equals", "Fn::Not", "Fn::Transform", "Fn::ToJsonString"),
    ]
)
EXPRESSIONS = st.recursive(
    TEXTS | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(TEXTS | st.sampled_from(PROPERTIES), inner, max_size=3)
        | st.builds(lambda name, argument: {name: argument}, FUNCTIONS, inner)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    kind=st.sampled_from(KINDS),
    properties=st.dictionaries(st.sampled_from(PROPERTIES), EXPRESSIONS, max_size=8),
    condition=EXPRESSIONS,
    mapping=EXPRESSIONS,
)
def test_whatever_is_written(kind: str, properties: dict[str, Any], condition: Any, mapping: Any) -> None:
    look_at_everything(
        load(
            json.dumps(
                {
                    "Parameters": {
                        "P": {"Type": "String", "AllowedValues": ["a", "b"]},
                        "Q": {"Type": "CommaDelimitedList"},
                    },
                    "Conditions": {"C": condition},
                    "Mappings": {"a": mapping},
                    "Resources": {
                        "R0": {"Type": kind, "Condition": "C", "Properties": properties},
                        "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": properties},
                        "Workers": {"Type": "AWS::EKS::Nodegroup", "Properties": {"ClusterName": {"Ref": "Cluster"}}},
                    },
                }
            )
        )
    )
