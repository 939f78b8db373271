"""`AWS::EKS::Cluster` and what belongs to it."""

import pytest
from cloudformation_templates import UNKNOWN, cluster, line, load, read, spot

from ekslint.model.cluster import Cluster

FULL = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}
  A:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, AvailabilityZone: eu-west-1a, CidrBlock: 10.0.1.0/24}
  B:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, AvailabilityZone: eu-west-1b, CidrBlock: 10.0.2.0/24}
  ClusterRole:
    Type: AWS::IAM::Role
    Properties: {RoleName: shop-cluster, AssumeRolePolicyDocument: {}}
  Key: {Type: AWS::KMS::Key}
  Group: {Type: AWS::EC2::SecurityGroup}
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: shop
      Version: "1.33"
      RoleArn: !GetAtt ClusterRole.Arn
      UpgradePolicy: {SupportType: STANDARD}
      ZonalShiftConfig: {Enabled: true}
      DeletionProtection: true
      BootstrapSelfManagedAddons: false
      AccessConfig: {AuthenticationMode: API, BootstrapClusterCreatorAdminPermissions: false}
      EncryptionConfig:
        - Resources: [secrets]
          Provider: {KeyArn: !GetAtt Key.Arn}
      KubernetesNetworkConfig: {IpFamily: ipv6, ServiceIpv4Cidr: 172.20.0.0/16}
      Logging:
        ClusterLogging:
          EnabledTypes:
            - Type: api
            - Type: audit
      ResourcesVpcConfig:
        SubnetIds: [!Ref A, !Ref B]
        SecurityGroupIds: [!GetAtt Group.GroupId, sg-1]
        EndpointPublicAccess: true
        EndpointPrivateAccess: true
        PublicAccessCidrs: [203.0.113.0/24]
      Tags:
        - {Key: env, Value: production}
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/eks/${Cluster}/cluster", RetentionInDays: 30}
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties: {Url: !GetAtt Cluster.OpenIdConnectIssuerUrl}
"""


def test_every_field_of_a_cluster() -> None:
    shop = cluster(FULL)
    assert (str(shop), shop.resource) == ("cluster shop", "AWS::EKS::Cluster/Cluster")
    expected = {
        "name": "shop",
        "version": "1.33",
        "support_type": "STANDARD",
        "region": "eu-west-1",
        "tags": {"env": "production"},
        "ip_family": "IPv6",
        "service_cidr": "172.20.0.0/16",
        "public_access": True,
        "private_access": True,
        "public_access_cidrs": ("203.0.113.0/24",),
        "authentication_mode": "API",
        "bootstraps_creator_admin": False,
        "zonal_shift": True,
        "deletion_protection": True,
        "secrets_key": "Key",
        "log_types": ("api", "audit"),
        "log_retention_days": 30,
        "security_groups": ("Group", "sg-1"),
        "availability_zones": ("eu-west-1a", "eu-west-1b"),
        "default_addons": (),
        "oidc_provider": True,
        "auto_mode": None,
        "has_hidden_parts": False,
        "is_on_outpost": False,
    }
    assert {field: read(shop, field) for field in expected} == expected
    assert shop.role is not None
    assert shop.role.name == "shop-cluster"
    assert [subnet.identifier for subnet in shop.subnets] == ["A", "B"]
    assert shop.network is not None
    assert (shop.network.cidr, shop.network.dns_hostnames, shop.network.dns_support) == ("10.0.0.0/16", True, True)
    assert spot(shop.at("public_access")) == "true"
    assert spot(shop.at("log_retention_days")) == "30"
    assert line(shop.at("tags", "env")).startswith("- {Key: env")


def test_the_api_s_defaults() -> None:
    bare = cluster("Resources: {Cluster: {Type: 'AWS::EKS::Cluster', Properties: {RoleArn: arn:aws:iam::1:role/x}}}")
    expected = {
        "name": None,
        "version": None,
        "support_type": None,
        "tags": {},
        "public_access": True,
        "private_access": False,
        "public_access_cidrs": None,
        "authentication_mode": None,
        "secrets_key": None,
        "log_types": (),
        "ip_family": "IPv4",
        "default_addons": ("vpc-cni", "kube-proxy", "coredns"),
        "oidc_provider": False,
        "region": UNKNOWN,
        "availability_zones": None,
    }
    assert {field: read(bare, field) for field in expected} == expected
    assert str(bare) == "cluster Cluster"
    assert bare.role is None


@pytest.mark.parametrize(
    "resource",
    [
        "{Type: AWS::CloudFormation::Stack, Properties: {Parameters: {ClusterName: !Ref Cluster}}}",
        "{Type: AWS::CloudFormation::Stack, Properties: {Parameters: {ClusterName: !Ref Name}}}",
        "{Type: Custom::Nodes, Properties: {Cluster: !GetAtt Cluster.Arn}}",
        "{Type: AWS::CloudFormation::CustomResource, Properties: {Cluster: !Sub '${Cluster}'}}",
        "{Type: AWSQS::Kubernetes::Helm, Properties: {ClusterID: !Ref Cluster}}",
    ],
)
def test_what_other_stacks_may_do_is_hidden(resource: str) -> None:
    template = f"""
Parameters: {{Name: {{Type: String}}}}
Resources:
  Cluster: {{Type: AWS::EKS::Cluster, Properties: {{Name: !Ref Name}}}}
  Other: {resource}
"""
    shop = cluster(template)
    assert shop.has_hidden_parts
    assert shop.has_unseen_pools
    assert read(shop, "oidc_provider") == UNKNOWN
    assert shop.unknown("addons", "coredns")
    assert not cluster(template.replace(resource, "{Type: Custom::X, Properties: {A: b}}")).has_hidden_parts


def test_legacy_and_custom_clusters_are_there_and_unknown() -> None:
    for kind in ("AWSQS::EKS::Cluster", "Custom::EKSCluster"):
        loaded = load(f"""
Resources:
  Old: {{Type: "{kind}", Properties: {{Name: shop, Version: "1.18"}}}}
  Workers: {{Type: AWS::EKS::Nodegroup, Properties: {{ClusterName: !Ref Old}}}}
""")
        [old] = loaded.clusters
        assert old.has_hidden_parts
        fields = set(Cluster.defaults) - {
            "name",
            "paths",
            "main_paths",
            "extra_pools",
            "has_external_parts",
            "has_hidden_parts",
        }
        known = {field for field in fields if not old.unknown(field)}
        assert known <= {"is_implicit", "karpenter_version", "karpenter_interruption_queue", "private_cluster"}
        assert loaded.pools[0][1].cluster is old


def test_the_cdk_s_cluster_resource() -> None:
    shop = cluster("""{"Resources": {"ClusterXYZ": {"Type": "Custom::AWSCDK-EKS-Cluster",
      "Properties": {"Config": {"name": "shop", "version": "1.33"}}}}}""")
    assert (str(shop), shop.version, shop.has_hidden_parts) == ("cluster shop", "1.33", True)
    assert shop.unknown("public_access")
