"""`AWS::EKS::Nodegroup`, with and without a launch template, and `AWS::EKS::FargateProfile`."""

import pytest
from cloudformation_templates import UNKNOWN, answers, group, line, load, read, spot

from ekslint.model.iam import Role
from ekslint.model.launch import LaunchTemplate
from ekslint.model.pool import FargateProfile, Taint

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


WITH_TEMPLATE = """
Parameters:
  Image: {{Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: {default}}}
  Open: {{Type: String}}
Resources:
  Group: {{Type: AWS::EC2::SecurityGroup}}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateName: nodes
      LaunchTemplateData:
{data}
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      LaunchTemplate: {reference}
{properties}
"""
AL2023_PATH = "/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id"


def with_template(
    data: str,
    properties: str = "",
    reference: str = "{Id: !Ref Template, Version: $Latest}",
    default: str = AL2023_PATH,
) -> str:
    indented = "\n".join(f"        {each}" for each in data.strip().split("\n"))
    return WITH_TEMPLATE.format(data=indented, properties=properties, reference=reference, default=default)


def test_what_a_launch_template_says() -> None:
    pool = group(
        with_template("""
InstanceType: c5.large
KeyName: key
SecurityGroupIds: [!Ref Group]
MetadataOptions: {HttpTokens: optional, HttpPutResponseHopLimit: 3}
BlockDeviceMappings:
  - {DeviceName: /dev/xvda, Ebs: {VolumeSize: 50, VolumeType: gp3, Encrypted: true}}
Placement: {GroupName: cluster}
""")
    )
    expected = {
        "instance_types": ("c5.large",),
        "ssh_allowed": True,
        "security_groups": ("Group",),
        "http_tokens": "optional",
        "http_put_response_hop_limit": 3,
        "volume_size": 50,
        "volume_type": "gp3",
        "volume_encrypted": True,
        "is_pinned_capacity": True,
        "launch_template_version": "$Latest",
        "settings_beside_template": {},
        "user_data": None,
        "ami_type": None,
        "ami_id": None,
    }
    assert {field: read(pool, field) for field in expected} == expected
    assert isinstance(pool.launch_template, LaunchTemplate)
    assert pool.launch_template.name == "nodes"
    assert line(pool.at("http_tokens")).startswith("MetadataOptions:")
    assert spot(pool.at("volume_size")) == "50"


def test_what_a_launch_template_leaves_out() -> None:
    pool = group(with_template("EbsOptimized: true", "      AmiType: AL2_x86_64"))
    expected = {
        "instance_types": ("t3.medium",),
        "http_tokens": None,
        "http_put_response_hop_limit": None,
        "volume_size": None,
        "volume_encrypted": None,
        "ssh_allowed": False,
        "security_groups": (),
        "ami_family": "AmazonLinux2",
    }
    assert {field: read(pool, field) for field in expected} == expected


@pytest.mark.parametrize("reference", ["{Name: nodes}", "{Id: !Ref Template}", "{Name: !Ref Template}"])
def test_ways_to_name_a_launch_template(reference: str) -> None:
    assert group(with_template("InstanceType: c5.large", reference=reference)).instance_types == ("c5.large",)


@pytest.mark.parametrize("reference", ["{Id: lt-123}", "{Name: other}", "{Id: !Ref Open}", "nonsense"])
def test_a_launch_template_from_elsewhere_may_say_anything(reference: str) -> None:
    pool = group(with_template("InstanceType: c5.large", "      Labels: {workload: cpu}", reference))
    for field in ("instance_types", "http_tokens", "volume_size", "ami_type", "ami_family", "security_groups"):
        assert read(pool, field) == UNKNOWN, field
    assert read(pool, "ssh_allowed") == UNKNOWN
    assert read(pool, "uses_private_networking") == UNKNOWN
    assert read(pool, "labels", "workload") == "cpu"
    assert read(pool, "labels", "other") == UNKNOWN
    assert read(pool, "launch_template") == UNKNOWN


def test_what_stands_in_the_group_too() -> None:
    pool = group(
        with_template(
            "InstanceType: c5.large",
            "      InstanceTypes: [m5.large]\n      DiskSize: 30\n"
            "      RemoteAccess: {Ec2SshKey: k}\n      Version: '1.33'",
        )
    )
    assert set(pool.settings_beside_template) == {"diskSize", "instanceTypes", "remoteAccess", "version"}
    assert line(pool.at("settings_beside_template", "diskSize")) == "DiskSize: 30"
    assert pool.instance_types == ("m5.large",)


@pytest.mark.parametrize(
    ("image", "default", "ami_id", "family", "version"),
    [
        ("!Ref Image", AL2023_PATH, AL2023_PATH, "AmazonLinux2023", "1.33"),
        (f"'{{{{resolve:ssm:{AL2023_PATH}}}}}'", "/x", AL2023_PATH, "AmazonLinux2023", "1.33"),
        (f"'{{{{resolve:ssm:{AL2023_PATH}:3}}}}'", "/x", AL2023_PATH, "AmazonLinux2023", "1.33"),
        (f"resolve:ssm:{AL2023_PATH}", "/x", AL2023_PATH, "AmazonLinux2023", "1.33"),
        (
            "!Sub '{{resolve:ssm:/aws/service/eks/optimized-ami/${Open}/amazon-linux-2/recommended/image_id}}'",
            "/x",
            "/aws/service/eks/optimized-ami/${Open}/amazon-linux-2/recommended/image_id",
            "AmazonLinux2",
            UNKNOWN,
        ),
        ("ami-0123456789abcdef0", "/x", "ami-0123456789abcdef0", UNKNOWN, UNKNOWN),
        ("!Ref Open", "/x", UNKNOWN, UNKNOWN, UNKNOWN),
        ("!Ref Image", "/shop/golden-image", "/shop/golden-image", UNKNOWN, UNKNOWN),
    ],
)
def test_an_image_of_one_s_own(image: str, default: str, ami_id: str, family: object, version: object) -> None:
    pool = group(with_template(f"ImageId: {image}", default=default))
    assert pool.ami_type == "CUSTOM"
    assert tuple(read(pool, field) for field in ("ami_id", "ami_family", "version")) == (ami_id, family, version)


def test_a_conditional_image() -> None:
    loaded = load(
        "Conditions: {Own: !Equals [!Ref Open, x]}\n"
        + with_template("ImageId: !If [Own, !Ref Image, !Ref AWS::NoValue]", "      Version: '1.33'")
    )
    pool = loaded.pools[0][0]
    assert answers(loaded.world, lambda: (pool.ami_type, pool.ami_family)) == {
        ("CUSTOM", "AmazonLinux2023"),
        (None, "AmazonLinux2023"),
    }


def test_volumes() -> None:
    both = """
BlockDeviceMappings:
  - {DeviceName: /dev/xvda, Ebs: {VolumeSize: 4, Encrypted: false}}
  - {DeviceName: /dev/xvdb, Ebs: {VolumeSize: 80, VolumeType: gp2, Encrypted: true}}
"""
    bottlerocket = group(with_template(both, "      AmiType: BOTTLEROCKET_x86_64"))
    assert (bottlerocket.volume_size, bottlerocket.volume_type, bottlerocket.volume_encrypted) == (80, "gp2", False)
    linux = group(with_template(both, "      AmiType: AL2023_x86_64_STANDARD"))
    assert (linux.volume_size, linux.volume_type) == (4, None)
    assert spot(linux.at("volume_encrypted")) == "false"
    other = group(with_template("BlockDeviceMappings: [{DeviceName: /dev/sdz, Ebs: {VolumeSize: 9}}]"))
    assert other.volume_size == 9


@pytest.mark.parametrize(
    ("data", "private"),
    [
        ("NetworkInterfaces: [{DeviceIndex: 0, AssociatePublicIpAddress: true}]", False),
        ("NetworkInterfaces: [{DeviceIndex: 0, AssociatePublicIpAddress: false}]", True),
        ("NetworkInterfaces: [{DeviceIndex: 0, AssociatePublicIpAddress: !Ref Open}]", UNKNOWN),
        ("EbsOptimized: true", None),
    ],
)
def test_public_addresses(data: str, private: object) -> None:
    assert read(group(with_template(data)), "uses_private_networking") == private


@pytest.mark.parametrize(
    "data",
    [
        "NetworkInterfaces: [{DeviceIndex: 0, InterfaceType: efa}]",
        "InstanceMarketOptions: {MarketType: capacity-block}",
        "CapacityReservationSpecification: {CapacityReservationTarget: {CapacityReservationId: cr-1}}",
        "Placement: {HostId: h-1}",
    ],
)
def test_pinned_capacity(data: str) -> None:
    assert group(with_template(data)).is_pinned_capacity


def test_requirements_instead_of_types() -> None:
    pool = group(with_template("InstanceRequirements: {VCpuCount: {Min: 2}, MemoryMiB: {Min: 4096}}"))
    assert read(pool, "instance_types") == UNKNOWN
    assert pool.instance_requirements == {"vCpuCount": {"Min": "2"}, "memoryMiB": {"Min": "4096"}}


def test_security_groups_of_interfaces() -> None:
    pool = group(
        with_template("""
NetworkInterfaces:
  - DeviceIndex: 0
    Groups: [!GetAtt Group.GroupId, sg-1, !GetAtt Nowhere.X]
""")
    )
    assert read(pool, "security_groups", 0) == "Group"
    assert read(pool, "security_groups", 1) == "sg-1"
    assert read(pool, "security_groups", 2) == UNKNOWN


def test_what_eks_forbids_in_a_launch_template_can_be_seen() -> None:
    pool = group(
        with_template("""
IamInstanceProfile: {Name: nodes}
InstanceMarketOptions: {MarketType: spot}
InstanceInitiatedShutdownBehavior: terminate
HibernationOptions: {Configured: true}
NetworkInterfaces: [{DeviceIndex: 0, SubnetId: subnet-1}]
""")
    )
    template = pool.launch_template
    assert template is not None
    assert (template.profile, template.market_type, template.shutdown_behavior) == ("nodes", "spot", "terminate")
    assert template.hibernates
    assert template.network_interface_subnets == ("subnet-1",)


def test_user_data_of_a_managed_group_adds_labels() -> None:
    pool = group(
        with_template(
            """
UserData:
  Fn::Base64: |
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="=="

    --==
    Content-Type: application/node.eks.aws

    apiVersion: node.eks.aws/v1alpha1
    kind: NodeConfig
    spec:
      kubelet:
        config: {maxPods: 58}
        flags: [--node-labels=team=shop]
    --==--
""",
            "      Labels: {workload: cpu}",
        )
    )
    assert {key: pool.labels[key] for key in ("team", "workload")} == {"team": "shop", "workload": "cpu"}
    assert pool.max_pods == 58
    assert pool.user_data is not None
    assert (pool.user_data.format, pool.user_data.bootstrapper) == ("mime", "nodeadm")


@pytest.mark.parametrize(
    ("user_data", "more"),
    [
        ("!Ref Open", True),
        ("{'Fn::Base64': !Ref Open}", True),
        ('{"Fn::Base64": "#!/bin/bash\\nyum install -y jq\\n"}', False),
        ('{"Fn::Base64": "#!/bin/bash\\nsed -i s/a/KUBELET_EXTRA_ARGS=/ /etc/eks/bootstrap.sh\\n"}', True),
    ],
)
def test_user_data_of_a_managed_group_that_may_add_labels(user_data: str, more: bool) -> None:
    pool = group(with_template(f"UserData: {user_data}"))
    assert pool.unknown("labels", "team") is more
    assert pool.unknown("taints", 0) is more


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
    assert read(profile, "selectors", 2) == UNKNOWN
    assert profile.labels["eks.amazonaws.com/compute-type"] == "fargate"
    assert profile.taints == (Taint("eks.amazonaws.com/compute-type", "fargate", "NoSchedule"),)
    assert profile.role is not None
    assert profile.subnets[0].identifier == "subnet-1"
    assert spot(profile.at("selectors", 0, "namespace")) == "jobs"
