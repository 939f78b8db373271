"""Add-ons, access entries, pod identities, and which cluster they mean."""

import pytest
from cloudformation_templates import answers, cluster, line, load

from ekslint.loaders.loaded import ClusterReference
from ekslint.model.cluster import AccessEntry, Addon, PodIdentityAssociation
from ekslint.model.iam import Role

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
    assert reference == ClusterReference()


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
