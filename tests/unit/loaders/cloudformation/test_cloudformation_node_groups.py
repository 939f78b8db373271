"""`AWS::EKS::Nodegroup`, with and without a launch template, and `AWS::EKS::FargateProfile`."""

import pytest
from cloudformation_templates import UNKNOWN, group, load, read, spot

from ekslint.model.iam import Role
from ekslint.model.pool import FargateProfile, FargateSelector, Taint

FULL = """
Resources:
  Subnet: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs ""]}}
  Role: {Type: AWS::IAM::Role}
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      NodegroupName: general
      NodeRole: !GetAtt Role.Arn
      Subnets: [!Ref Subnet]
      InstanceTypes: [m5.large, m6i.large]
      CapacityType: SPOT
      AmiType: BOTTLEROCKET_x86_64
      Version: "1.33"
      ReleaseVersion: 1.33.0-20250801
      DiskSize: 100
      ScalingConfig: {MinSize: 1, DesiredSize: 2, MaxSize: 5}
      Labels: {workload: cpu}
      Taints:
        - {Key: dedicated, Value: batch, Effect: NO_SCHEDULE}
        - {Key: soft, Effect: PREFER_NO_SCHEDULE}
        - {Key: wrong, Effect: NoSchedule}
      RemoteAccess: {Ec2SshKey: key, SourceSecurityGroups: [sg-1]}
      UpdateConfig: {MaxUnavailablePercentage: 50, UpdateStrategy: MINIMAL}
      ForceUpdateEnabled: true
      NodeRepairConfig: {Enabled: true}
      Tags: {team: shop}
"""


def test_every_field_of_a_managed_group() -> None:
    pool = group(FULL)
    expected = {
        "kind": "managed",
        "name": "general",
        "min_size": 1,
        "desired_size": 2,
        "max_size": 5,
        "instance_types": ("m5.large", "m6i.large"),
        "capacity_type": "SPOT",
        "ami_type": "BOTTLEROCKET_x86_64",
        "ami_family": "Bottlerocket",
        "ami_id": None,
        "version": "1.33",
        "release_version": "1.33.0-20250801",
        "volume_size": 100,
        "http_tokens": None,
        "labels": {
            "workload": "cpu",
            "eks.amazonaws.com/nodegroup": "general",
            "eks.amazonaws.com/capacityType": "SPOT",
        },
        "taints": (
            Taint("dedicated", "batch", "NoSchedule"),
            Taint("soft", "", "PreferNoSchedule"),
            Taint("wrong", "", "NoSchedule"),
        ),
        "taint_effects_as_written": ("NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NoSchedule"),
        "ssh_allowed": True,
        "ssh_source_security_groups": ("sg-1",),
        "update_config": {"maxUnavailablePercentage": 50, "updateStrategy": "MINIMAL"},
        "forces_update": True,
        "node_repair": True,
        "tags": {"team": "shop"},
        "availability_zones": ("zone #0",),
        "uses_private_networking": True,
        "is_pinned_capacity": False,
        "launch_template": None,
        "settings_beside_template": {},
    }
    assert {field: read(pool, field) for field in expected} == expected
    assert isinstance(pool.role, Role)
    assert spot(pool.at("ssh_allowed")) == "key"


def test_the_api_s_defaults() -> None:
    pool = group("Resources: {Workers: {Type: 'AWS::EKS::Nodegroup', Properties: {ClusterName: shop}}}")
    expected = {
        "name": None,
        "min_size": UNKNOWN,
        "desired_size": UNKNOWN,
        "max_size": UNKNOWN,
        "instance_types": ("t3.medium",),
        "capacity_type": "ON_DEMAND",
        "ami_type": None,
        "ami_family": UNKNOWN,
        "taints": (),
        "ssh_allowed": False,
        "update_config": None,
        "node_repair": None,
        "forces_update": False,
        "subnets": (),
        "availability_zones": None,
        "launch_template_version": None,
        "user_data": None,
    }
    assert {field: read(pool, field) for field in expected} == expected
    assert read(pool, "labels", "eks.amazonaws.com/nodegroup") == UNKNOWN
    assert read(pool, "labels", "eks.amazonaws.com/capacityType") == "ON_DEMAND"
    assert pool.labels.get("workload") is None
    assert pool.role is None


@pytest.mark.parametrize(
    ("properties", "cluster_version", "family", "tokens", "hops", "disk"),
    [
        ("AmiType: AL2_x86_64", "", "AmazonLinux2", "optional", 2, 20),
        ("AmiType: AL2023_ARM_64_STANDARD", "", "AmazonLinux2023", "required", 1, 20),
        ("AmiType: WINDOWS_CORE_2022_x86_64", "", "WindowsServer2022CoreContainer", None, None, 50),
        ("AmiType: CUSTOM", "", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        ("AmiType: FUTURE", "", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        ("Version: '1.29'", "", "AmazonLinux2", "optional", 2, 20),
        ("Version: '1.30'", "", "AmazonLinux2023", "required", 1, 20),
        ("CapacityType: SPOT", "Version: '1.28'", "AmazonLinux2", "optional", 2, 20),
        ("CapacityType: SPOT", "Version: '1.33'", "AmazonLinux2023", "required", 1, 20),
        ("CapacityType: SPOT", "Name: newest", "AmazonLinux2023", "required", 1, 20),
        ("CapacityType: SPOT", "Version: !Ref Open", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_the_image_that_eks_takes(
    properties: str, cluster_version: str, family: object, tokens: object, hops: object, disk: object
) -> None:
    pool = group(f"""
Resources:
  Cluster: {{Type: AWS::EKS::Cluster, Properties: {{{cluster_version}}}}}
  Workers: {{Type: AWS::EKS::Nodegroup, Properties: {{ClusterName: !Ref Cluster, {properties}}}}}
""")
    fields = ("ami_family", "http_tokens", "http_put_response_hop_limit", "volume_size")
    assert tuple(read(pool, field) for field in fields) == (family, tokens, hops, disk)


def test_fargate_profiles() -> None:
    loaded = load("""
Resources:
  Role: {Type: AWS::IAM::Role}
  Profile:
    Type: AWS::EKS::FargateProfile
    Properties:
      FargateProfileName: serverless
      ClusterName: shop
      PodExecutionRoleArn: !GetAtt Role.Arn
      Subnets: [subnet-1, !Ref Other]
      Selectors:
        - Namespace: jobs
          Labels: [{Key: tier, Value: batch}]
        - Namespace: !Ref Open
        - {}
""")
    [(profile, reference)] = loaded.pools
    assert isinstance(profile, FargateProfile)
    assert (str(profile), profile.kind, reference.name) == ("Fargate profile serverless", "fargate", "shop")
    first = profile.selectors[0]
    assert (first.namespace, first.labels) == ("jobs", {"tier": "batch"})
    assert read(profile, "selectors", 1) == UNKNOWN
    assert read(profile, "selectors", 2) == FargateSelector("", {})
    assert profile.labels["eks.amazonaws.com/compute-type"] == "fargate"
    assert profile.taints == (Taint("eks.amazonaws.com/compute-type", "fargate", "NoSchedule"),)
    assert profile.role is not None
    assert profile.subnets[0].identifier == "subnet-1"
    assert spot(profile.at("selectors", 0, "namespace")) == "jobs"
