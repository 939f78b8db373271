"""Security groups and instances that are tagged for a cluster, and the security group that EKS makes for one."""

import pytest

from ekslint.model.network import IngressRule, SecurityGroup
from unit.loaders.cloudformation.cloudformation_templates import UNKNOWN, cluster, entity, group, line, load, read

USER_DATA = """
        ImageId: ami-1
        UserData: {Fn::Base64: "#!/bin/bash\\n/etc/eks/bootstrap.sh shop\\n"}
"""
LAUNCH = f"""
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:{USER_DATA}"""
WORKERS = """
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate: {LaunchTemplateId: !Ref Launch}
"""


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("kubernetes.io/cluster/shop", ("shop",)),
        ("!Sub 'kubernetes.io/cluster/${Cluster}'", ("shop",)),
        ("!Sub 'kubernetes.io/cluster/${Unnamed}'", ("${Unnamed}",)),
        ("!Sub 'kubernetes.io/cluster/${Name}'", ("${Name}",)),
        ("!Sub 'kubernetes.io/cluster/${Name}-${AWS::Region}'", ("${Name}-${AWS::Region}",)),
        ("!Sub 'team/${Name}'", ()),
        ("team", ()),
        ("!Ref Name", UNKNOWN),
        ("!Sub '${Name}/shop'", UNKNOWN),
        ("!Sub 'kubernetes.io/${Name}'", UNKNOWN),
    ],
)
def test_the_clusters_that_a_security_group_is_tagged_for(key: str, expected: object) -> None:
    loaded = load(f"""
Parameters: {{Name: {{Type: String}}}}
Resources:
  Cluster: {{Type: AWS::EKS::Cluster, Properties: {{Name: shop}}}}
  Unnamed: {{Type: AWS::EKS::Cluster}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {{Tags: [{{Key: {key}, Value: owned}}]}}
""")
    found = entity(loaded, SecurityGroup, "Group")
    if expected == UNKNOWN:
        assert read(found, "cluster_tags", 0) == UNKNOWN
    else:
        assert tuple(found.cluster_tags) == expected


def test_instances_get_what_is_propagated_and_what_their_launch_template_says() -> None:
    tags = """      Tags:
        - {Key: kubernetes.io/cluster/shop, Value: owned, PropagateAtLaunch: "true"}
        - {Key: kubernetes.io/cluster/other, Value: owned, PropagateAtLaunch: "false"}
        - {Key: team, Value: shop, PropagateAtLaunch: "true"}
"""
    specifications = """        TagSpecifications:
          - {ResourceType: volume, Tags: [{Key: kubernetes.io/cluster/volumes, Value: owned}]}
          - {ResourceType: instance, Tags: [{Key: kubernetes.io/cluster/third, Value: owned}]}
"""
    assert group(f"Resources:{LAUNCH}{WORKERS}").cluster_tags == ()
    assert group(f"Resources:{LAUNCH}{WORKERS}{tags}").cluster_tags == ("shop",)
    assert group(f"Resources:{LAUNCH}{specifications}{WORKERS}{tags}").cluster_tags == ("shop", "third")


def test_a_launch_template_of_elsewhere_may_tag_instances() -> None:
    workers = WORKERS.replace("!Ref Launch", "lt-1") + (
        "      Tags: [{Key: kubernetes.io/cluster/shop, Value: owned, PropagateAtLaunch: true}]\n"
    )
    pool = group(f"Resources:{workers}")
    assert pool.cluster_tags[0] == "shop"
    assert read(pool, "cluster_tags", 1) == UNKNOWN


def test_the_security_group_of_a_cluster() -> None:
    own = cluster("""
Resources:
  Cluster: {Type: AWS::EKS::Cluster, Properties: {Name: shop}}
  Nodes: {Type: AWS::EC2::SecurityGroup}
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !GetAtt Cluster.ClusterSecurityGroupId
      IpProtocol: tcp
      FromPort: 443
      ToPort: 443
      SourceSecurityGroupId: !Ref Nodes
""").own_security_group
    assert own is not None
    assert own.identifier == "Cluster.ClusterSecurityGroupId"
    assert own.ingress == (
        IngressRule("-1", None, None, "Cluster.ClusterSecurityGroupId"),
        IngressRule("tcp", 443, 443, "Nodes"),
    )
    assert own.cluster_tags == ("shop",)
    assert own.tags == {"kubernetes.io/cluster/shop": "owned", "aws:eks:cluster-name": "shop"}
    assert line(own.at("ingress", 1)).startswith("Properties:")


@pytest.mark.parametrize(
    "other",
    [
        "{Type: Custom::Rules, Properties: {Group: !Ref Group}}",
        "{Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !If [Open, !Ref Group, sg-1], IpProtocol: tcp}}",
    ],
)
def test_rules_that_may_be_missing(other: str) -> None:
    loaded = load(f"""
Parameters: {{Mode: {{Type: String}}}}
Conditions: {{Open: !Equals [!Ref Mode, open]}}
Resources:
  Cluster: {{Type: AWS::EKS::Cluster, Properties: {{Name: shop}}}}
  Group: {{Type: AWS::EC2::SecurityGroup}}
  Other: {other}
""")
    assert read(entity(loaded, SecurityGroup, "Group"), "ingress", 0) == UNKNOWN
