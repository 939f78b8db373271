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


ROLES = """AWSTemplateFormatVersion: "2010-09-09"
Resources:
  ClusterRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: eks.amazonaws.com}, Action: sts:AssumeRole}]
      ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/AmazonEKSClusterPolicy"]
  NodeRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly
        - arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [!Ref NodeRole]}
Outputs:
  ClusterRole: {Value: !GetAtt ClusterRole.Arn, Export: {Name: !Sub "${AWS::StackName}-ClusterRole"}}
  NodeRole: {Value: !GetAtt NodeRole.Arn, Export: {Name: !Sub "${AWS::StackName}-NodeRole"}}
  NodeRoleName: {Value: !Ref NodeRole, Export: {Name: !Sub "${AWS::StackName}-NodeRoleName"}}
  Profile: {Value: !GetAtt Profile.Arn, Export: {Name: !Sub "${AWS::StackName}-Profile"}}
"""
POLICIES = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Name: {Type: String}
Resources:
  NodePolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: AmazonEKSWorkerNodePolicy
      Roles: [%s]
      PolicyDocument:
        Statement: [{Effect: Allow, Action: ["ec2:Describe*", "eks:DescribeCluster"], Resource: "*"}]
"""
NETWORK = """AWSTemplateFormatVersion: "2010-09-09"
Resources:
  A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs ""], VpcId: vpc-0a1}}
  B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [%s, !GetAZs ""], VpcId: vpc-0a1}}
Outputs:
  Subnets: {Value: !Join [",", [!Ref A, !Ref B]], Export: {Name: !Sub "${AWS::StackName}-Subnets"}}
  First: {Value: !Ref A, Export: {Name: !Sub "${AWS::StackName}-First"}}
"""
WORKERS = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Iam: {Type: String}
  Network: {Type: String, Default: network}
Resources:
  NodeRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: shop
      RoleArn: !ImportValue {"Fn::Sub": "${Iam}-ClusterRole"}
      ResourcesVpcConfig: {SubnetIds: [subnet-0a1, subnet-0b2]}
  General:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: !Ref Cluster
      NodeRole: {"Fn::ImportValue": !Sub "${Iam}-%s"}
      Subnets: %s
      ScalingConfig: {MinSize: 2, MaxSize: 6}
"""
SUBNETS = '!Split [",", {"Fn::ImportValue": !Sub "${Network}-Subnets"}]'


def worker_policy(folder: Path, files: dict[str, str]) -> list[str]:
    found = lint(write(folder, files), "--select", "node-role-missing-worker-policy").findings
    return [f"{each['path']}: {each['message']}" for each in found]


def test_a_role_without_a_name_is_found_in_the_template_that_exports_it(tmp_path: Path) -> None:
    files = {"iam.yaml": ROLES, "nodes.yaml": WORKERS % ("NodeRole", SUBNETS)}
    [found] = worker_policy(tmp_path, files)
    assert found.startswith("iam.yaml: node role NodeRole lacks AmazonEKSWorkerNodePolicy")


@pytest.mark.parametrize(
    "name", ['!ImportValue "iam-NodeRoleName"', '!ImportValue {"Fn::Sub": "${Name}-NodeRoleName"}']
)
def test_a_policy_of_a_third_template_counts(tmp_path: Path, name: str) -> None:
    nodes = WORKERS % ("NodeRole", SUBNETS)
    assert worker_policy(tmp_path, {"iam.yaml": ROLES, "nodes.yaml": nodes, "policies.yaml": POLICIES % name}) == []


def test_a_policy_by_the_name_of_the_role_counts(tmp_path: Path) -> None:
    named = ROLES.replace("  NodeRole:\n    Type: AWS::IAM::Role\n    Properties:\n", "%s      RoleName: shop-nodes\n")
    named %= "  NodeRole:\n    Type: AWS::IAM::Role\n    Properties:\n"
    files = {"iam.yaml": named, "nodes.yaml": WORKERS % ("NodeRole", SUBNETS)}
    assert len(worker_policy(tmp_path / "without", files)) == 1
    assert worker_policy(tmp_path / "with", files | {"policies.yaml": POLICIES % "shop-nodes"}) == []


def test_a_role_that_is_given_for_an_instance_profile_is_called_so(tmp_path: Path) -> None:
    files = {"iam.yaml": ROLES, "nodes.yaml": WORKERS % ("Profile", SUBNETS)}
    [found] = lint(write(tmp_path / "profile", files), "--select", "arn-and-name-confused").findings
    assert "but Profile is an instance profile" in found["message"]
    files["nodes.yaml"] = WORKERS % ("NodeRoleName", SUBNETS)
    [found] = lint(write(tmp_path / "name", files), "--select", "arn-and-name-confused").findings
    assert found["message"] == "NodeRole of General takes the ARN of NodeRole and is given its name"


def test_the_role_of_an_imported_instance_profile_is_looked_at(tmp_path: Path) -> None:
    nodes = """AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        IamInstanceProfile: {Arn: !ImportValue iam-Profile}
  Nodes:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate: {LaunchTemplateId: !Ref Launch, Version: !GetAtt Launch.LatestVersionNumber}
      Tags: [{Key: kubernetes.io/cluster/shop, Value: owned, PropagateAtLaunch: true}]
"""
    files = {"iam.yaml": ROLES, "cluster.yaml": WORKERS % ("NodeRole", SUBNETS), "nodes.yaml": nodes}
    files["cluster.yaml"] = files["cluster.yaml"].partition("  General:")[0]
    [found] = worker_policy(tmp_path, files)
    assert found.startswith("iam.yaml: ")


def single_zone(folder: Path, files: dict[str, str]) -> list[dict[str, Any]]:
    return lint(write(folder, files), "--select", "node-group-single-az").findings


@pytest.mark.parametrize(
    "subnets",
    [
        SUBNETS,
        '[!Select [0, !Split [",", !ImportValue net-Subnets]], !Select [1, !Split [",", !ImportValue net-Subnets]]]',
        '!Split [",", !Join [",", [!ImportValue net-First, !ImportValue net-First]]]',
    ],
)
def test_zones_of_subnets_that_are_joined_and_split_again(tmp_path: Path, subnets: str) -> None:
    files = {"network.yaml": NETWORK % 0, "nodes.yaml": WORKERS % ("NodeRole", subnets)}
    [found] = single_zone(tmp_path / "one", files)
    assert found["path"] == "nodes.yaml"
    if "First" not in subnets:
        assert single_zone(tmp_path / "two", files | {"network.yaml": NETWORK % 1}) == []


def test_parameters_of_two_templates_with_one_name_are_two(tmp_path: Path) -> None:
    zones = NETWORK.replace(
        "Resources:", 'Parameters: {Zones: {Type: "List<AWS::EC2::AvailabilityZone::Name>"}}\nResources:'
    )
    zones = (zones % 0).replace('!GetAZs ""', "!Ref Zones")
    other = zones.replace("-First", "-Other")
    subnets = "[!ImportValue net-First, !ImportValue net-Other]"
    files = {"a.yaml": zones, "b.yaml": other, "nodes.yaml": WORKERS % ("NodeRole", subnets)}
    assert single_zone(tmp_path, files) == []


@pytest.mark.parametrize("address", ["https://s3.amazonaws.com/shop/network.yaml", "network.yaml"])
def test_the_output_of_a_stack_may_be_several_subnets(tmp_path: Path, address: str) -> None:
    nodes = WORKERS % ("NodeRole", '!Split [",", !GetAtt Net.Outputs.Subnets]')
    nodes += f"  Net: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{address}'}}}}\n"
    nodes += "  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}\n"
    assert single_zone(tmp_path / "two", {"network.yaml": NETWORK % 1, "main.yaml": nodes}) == []
    found = single_zone(tmp_path / "one", {"network.yaml": NETWORK % 0, "main.yaml": nodes})
    assert len(found) == (1 if address == "network.yaml" else 0)


def test_the_nearest_folder_counts(tmp_path: Path) -> None:
    nodes = WORKERS % ("NodeRole", SUBNETS)
    files = {f"{each}/nodes/nodes.yaml": nodes for each in ("new", "old")}
    files |= {"new/network/network.yaml": NETWORK % 1, "old/network/network.yaml": NETWORK % 0}
    assert [each["path"] for each in single_zone(tmp_path, files)] == ["old/nodes/nodes.yaml"]


@pytest.mark.parametrize("given", ["!GetAtt Network.Outputs.Subnets", "!GetAtt Network.Outputs.First"])
def test_subnets_that_a_stack_hands_on_as_a_parameter(tmp_path: Path, given: str) -> None:
    parent = f"""AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Network: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: network.yaml}}}}
  Nodes:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: nodes.yaml, Parameters: {{Subnets: {given}}}}}
"""
    nodes = (WORKERS % ("NodeRole", "!Ref Subnets")).replace("  Iam:", "  Subnets: {Type: CommaDelimitedList}\n  Iam:")
    files = {"parent.yaml": parent, "nodes.yaml": nodes, "network.yaml": NETWORK % 0}
    assert [each["path"] for each in single_zone(tmp_path / "one", files)] == ["nodes.yaml"]
    two = single_zone(tmp_path / "two", files | {"network.yaml": NETWORK % 1})
    assert len(two) == (1 if given.endswith("First") else 0)


def test_the_default_of_a_parameter_that_is_given_something_unknown_is_not_its_value(tmp_path: Path) -> None:
    parent = PARENT.replace('Default: "1.34"', "NoEcho: false")
    files = {"parent.yaml": parent % ("stacks/nodes.yaml", "!Ref Version"), "stacks/cluster.yaml": CLUSTER}
    assert newer(write(tmp_path, files | {"stacks/nodes.yaml": GIVEN})) == []


ONE_SUBNET = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Zone: {Type: String, Default: eu-west-1a}
Resources:
  Subnet: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Ref Zone, VpcId: vpc-0a1}}
Outputs:
  Subnet: {Value: !Ref Subnet, Export: {Name: !Sub "${AWS::StackName}-Subnet"}}
"""
ONE_ROLE = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Service: {Type: String, Default: eks.amazonaws.com}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: !Ref Service}, Action: sts:AssumeRole}]
Outputs:
  Role: {Value: !GetAtt Role.Arn, Export: {Name: !Sub "${AWS::StackName}-ClusterRole"}}
  NodeRole: {Value: !GetAtt Role.Arn, Export: {Name: !Sub "${AWS::StackName}-NodeRole"}}
"""


@pytest.mark.parametrize(
    "names",
    [
        ("${Iam}-Subnet", "${Network}-Subnet"),
        ("zone-a-Subnet", "zone-b-Subnet"),
        ("zone-a-Subnet", "${Iam}-Subnet"),
    ],
)
def test_a_template_that_several_stacks_have_has_several_subnets(tmp_path: Path, names: tuple[str, str]) -> None:
    subnets = ", ".join(f'!ImportValue {{"Fn::Sub": "{each}"}}' for each in names)
    nodes = WORKERS % ("NodeRole", f"[{subnets}]")
    assert single_zone(tmp_path / "several", {"subnet.yaml": ONE_SUBNET, "nodes.yaml": nodes}) == []
    nodes = WORKERS % ("NodeRole", f'[!ImportValue {{"Fn::Sub": "{names[0]}"}}]')
    assert len(single_zone(tmp_path / "one", {"subnet.yaml": ONE_SUBNET, "nodes.yaml": nodes})) == 1


def test_a_template_that_a_stack_has_twice_has_two_subnets(tmp_path: Path) -> None:
    nodes = WORKERS % ("NodeRole", "[!GetAtt A.Outputs.Subnet, !GetAtt B.Outputs.Subnet]")
    for each in "ab":
        nodes += f"""  {each.upper()}:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: subnet.yaml, Parameters: {{Zone: eu-west-1{each}}}}}
"""
    assert single_zone(tmp_path, {"subnet.yaml": ONE_SUBNET, "main.yaml": nodes}) == []


def test_a_template_for_any_role_is_not_one_role(tmp_path: Path) -> None:
    nodes = (WORKERS % ("NodeRole", SUBNETS)).replace("${Iam}-NodeRole", "${Network}-NodeRole")
    files = {"role.yaml": ONE_ROLE, "nodes.yaml": nodes}
    assert lint(write(tmp_path / "two", files), "--select", "node-role-is-cluster-role").findings == []
    files["nodes.yaml"] = nodes.replace("${Network}-NodeRole", "${Iam}-NodeRole")
    assert len(lint(write(tmp_path / "one", files), "--select", "node-role-is-cluster-role").findings) == 1


def test_no_template_imports_what_it_exports_itself(tmp_path: Path) -> None:
    nodes = WORKERS % ("NodeRole", SUBNETS)
    nodes += 'Outputs: {Own: {Value: subnet-0a1, Export: {Name: !Sub "${AWS::StackName}-Subnets"}}}\n'
    assert single_zone(tmp_path / "alone", {"nodes.yaml": nodes}) == []
    assert len(single_zone(tmp_path / "two", {"network.yaml": NETWORK % 0, "nodes.yaml": nodes})) == 1
