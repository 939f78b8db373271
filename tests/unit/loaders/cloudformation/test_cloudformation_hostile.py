"""Templates that nobody means well with: they load, and say that they are unknown."""

import json
from typing import Any

import pytest
from cloudformation_templates import UNKNOWN, load, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ekslint.loaders.loaded import Loaded
from ekslint.model.entity import Entity
from ekslint.model.reading import Undecided
from ekslint.model.world import Forked


def look_at_everything(loaded: Loaded) -> None:
    """What rules and reports would do: read every field, ask for every place."""
    everything: list[Entity] = [*loaded.clusters, *(pool for pool, _ in loaded.pools), *loaded.entities]
    everything += [member for member, _ in loaded.members]
    for entity in everything:
        assert str(entity)
        for field in type(entity).defaults:
            try:
                value = getattr(entity, field)
                if isinstance(value, list | tuple | dict) or hasattr(value, "__iter__"):
                    list(value)
            except (Undecided, Forked):
                pass
            list(entity.possible_items(field))
            try:
                place = entity.at(field)
            except Forked:
                continue
            assert place.location.line >= 1
    for problem in loaded.problems:
        assert problem.source.document.locate(problem.source.path).line >= 1


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


def tower(head: str, storey: str, levels: int) -> str:
    """Storeys that stand on one another through anchors."""
    return "\n".join(
        [f"  S0: &a0 {head}", *(f"  S{i}: &a{i} {storey.replace('BELOW', f'*a{i - 1}')}" for i in range(1, levels))]
    )


@pytest.mark.parametrize(
    ("head", "storey", "levels", "place"),
    [
        ("x", "{'Fn::Join': ['', [BELOW, BELOW]]}", 10_000, "NodegroupName"),
        ("x", "{'Fn::Join': ['', [BELOW]]}", 10_000, "NodegroupName"),
        ("abcdefgh", "!Sub ['${A}${A}', {A: BELOW}]", 60, "NodegroupName"),
        ("x", "{'Fn::If': [Open, BELOW, BELOW]}", 60, "NodegroupName"),
        ("[x]", "{'Fn::Split': [',', {'Fn::Join': [',', BELOW]}]}", 300, "InstanceTypes"),
        ("[x]", "[BELOW, BELOW]", 100, "Subnets"),
        ("[x]", "[BELOW, BELOW]", 100, "Taints"),
        ("{x: y}", "{a: BELOW, b: BELOW}", 10_000, "UpdateConfig"),
        ("{x: y}", "{a: BELOW, b: BELOW}", 10_000, "Labels"),
        ("x", "{'Fn::Select': [0, [BELOW, BELOW]]}", 5_000, "NodegroupName"),
        ("x", "{'Fn::ToJsonString': {a: BELOW, b: BELOW}}", 100, "NodegroupName"),
    ],
)
def test_towers_of_aliases(head: str, storey: str, levels: int, place: str) -> None:
    text = f"""
Unread:
{tower(head, storey, levels)}
Resources:
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      {place}: *a{levels - 1}
"""
    look_at_everything(load(text))


@pytest.mark.parametrize("function", ["Fn::And", "Fn::Or"])
def test_towers_of_conditions(function: str) -> None:
    below = ", ".join(["BELOW"] * 10)
    head = "{'Fn::Equals': [{Ref: 'AWS::Region'}, x]}"
    text = f"""
Unread:
{tower(head, f"{{'{function}': [{below}]}}", 200)}
Conditions:
  Top: *a199
Resources:
  Cluster: {{Type: AWS::EKS::Cluster, Condition: Top, Properties: {{Name: !If [Top, a, b]}}}}
"""
    look_at_everything(load(text))


def test_huge_texts() -> None:
    variables = "${A}" * 20_000
    text = f"""
Parameters: {{A: {{Type: String, Default: {"a" * 1_000}}}}}
Resources:
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      NodegroupName: !Sub "{variables}"
      Version: !Join ["", [{", ".join(["!Ref A"] * 5_000)}]]
"""
    loaded = load(text)
    assert read(loaded.pools[0][0], "name") == UNKNOWN
    assert read(loaded.pools[0][0], "version") == UNKNOWN


def test_a_template_that_costs_too_much_says_so() -> None:
    many = "[" + ", ".join(["*list"] * 500) + "]"
    loaded = load(f"""
Unread: {{a: &list [{", ".join(["x"] * 1_000)}]}}
Resources:
  Workers: {{Type: AWS::EKS::Nodegroup, Properties: {{ClusterName: shop, Subnets: {many}, InstanceTypes: {many}}}}}
""")
    assert [problem.kind for problem in loaded.problems] == ["too-large"]
    look_at_everything(loaded)


def test_many_resources_that_all_meet() -> None:
    """Every pair of them is looked at by something: nothing here may cost a product of two numbers."""
    script = "#!/bin/bash\n" + "A=\"$(cat <<EOF\n/etc/eks/bootstrap.sh x '\n" * 5_000
    resources: dict[str, Any] = {}
    for index in range(280):
        resources |= {
            f"P{index}": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [f"n{index}", "x"]}},
            f"R{index}": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": f"n{index}"}},
            f"L{index}": {
                "Type": "AWS::EC2::LaunchTemplate",
                "Properties": {"LaunchTemplateName": f"l{index}", "LaunchTemplateData": {"UserData": script}},
            },
            f"W{index}": {
                "Type": "AWS::EKS::Nodegroup",
                "Properties": {"ClusterName": f"c{index}", "LaunchTemplate": {"Name": f"l{index}"}},
            },
            f"C{index}": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": f"c{index}"}},
            f"S{index}": {"Type": "AWS::EC2::Subnet", "Properties": {}},
            f"G{index}": {"Type": "AWS::EC2::NatGateway", "Properties": {"SubnetId": {"Ref": f"S{index}"}}},
        }
    loaded = load(json.dumps({"Resources": resources}))
    assert len(loaded.pools) == 280
    assert loaded.problems == []
    assert all(reference.cluster is not None for _, reference in loaded.pools)


def test_more_resources_than_cloudformation_takes() -> None:
    resources = {f"C{index}": {"Type": "AWS::EKS::Cluster"} for index in range(2_100)}
    loaded = load(json.dumps({"Resources": resources}))
    assert len(loaded.clusters) == 2_000
    assert [problem.kind for problem in loaded.problems] == ["too-large"]


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
