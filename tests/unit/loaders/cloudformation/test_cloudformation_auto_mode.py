"""EKS Auto Mode of a cluster, and the pools that come with it."""

from cloudformation_templates import answers, entity, load, spot

from ekslint.model.iam import Role
from ekslint.model.pool import KarpenterPool

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
