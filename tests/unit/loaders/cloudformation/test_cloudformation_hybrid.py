"""Hybrid nodes of a cluster: RemoteNetworkConfig."""

from cloudformation_templates import answers, load, spot

from ekslint.model.pool import HybridNodes

HYBRID = """
Parameters: {Ranges: {Type: CommaDelimitedList}, Hybrid: {Type: String, AllowedValues: ["yes", "no"]}}
Conditions: {IsHybrid: !Equals [!Ref Hybrid, "yes"]}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: shop
      RemoteNetworkConfig: CONFIG
"""
NETWORKS = "{RemoteNodeNetworks: [{Cidrs: [10.80.0.0/16]}], RemotePodNetworks: [{Cidrs: [10.81.0.0/16, 10.82.0.0/16]}]}"


def hybrid_nodes(config: str) -> HybridNodes:
    [(pool, reference)] = load(HYBRID.replace("CONFIG", config)).pools
    assert isinstance(pool, HybridNodes)
    assert reference.cluster is not None
    assert reference.cluster.name == "shop"
    return pool


def test_networks_of_machines_and_pods() -> None:
    pool = hybrid_nodes(NETWORKS)
    assert (str(pool), pool.kind) == ("hybrid nodes of cluster shop", "hybrid")
    assert pool.node_networks == ("10.80.0.0/16",)
    assert pool.pod_networks == ("10.81.0.0/16", "10.82.0.0/16")
    assert spot(pool.at("pod_networks", 1)) == "10.82.0.0/16"
    assert pool.labels["eks.amazonaws.com/compute-type"] == "hybrid"
    assert pool.unknown("labels", "rack")
    assert not pool.is_ec2


def test_ranges_that_are_not_in_the_template() -> None:
    pool = hybrid_nodes("{RemoteNodeNetworks: [{Cidrs: !Ref Ranges}]}")
    assert pool.unknown("node_networks", 0)
    assert pool.pod_networks == ()


def test_no_ranges_take_hybrid_nodes_away() -> None:
    loaded = load(HYBRID.replace("CONFIG", "{RemoteNodeNetworks: [], RemotePodNetworks: []}"))
    assert loaded.pools == []
    assert not loaded.clusters[0].has_hidden_parts


def test_hybrid_nodes_on_a_condition() -> None:
    loaded = load(HYBRID.replace("CONFIG", f"!If [IsHybrid, {NETWORKS}, !Ref AWS::NoValue]"))
    assert answers(loaded.world, lambda: tuple(pool.present for pool, _ in loaded.pools)) == {(True,), (False,)}


def test_a_configuration_from_elsewhere_hides_pools() -> None:
    loaded = load(HYBRID.replace("CONFIG", "!Ref Nowhere"))
    assert loaded.pools == []
    assert loaded.clusters[0].has_unseen_pools
