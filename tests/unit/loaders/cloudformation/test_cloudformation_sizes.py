"""Templates that are too large, too deep, or stand for more than they show."""

import json
from typing import Any

import pytest
from cloudformation_templates import UNKNOWN, load, look_at_everything, read

pytestmark = pytest.mark.usefixtures("aliases_without_limit")


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
