"""The file itself as a subject of rules: one ClusterConfig a document, with the cluster that it is a part of."""

from eksctl_loading import HEADER, load

from ekslint.model.eksctl import ClusterConfig, EksctlNodeGroup


def configs(*texts, **options):
    return [entity for entity in load(*texts, **options).entities if isinstance(entity, ClusterConfig)]


def test_one_for_each_document():
    first, second = configs(HEADER + "availabilityZones: [a]\n---\n" + HEADER.replace("shop", "${NAME}"))
    assert str(first) == "ClusterConfig shop"
    assert first.resource == "ClusterConfig/shop"
    assert first.dialect == "eksctl"
    assert first.get("availabilityZones") == ["a"]
    assert first.at("availabilityZones", 0).location.line == 7
    assert second.unknown("metadata", "name")
    assert first.cluster.name == "shop"


def test_a_file_without_a_name():
    [config] = configs("apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n")
    assert str(config) == "unnamed ClusterConfig"
    assert config.cluster.name is None


def test_files_of_one_cluster_share_it():
    one, other = configs(HEADER, HEADER + "managedNodeGroups: [{name: general}]\n", merge=True)
    assert one.cluster is other.cluster
    assert sorted(other.cluster.paths) == ["clusters/0.yaml", "clusters/1.yaml"]


def test_node_groups_are_parts():
    [config] = configs(
        HEADER + "managedNodeGroups: [{name: general}, null, 5]\nnodeGroups: [{instanceType: m5.large}]\n"
    )
    managed, unmanaged = config.parts
    assert isinstance(managed, EksctlNodeGroup)
    assert (str(managed), managed.is_managed, managed.resource) == (
        "node group general",
        True,
        "ManagedNodeGroup/general",
    )
    assert (str(unmanaged), unmanaged.is_managed, unmanaged.resource) == ("unnamed node group", False, "NodeGroup/[0]")
    assert unmanaged.cluster is config.cluster
