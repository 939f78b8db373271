"""Self-managed node groups and bare instances."""

import pytest
from cloudformation_templates import UNKNOWN, answers, auto_scaling_group, entity, group, line, load, read, spot

from ekslint.model.iam import Role
from ekslint.model.launch import LaunchTemplate, UserData
from ekslint.model.pool import NodeGroup, Taint

FULL = """
Parameters:
  ClusterName: {Type: String, Default: shop}
  Image:
    Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>
    Default: /aws/service/eks/optimized-ami/1.31/amazon-linux-2/recommended/image_id
Resources:
  Role: {Type: AWS::IAM::Role}
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Sub "${AWS::Region}a", MapPublicIpOnLaunch: true}}
  B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Sub "${AWS::Region}b", MapPublicIpOnLaunch: true}}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: !Ref Image
        InstanceType: m5.large
        KeyName: key
        CreditSpecification: {CpuCredits: unlimited}
        IamInstanceProfile: {Arn: !GetAtt Profile.Arn}
        MetadataOptions: {HttpTokens: required}
        BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 40, VolumeType: gp2}}]
        UserData:
          Fn::Base64:
            Fn::Sub: |
              #!/bin/bash
              /etc/eks/bootstrap.sh ${ClusterName} --use-max-pods false --kubelet-extra-args "--max-pods=30 \\
                --node-labels=workload=cpu --register-with-taints=dedicated=batch:NoSchedule"
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      AutoScalingGroupName: workers
      MinSize: "1"
      MaxSize: "4"
      DesiredCapacity: "2"
      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
      VPCZoneIdentifier: [!Ref A, !Ref B]
      CapacityRebalance: true
      MaxInstanceLifetime: 604800
      Tags:
        - {Key: !Sub "kubernetes.io/cluster/${ClusterName}", Value: owned, PropagateAtLaunch: true}
        - {Key: k8s.io/cluster-autoscaler/enabled, Value: "true", PropagateAtLaunch: true}
    UpdatePolicy:
      AutoScalingRollingUpdate:
        MinInstancesInService: 1
        MaxBatchSize: 2
        SuspendProcesses: [AZRebalance]
  Policy:
    Type: AWS::AutoScaling::ScalingPolicy
    Properties: {AutoScalingGroupName: !Ref Workers}
"""


def test_every_field_of_a_self_managed_group() -> None:
    loaded = load(FULL)
    [(pool, reference)] = loaded.pools
    assert isinstance(pool, NodeGroup)
    assert reference.name == "shop"
    expected = {
        "kind": "self-managed",
        "name": "workers",
        "min_size": 1,
        "desired_size": 2,
        "max_size": 4,
        "instance_types": ("m5.large",),
        "capacity_type": "ON_DEMAND",
        "instances_distribution": None,
        "ami_type": None,
        "ami_id": "/aws/service/eks/optimized-ami/1.31/amazon-linux-2/recommended/image_id",
        "ami_family": "AmazonLinux2",
        "version": "1.31",
        "availability_zones": ("zone #a", "zone #b"),
        "uses_private_networking": False,
        "labels": {"workload": "cpu"},
        "taints": (Taint("dedicated", "batch", "NoSchedule"),),
        "max_pods": 30,
        "http_tokens": "required",
        "http_put_response_hop_limit": None,
        "volume_size": 40,
        "volume_type": "gp2",
        "volume_encrypted": None,
        "ssh_allowed": True,
        "cpu_credits": "unlimited",
        "capacity_rebalance": True,
        "max_instance_lifetime": 604800,
        "suspended_processes": ("AZRebalance",),
        "scaling_policies": ("Policy",),
        "launch_template_version": UNKNOWN,
    }
    assert {field: read(pool, field) for field in expected} == expected
    assert pool.role is entity(loaded, Role, "Role")
    assert spot(pool.at("role")) == "!GetAtt Profile.Arn"
    assert pool.update_policy is not None
    assert pool.update_policy["AutoScalingRollingUpdate"]["MinInstancesInService"] == 1
    assert (
        line(pool.at("update_policy", "AutoScalingRollingUpdate", "MinInstancesInService"))
        == "MinInstancesInService: 1"
    )
    assert pool.scaling_tags["k8s.io/cluster-autoscaler/enabled"] == "true"
    assert pool.user_data is not None
    assert pool.user_data.cluster_name == "shop"
    assert pool.user_data.script_arguments["use-max-pods"] == "false"
    assert pool.at("version").by_default == "Image"


def test_a_group_that_joins_no_cluster_is_none() -> None:
    assert load(auto_scaling_group("{InstanceType: m5.large}", tag="kubernetes.io/created-for/x")).pools == []


@pytest.mark.parametrize(
    ("bootstrap", "name"),
    [
        ("#!/bin/bash\\n/etc/eks/bootstrap.sh shop\\n", "shop"),
        ("[settings.kubernetes]\\ncluster-name = 'shop'\\n", "shop"),
        ("apiVersion: node.eks.aws/v1alpha1\\nkind: NodeConfig\\nspec: {cluster: {name: shop}}\\n", "shop"),
        ("<powershell>\\n& $Script -EKSClusterName shop\\n</powershell>\\n", "shop"),
        ("#!/bin/bash\\n/etc/eks/bootstrap.sh $CLUSTER\\n", None),
    ],
)
def test_user_data_tells_nodes_from_others(bootstrap: str, name: str | None) -> None:
    launch = f'{{UserData: {{"Fn::Base64": "{bootstrap}"}}}}'
    [(_, reference)] = load(auto_scaling_group(launch, tag="Name")).pools
    assert reference.name == name


def test_the_cluster_of_the_template_in_tags_and_user_data() -> None:
    cluster = "  Cluster: {Type: AWS::EKS::Cluster, Properties: {}}"
    by_tag = load(
        auto_scaling_group("{InstanceType: m5.large}", rest=cluster, tag='!Sub "kubernetes.io/cluster/${Cluster}"')
    )
    assert by_tag.pools[0][1].cluster is by_tag.clusters[0]
    launch = '{UserData: {"Fn::Base64": {"Fn::Sub": "#!/bin/bash\\n/etc/eks/bootstrap.sh ${Cluster}\\n"}}}'
    by_user_data = load(auto_scaling_group(launch, rest=cluster, tag="Name"))
    assert by_user_data.pools[0][1].cluster is by_user_data.clusters[0]
    tags = "{TagSpecifications: [{ResourceType: instance, Tags: [{Key: kubernetes.io/cluster/x, Value: owned}]}]}"
    assert load(auto_scaling_group(tags, tag="Name")).pools[0][1].name == "x"


@pytest.mark.parametrize("launch", ["{InstanceType: m5.large}", "{UserData: !Ref Open}"])
def test_labels_of_nodes_that_start_unseen_are_open(launch: str) -> None:
    pool = group(auto_scaling_group(launch))
    assert pool.unknown("labels", "workload")
    assert pool.unknown("taints", 0)
    assert pool.unknown("max_pods")


def test_a_group_whose_launch_template_stands_elsewhere() -> None:
    pool = group(auto_scaling_group("{}", "      LaunchTemplate: {LaunchTemplateId: lt-1, Version: $Latest}"))
    for field in ("instance_types", "ami_id", "http_tokens", "user_data", "capacity_type", "security_groups"):
        assert pool.unknown(field), field
    assert pool.role is None
    assert pool.launch_template_version == "$Latest"


def test_subnets_in_one_text() -> None:
    pool = group("""
Resources:
  A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: us-east-1a}}
  B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: us-east-1b}}
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 1
      MaxSize: 1
      VPCZoneIdentifier: [!Join [",", [!Ref A, !Ref B]]]
      Tags: [{Key: kubernetes.io/cluster/x, Value: owned}]
""")
    assert [subnet.identifier for subnet in pool.subnets] == ["A", "B"]
    assert pool.availability_zones == ("us-east-1a", "us-east-1b")


def test_user_data_and_launch_templates_are_subjects() -> None:
    loaded = load(FULL)
    assert isinstance(entity(loaded, UserData, "Template"), UserData)
    assert entity(loaded, LaunchTemplate, "Template").role is entity(loaded, Role, "Role")


def test_user_data_that_depends_on_a_condition() -> None:
    loaded = load("""
Parameters: {Batch: {Type: String}}
Conditions: {IsBatch: !Equals [!Ref Batch, "yes"]}
Resources:
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        UserData:
          Fn::If:
            - IsBatch
            - Fn::Base64: "#!/bin/bash\\n/etc/eks/bootstrap.sh x --kubelet-extra-args --node-labels=workload=batch\\n"
            - Fn::Base64: "#!/bin/bash\\n/etc/eks/bootstrap.sh x\\n"
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: 1, MaxSize: 1, LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: 1}}
""")
    pool = loaded.pools[0][0]
    assert answers(loaded.world, lambda: pool.labels.get("workload")) == {"batch", None}
    user_data = [each for each in loaded.entities if isinstance(each, UserData)]
    assert answers(loaded.world, lambda: tuple(each.present for each in user_data)) == {(True, False), (False, True)}
