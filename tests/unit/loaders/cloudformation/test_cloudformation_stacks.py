"""What one template imports from another."""

from pathlib import Path
from typing import Any

import pytest

from linting import lint, write

CLUSTER = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Name: {Type: String, Default: shop}
  NodeVersion: {Type: String}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Version: "1.33"
      RoleArn: arn:aws:iam::111122223333:role/shop-cluster
      ResourcesVpcConfig: {SubnetIds: [subnet-0a1, subnet-0b2]}
Outputs:
  Cluster:
    Value: !Ref Cluster
    Export: {Name: !Sub "${AWS::StackName}-Cluster"}
  Endpoint:
    Value: !GetAtt Cluster.Endpoint
    Export: {Name: shop-endpoint}
  NodeVersion:
    Value: !Ref NodeVersion
    Export: {Name: shop-node-version}
"""
NODES = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stack: {Type: String}
  StackByDefault: {Type: String, Default: eks}
  NodeVersion: {Type: String, Default: "1.34"}
Resources:
  General:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: %s
      Version: %s
      NodeRole: arn:aws:iam::111122223333:role/shop-nodes
      Subnets: [subnet-0a1, subnet-0b2]
      ScalingConfig: {MinSize: 2, MaxSize: 6}
"""
BY_STACK = '{"Fn::ImportValue": !Sub "${Stack}-Cluster"}'


def newer(folder: Path) -> list[dict[str, Any]]:
    """The node groups that are known to be newer than their cluster: none where it is not known which one it is."""
    return lint(folder, "--select", "node-newer-than-control-plane").findings


@pytest.mark.parametrize(
    "name",
    [
        BY_STACK,
        '{"Fn::ImportValue": !Sub "${StackByDefault}-Cluster"}',
        "!ImportValue eks-Cluster",
        "!ImportValue {'Fn::Join': ['-', [!Ref Stack, Cluster]]}",
    ],
)
def test_a_node_group_joins_the_cluster_that_it_imports(tmp_path: Path, name: str) -> None:
    [found] = newer(write(tmp_path, {"cluster.yaml": CLUSTER, "nodes.yaml": NODES % (name, '"1.34"')}))
    assert found["path"] == "nodes.yaml"
    assert "cluster Cluster is 1.33" in found["message"]


@pytest.mark.parametrize(
    "name",
    [
        '{"Fn::ImportValue": !Sub "${Stack}-Network"}',
        "!ImportValue -Cluster",
        "{'Fn::ImportValue': !Ref Stack}",
        "!ImportValue shop-endpoint",
        "!ImportValue Cluster",
    ],
)
def test_what_no_template_exports_stays_unknown(tmp_path: Path, name: str) -> None:
    elsewhere = CLUSTER.replace('"1.33"', '"1.32"')
    files = {"a/cluster.yaml": CLUSTER, "b/cluster.yaml": elsewhere, "nodes.yaml": NODES % (name, '"1.34"')}
    assert newer(write(tmp_path, files)) == []


def test_neighbours_count_first(tmp_path: Path) -> None:
    nodes = NODES % (BY_STACK, '"1.34"')
    newest = CLUSTER.replace('"1.33"', '"1.34"')
    files = {"old/cluster.yaml": CLUSTER, "old/nodes.yaml": nodes, "new/cluster.yaml": newest, "new/nodes.yaml": nodes}
    assert [each["path"] for each in newer(write(tmp_path, files))] == ["old/nodes.yaml"]


def test_of_several_nobody_knows_which(tmp_path: Path) -> None:
    files = {"a/cluster.yaml": CLUSTER, "b/cluster.yaml": CLUSTER, "nodes/nodes.yaml": NODES % (BY_STACK, '"1.34"')}
    assert newer(write(tmp_path, files)) == []


def test_a_parameter_of_the_other_template_is_none_of_this_one(tmp_path: Path) -> None:
    nodes = NODES % (BY_STACK, "!ImportValue shop-node-version")
    assert newer(write(tmp_path, {"cluster.yaml": CLUSTER, "nodes.yaml": nodes})) == []
    known = CLUSTER.replace("NodeVersion: {Type: String}", 'NodeVersion: {Type: String, Default: "1.34"}')
    [found] = newer(write(tmp_path, {"cluster.yaml": known}))
    assert found["severity"] == "warning"
    assert found["message"].endswith("(by the default of parameter NodeVersion)")


def test_templates_that_import_from_each_other_end(tmp_path: Path) -> None:
    circle = CLUSTER.replace("Value: !Ref NodeVersion", "Value: !ImportValue shop-node-version")
    nodes = NODES % (BY_STACK, "!ImportValue shop-node-version")
    assert newer(write(tmp_path, {"cluster.yaml": circle, "nodes.yaml": nodes})) == []


def test_an_imported_role_is_looked_at(tmp_path: Path) -> None:
    role = """AWSTemplateFormatVersion: "2010-09-09"
Resources:
  NodeRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-nodes
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: eks.amazonaws.com}, Action: sts:AssumeRole}]
Outputs:
  NodeRole:
    Value: !GetAtt NodeRole.Arn
    Export: {Name: shop-node-role}
"""
    nodes = (NODES % (BY_STACK, '"1.33"')).replace(
        "arn:aws:iam::111122223333:role/shop-nodes", "!ImportValue shop-node-role"
    )
    files = {"cluster.yaml": CLUSTER, "roles.yaml": role, "nodes.yaml": nodes}
    [found] = lint(write(tmp_path, files), "--select", "node-role-trust-wrong").findings
    assert found["path"] == "roles.yaml"


PARENT = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Version: {Type: String, Default: "1.34"}
Resources:
  Control:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./stacks/cluster.yaml
      Parameters: {NodeVersion: !Ref Version}
  Workers:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: %s
      Parameters:
        Stack: !GetAtt Control.Outputs.Cluster
        NodeVersion: %s
"""
GIVEN = NODES % ("!Ref Stack", "!Ref NodeVersion")


def nested(folder: Path, version: str, template: str = "stacks/nodes.yaml") -> list[dict[str, Any]]:
    files = {"parent.yaml": PARENT % (template, version), "stacks/cluster.yaml": CLUSTER, "stacks/nodes.yaml": GIVEN}
    return newer(write(folder, files))


def test_a_stack_gives_another_what_it_has(tmp_path: Path) -> None:
    [found] = nested(tmp_path, '"1.34"')
    assert found["path"] == "stacks/nodes.yaml"
    assert found["severity"] == "error"


@pytest.mark.parametrize("version", ["!Ref Version", "!GetAtt Control.Outputs.NodeVersion"])
def test_a_default_of_the_template_around_it_is_said(tmp_path: Path, version: str) -> None:
    [found] = nested(tmp_path, version)
    assert found["severity"] == "warning"
    assert found["message"].endswith("(by the default of parameter Version)")


def test_what_is_given_counts_more_than_the_default(tmp_path: Path) -> None:
    assert nested(tmp_path, '"1.33"') == []


@pytest.mark.parametrize(
    "template",
    ["https://s3.amazonaws.com/shop/stacks/nodes.yaml", "/stacks/nodes.yaml", "../nodes.yaml", "!Ref Version"],
)
def test_templates_that_no_path_leads_to_are_given_nothing(tmp_path: Path, template: str) -> None:
    [found] = nested(tmp_path, '"1.33"', template)
    assert found["message"].endswith("(by the default of parameter NodeVersion)")


def test_a_template_of_two_stacks_is_given_nothing(tmp_path: Path) -> None:
    parent = PARENT % ("stacks/nodes.yaml", '"1.33"')
    files = {"a.yaml": parent, "b.yaml": parent, "stacks/cluster.yaml": CLUSTER, "stacks/nodes.yaml": GIVEN}
    [found] = newer(write(tmp_path, files))
    assert found["message"].endswith("(by the default of parameter NodeVersion)")


def test_a_template_that_has_itself_as_a_stack_ends(tmp_path: Path) -> None:
    itself = (PARENT % ("parent.yaml", "!GetAtt Workers.Outputs.NodeVersion")).replace("./stacks/cluster", "parent")
    itself += "Outputs: {NodeVersion: {Value: !GetAtt Workers.Outputs.NodeVersion}, Cluster: {Value: !Ref Version}}\n"
    assert newer(write(tmp_path, {"parent.yaml": itself, "nodes.yaml": GIVEN})) == []
