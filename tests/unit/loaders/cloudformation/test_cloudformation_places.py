"""Where fields stand: the property itself, or the nearest thing that names what lacks it."""

from cloudformation_templates import entity, group, line, load, spot

from ekslint.model.iam import Role

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy
        - !Sub arn:${AWS::Partition}:iam::aws:policy/AmazonEKS_CNI_Policy
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      NodeRole: !GetAtt Role.Arn
      ScalingConfig:
        MinSize: 1
        MaxSize: !Ref Max
      Labels:
        workload: cpu
      Taints:
        - Key: dedicated
          Value: batch
          Effect: NO_SCHEDULE
      UpdateConfig:
        MaxUnavailable: 1
"""


def test_the_very_property() -> None:
    pool = group(TEMPLATE)
    assert spot(pool.at("min_size")) == "1"
    assert line(pool.at("min_size")) == "MinSize: 1"
    assert spot(pool.at("max_size")) == "!Ref Max"
    assert spot(pool.at("labels", "workload")) == "cpu"
    assert spot(pool.at("labels", "workload", key=True)) == "workload"
    assert line(pool.at("taints", 0)) == "- Key: dedicated"
    assert spot(pool.at("taints", 0, "effect")) == "NO_SCHEDULE"
    assert line(pool.at("update_config", "maxUnavailable")) == "MaxUnavailable: 1"
    assert spot(pool.at("role")) == "!GetAtt Role.Arn"


def test_a_missing_property_is_looked_for_at_the_logical_name() -> None:
    pool = group(TEMPLATE)
    for place in (pool.at("ami_type"), pool.at("name"), pool.at("ssh_allowed"), pool.at("http_tokens"), pool.at()):
        assert spot(place) == "Workers"
    assert not pool.at("ami_type").is_written
    assert pool.at("min_size").is_written


def test_a_missing_key_of_a_property_is_looked_for_at_the_property() -> None:
    pool = group(TEMPLATE)
    assert spot(pool.at("desired_size")) == "ScalingConfig"
    assert spot(pool.at("labels", "other")) == "Labels"


def test_items_of_lists() -> None:
    role = entity(load(TEMPLATE), Role, "Role")
    assert line(role.at("managed_policies", 1)).startswith("- !Sub")
    assert line(role.at("managed_policies")) == "ManagedPolicyArns:"


def test_a_label_in_user_data_stands_where_it_is_written() -> None:
    pool = group("""
Parameters:
  Arguments: {Type: String, Default: "--kubelet-extra-args '--register-with-taints=gpu=yes:NoSchedule'"}
Resources:
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        UserData:
          Fn::Base64: !Sub |
            #!/bin/bash
            /etc/eks/bootstrap.sh shop \\
              --kubelet-extra-args '--node-labels=workload=cpu,team=a'
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      MaxSize: 2
      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: 1}
""")
    assert pool.labels == {"workload": "cpu", "team": "a"}
    assert spot(pool.at("labels", "team")) == "team=a"
    assert line(pool.at("labels", "team")).startswith("--kubelet-extra-args")
    assert spot(pool.user_data.at("bootstrapper")) == "bootstrap.sh"
    assert spot(pool.user_data.at("cluster_name")) == "shop"


def test_a_label_that_came_by_default_stands_at_the_user_data() -> None:
    pool = group("""
Parameters:
  Arguments: {Type: String, Default: "--kubelet-extra-args '--node-labels=workload=cpu'"}
Resources:
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        UserData:
          Fn::Base64:
            Fn::Join: ["", ["#!/bin/bash\\n", "/etc/eks/bootstrap.sh shop ", !Ref Arguments]]
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      MaxSize: 2
      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: 1}
""")
    place = pool.at("labels", "workload")
    assert place.by_default == "Arguments"
    assert line(place).startswith(("UserData:", "Fn::Base64:"))
    assert pool.user_data.at("bootstrapper").by_default is None


def test_titles_and_resources() -> None:
    loaded = load(TEMPLATE.replace("ClusterName: shop", "ClusterName: shop\n      NodegroupName: general"))
    [(pool, reference)] = loaded.pools
    assert (str(pool), pool.resource, pool.dialect) == (
        "node group general",
        "AWS::EKS::Nodegroup/Workers",
        "cloudformation",
    )
    assert reference.name == "shop"
    assert reference.cluster is None
    assert str(group(TEMPLATE)) == "node group Workers"
