"""Mixed instances, launch configurations, and how capacity is bought."""

import pytest
from cloudformation_templates import UNKNOWN, auto_scaling_group, group, load, read, spot

from ekslint.model.pool import NodeGroup

MIXED = """      MixedInstancesPolicy:
        InstancesDistribution: {distribution}
        LaunchTemplate:
          LaunchTemplateSpecification: {{LaunchTemplateId: !Ref Template, Version: $Default}}
          Overrides: {overrides}"""


@pytest.mark.parametrize(
    ("distribution", "capacity"),
    [
        ("{}", "ON_DEMAND"),
        ("{OnDemandBaseCapacity: 2}", "ON_DEMAND"),
        ("{OnDemandPercentageAboveBaseCapacity: 0}", "SPOT"),
        ("{OnDemandPercentageAboveBaseCapacity: !Ref Spot}", "SPOT"),
        ("{OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 0}", "MIXED"),
        ("{OnDemandBaseCapacity: !Ref Open, OnDemandPercentageAboveBaseCapacity: 20}", "MIXED"),
        ("{OnDemandBaseCapacity: !Ref Open, OnDemandPercentageAboveBaseCapacity: 0}", UNKNOWN),
        ("{OnDemandPercentageAboveBaseCapacity: !Ref Open}", UNKNOWN),
    ],
)
def test_how_mixed_instances_are_bought(distribution: str, capacity: str) -> None:
    properties = MIXED.format(distribution=distribution, overrides="[{InstanceType: m5.large}]")
    assert read(group(auto_scaling_group("{InstanceType: c5.large}", properties)), "capacity_type") == capacity


def test_mixed_instances() -> None:
    properties = MIXED.format(
        distribution="{SpotMaxPrice: '0.1', SpotInstancePools: 3}",
        overrides="[{InstanceType: m5.large}, {InstanceType: m6i.large, WeightedCapacity: '2'}]",
    )
    pool = group(auto_scaling_group("{InstanceType: c5.large}", properties))
    assert pool.instance_types == ("m5.large", "m6i.large")
    assert pool.instances_distribution == {
        "onDemandBaseCapacity": 0,
        "onDemandPercentageAboveBaseCapacity": 100,
        "spotAllocationStrategy": "lowest-price",
        "spotInstancePools": 3,
        "maxPrice": "0.1",
    }
    assert spot(pool.at("instances_distribution", "maxPrice")) == "'0.1'"
    assert pool.launch_template_version == "$Default"


@pytest.mark.parametrize(
    ("overrides", "types"),
    [
        ("[{InstanceRequirements: {VCpuCount: {Min: 2}}}]", UNKNOWN),
        ("[{WeightedCapacity: '1'}]", ("c5.large",)),
        ("!Ref Open", UNKNOWN),
        ("[]", ("c5.large",)),
    ],
)
def test_overrides(overrides: str, types: object) -> None:
    pool = group(auto_scaling_group("{InstanceType: c5.large}", MIXED.format(distribution="{}", overrides=overrides)))
    assert read(pool, "instance_types") == types


@pytest.mark.parametrize(
    ("launch", "capacity"),
    [
        ("{InstanceMarketOptions: {MarketType: spot}}", "SPOT"),
        ("{InstanceMarketOptions: {MarketType: capacity-block}}", "CAPACITY_BLOCK"),
        ("{InstanceMarketOptions: {MarketType: !Ref Open}}", UNKNOWN),
        ("{InstanceType: m5.large}", "ON_DEMAND"),
    ],
)
def test_how_plain_instances_are_bought(launch: str, capacity: str) -> None:
    assert read(group(auto_scaling_group(launch)), "capacity_type") == capacity


def test_launch_configurations() -> None:
    loaded = load("""
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: nodes}}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {InstanceProfileName: nodes, Roles: [nodes]}}
  Config:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties:
      ImageId: ami-1
      InstanceType: t3.large
      SpotPrice: "0.05"
      KeyName: key
      SecurityGroups: [sg-1]
      AssociatePublicIpAddress: true
      IamInstanceProfile: nodes
      MetadataOptions: {HttpTokens: optional}
      UserData:
        Fn::Base64: "#!/bin/bash\\n/etc/eks/bootstrap.sh shop\\n"
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: 1, MaxSize: 1, LaunchConfigurationName: !Ref Config, AvailabilityZones: !GetAZs ""}
""")
    [(pool, reference)] = loaded.pools
    assert isinstance(pool, NodeGroup)
    assert reference.name == "shop"
    expected = {
        "capacity_type": "SPOT",
        "instance_types": ("t3.large",),
        "ami_id": "ami-1",
        "ssh_allowed": True,
        "security_groups": ("sg-1",),
        "uses_private_networking": False,
        "http_tokens": "optional",
        "availability_zones": UNKNOWN,
        "labels": {},
    }
    assert {field: read(pool, field) for field in expected} == expected
    assert pool.role is not None
    assert pool.role.name == "nodes"
    assert pool.launch_template is not None
    assert pool.launch_template.is_launch_configuration
    assert str(pool.launch_template) == "launch configuration Config"
