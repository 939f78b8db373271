"""`AWS::EKS::Cluster` and what belongs to it."""

import pytest
from cloudformation_templates import UNKNOWN, answers, cluster, entity, line, load, read, spot

from ekslint.model.cluster import AccessEntry, Addon, Cluster, PodIdentityAssociation
from ekslint.model.iam import Role
from ekslint.model.pool import KarpenterPool

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


PARTS = """
Resources:
  Cluster: {Type: AWS::EKS::Cluster, Properties: {Name: shop}}
  NodeRole: {Type: AWS::IAM::Role, Properties: {RoleName: shop-node}}
  PodRole: {Type: AWS::IAM::Role}
  Cni:
    Type: AWS::EKS::Addon
    Properties:
      ClusterName: !Ref Cluster
      AddonName: vpc-cni
      AddonVersion: v1.20.1-eksbuild.1
      ServiceAccountRoleArn: !GetAtt PodRole.Arn
      ConfigurationValues: '{"env": {"ENABLE_PREFIX_DELEGATION": "true"}}'
      ResolveConflicts: OVERWRITE
  Csi:
    Type: AWS::EKS::Addon
    Properties:
      ClusterName: shop
      AddonName: aws-ebs-csi-driver
      PodIdentityAssociations: [{ServiceAccount: ebs-csi-controller-sa, RoleArn: !GetAtt PodRole.Arn}]
  Nodes:
    Type: AWS::EKS::AccessEntry
    Properties:
      ClusterName: !Ref Cluster
      PrincipalArn: !GetAtt NodeRole.Arn
      Type: EC2_LINUX
  Admin:
    Type: AWS::EKS::AccessEntry
    Properties:
      ClusterName: !Ref Cluster
      PrincipalArn: arn:aws:iam::111122223333:role/Admin
      KubernetesGroups: [admins]
      Username: admin
      AccessPolicies:
        - PolicyArn: !Sub arn:${AWS::Partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy
          AccessScope: {Type: cluster}
  Named:
    Type: AWS::EKS::AccessEntry
    Properties:
      ClusterName: !Ref Cluster
      PrincipalArn: !Sub arn:aws:iam::${AWS::AccountId}:role/shop-node
  Api:
    Type: AWS::EKS::PodIdentityAssociation
    Properties: {ClusterName: !Ref Cluster, Namespace: shop, ServiceAccount: api, RoleArn: !GetAtt PodRole.Arn}
  Elsewhere:
    Type: AWS::EKS::Addon
    Properties: {ClusterName: other, AddonName: coredns}
"""


def test_addons() -> None:
    shop = cluster(PARTS)
    assert list(shop.addons) == ["vpc-cni", "aws-ebs-csi-driver"]
    cni = shop.addons["vpc-cni"]
    assert (cni.version, cni.role, cni.resolve_conflicts) == ("v1.20.1-eksbuild.1", "PodRole", "OVERWRITE")
    assert cni.configuration_values == '{"env": {"ENABLE_PREFIX_DELEGATION": "true"}}'
    assert shop.nodes_get_cni_from_cluster
    csi = shop.addons["aws-ebs-csi-driver"]
    assert csi.role is None
    assert csi.has_own_identity
    [association] = csi.pod_identity_associations
    assert association.service_account == "ebs-csi-controller-sa"
    assert association.declared_role is not None
    assert association.declared_role.resource == "AWS::IAM::Role/PodRole"
    assert line(shop.at("addons", "vpc-cni")) == "Cni:"


def test_access_entries() -> None:
    nodes, admin, named = cluster(PARTS).access_entries
    assert (nodes.principal, nodes.type) == ("NodeRole", "EC2_LINUX")
    assert (admin.principal, admin.type, admin.username) == (
        "arn:aws:iam::111122223333:role/Admin",
        "STANDARD",
        "admin",
    )
    assert admin.kubernetes_groups == ("admins",)
    assert admin.access_policies == ("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",)
    assert named.principal == "NodeRole"


def test_pod_identity_associations() -> None:
    [api] = cluster(PARTS).pod_identity_associations
    assert (api.namespace, api.service_account, api.role) == ("shop", "api", "PodRole")
    assert isinstance(api.declared_role, Role)


def test_parts_of_clusters_from_elsewhere() -> None:
    [(addon, reference)] = load(PARTS).members
    assert isinstance(addon, Addon)
    assert (addon.name, reference.name, reference.cluster) == ("coredns", "other", None)


@pytest.mark.parametrize(
    ("kind", "owner"),
    [("Addon", Addon), ("AccessEntry", AccessEntry), ("PodIdentityAssociation", PodIdentityAssociation)],
)
def test_a_cluster_that_is_a_parameter_is_nobody(kind: str, owner: type) -> None:
    [(member, reference)] = load(f"""
Parameters: {{Name: {{Type: String}}}}
Resources: {{X: {{Type: "AWS::EKS::{kind}", Properties: {{ClusterName: !Ref Name}}}}}}
""").members
    assert isinstance(member, owner)
    assert reference == (None, None)


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("!Ref ClusterName", "!Ref ClusterName"),
        ("!Sub ${AWS::StackName}-eks", "!Sub ${AWS::StackName}-eks"),
        ("!Sub ${AWS::StackName}-eks", '!Join ["", [!Ref AWS::StackName, -eks]]'),
        ("shop", "shop"),
        ("!Ref ClusterName", "!If [Create, !Ref Cluster, !Ref Existing]"),
        ("!Sub x-${Existing}", "!Ref Cluster"),
    ],
)
def test_equal_expressions_name_the_same_cluster(name: str, reference: str) -> None:
    loaded = load(f"""
Parameters:
  ClusterName: {{Type: String}}
  Existing: {{Type: String}}
Conditions: {{Create: !Equals [!Ref Existing, ""]}}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: {name}
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: {reference}
""")
    [(_, found)] = loaded.pools
    assert found.cluster is loaded.clusters[0]


def test_two_clusters_keep_apart() -> None:
    loaded = load("""
Resources:
  One: {Type: AWS::EKS::Cluster, Properties: {Name: one}}
  Two: {Type: AWS::EKS::Cluster, Properties: {Name: two}}
  W: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: !Ref Two}}
  F: {Type: AWS::EKS::FargateProfile, Properties: {ClusterName: one, Selectors: []}}
  A: {Type: AWS::EKS::Addon, Properties: {ClusterName: !Ref One, AddonName: coredns}}
""")
    one, two = loaded.clusters
    assert [reference.cluster for _, reference in loaded.pools] == [two, one]
    assert (list(one.addons), list(two.addons)) == (["coredns"], [])


def test_conditional_parts_exist_in_some_worlds() -> None:
    loaded = load("""
Parameters: {Cni: {Type: String}}
Conditions: {WithCni: !Equals [!Ref Cni, "yes"]}
Resources:
  Cluster: {Type: AWS::EKS::Cluster, Properties: {Name: shop}}
  Role: {Type: AWS::IAM::Role}
  CniAddon:
    Type: AWS::EKS::Addon
    Condition: WithCni
    Properties: {ClusterName: !Ref Cluster, AddonName: vpc-cni, ServiceAccountRoleArn: !GetAtt Role.Arn}
  Provider:
    Type: AWS::IAM::OIDCProvider
    Condition: WithCni
    Properties: {Url: !GetAtt Cluster.OpenIdConnectIssuerUrl}
""")
    [shop] = loaded.clusters
    world = loaded.world
    seen = answers(
        world, lambda: ("vpc-cni" in shop.addons, shop.nodes_get_cni_from_cluster, shop.oidc_provider, len(shop.addons))
    )
    assert seen == {(True, True, True, 1), (False, False, False, 0)}
    [addon] = shop.possible_items("addons")
    assert addon.name == "vpc-cni"


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
        fields = set(Cluster.defaults) - {"name", "paths", "extra_pools", "has_external_parts", "has_hidden_parts"}
        known = {field for field in fields if not old.unknown(field)}
        assert known <= {"is_implicit", "karpenter_version", "karpenter_interruption_queue", "private_cluster"}
        assert loaded.pools[0][1].cluster is old


def test_the_cdk_s_cluster_resource() -> None:
    shop = cluster("""{"Resources": {"ClusterXYZ": {"Type": "Custom::AWSCDK-EKS-Cluster",
      "Properties": {"Config": {"name": "shop", "version": "1.33"}}}}}""")
    assert (str(shop), shop.version, shop.has_hidden_parts) == ("cluster shop", "1.33", True)
    assert shop.unknown("public_access")


AUTO = """
Parameters: {Auto: {Type: String, AllowedValues: ["true", "false"]}}
Resources:
  NodeRole: {Type: AWS::IAM::Role}
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: shop
      ComputeConfig:
        Enabled: ENABLED
        NodePools: [general-purpose, system]
        NodeRoleArn: !GetAtt NodeRole.Arn
      StorageConfig: {BlockStorage: {Enabled: true}}
"""


def test_auto_mode() -> None:
    loaded = load(AUTO.replace("ENABLED", "true"))
    [shop] = loaded.clusters
    assert shop.auto_mode is not None
    assert shop.auto_mode.node_pools == ("general-purpose", "system")
    assert shop.auto_mode.node_role == "NodeRole"
    assert shop.auto_mode.declared_role is entity(loaded, Role, "NodeRole")
    assert shop.auto_mode_switches == {"compute": True, "blockStorage": True}
    general, system = (pool for pool, _ in loaded.pools)
    assert isinstance(general, KarpenterPool)
    assert (general.kind, general.name, system.name) == ("auto-builtin", "general-purpose", "system")
    assert [taint.key for taint in system.taints] == ["CriticalAddonsOnly"]
    assert spot(general.at("name")) == "general-purpose"
    assert all(reference.cluster is shop for _, reference in loaded.pools)


def test_auto_mode_that_is_off_or_open() -> None:
    off = load(AUTO.replace("ENABLED", "false"))
    assert off.clusters[0].auto_mode is None
    assert off.pools == []
    chosen = load(AUTO.replace("ENABLED", "!Ref Auto"))
    [shop] = chosen.clusters
    worlds = answers(
        chosen.world, lambda: (shop.auto_mode is not None, tuple(pool.present for pool, _ in chosen.pools))
    )
    assert worlds == {(True, (True, True)), (False, (False, False))}
    unknown = load(AUTO.replace("ENABLED", "!Ref Nowhere")).clusters[0]
    assert unknown.unknown("auto_mode")
    assert unknown.has_unseen_pools


def test_pools_of_auto_mode_that_cannot_be_told_are_unseen() -> None:
    loaded = load(AUTO.replace("ENABLED", "true").replace("[general-purpose, system]", "!Ref Pools"))
    assert loaded.pools == []
    assert loaded.clusters[0].has_unseen_pools
