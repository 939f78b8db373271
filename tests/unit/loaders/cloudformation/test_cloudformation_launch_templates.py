"""Managed node groups with a launch template."""

import pytest
from cloudformation_templates import UNKNOWN, answers, group, line, load, read, spot

from ekslint.model.launch import LaunchTemplate

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
MetadataOptions: {HttpTokens: optional, HttpPutResponseHopLimit: 3, HttpEndpoint: disabled}
BlockDeviceMappings:
  - {DeviceName: /dev/xvda, Ebs: {VolumeSize: 50, VolumeType: gp3, Encrypted: true}}
Placement: {GroupName: cluster}
""")
    )
    expected = {
        "instance_types": ("c5.large",),
        "ssh_allowed": False,
        "security_groups": ("Group",),
        "has_metadata_service": False,
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
        "has_metadata_service": True,
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
