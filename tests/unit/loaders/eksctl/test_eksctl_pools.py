import pytest
from eksctl_loading import HEADER, UNKNOWN, cluster_of, line, load, value

from ekslint.model.pool import FargateProfile, FargateSelector, HybridNodes, KarpenterPool, Taint

FARGATE_TAINT = Taint("eks.amazonaws.com/compute-type", "fargate", "NoSchedule")


def pool_of(body, kind):
    [pool] = [pool for pool, _ in load(HEADER + body).pools if isinstance(pool, kind)]
    return pool


def test_fargate_profile():
    profile = pool_of(
        """\
fargateProfiles:
  - name: default
    subnets: [subnet-1]
    selectors:
      - namespace: shop
        labels: {tier: web}
      - namespace: batch-*
""",
        FargateProfile,
    )
    assert (str(profile), profile.resource, profile.kind) == (
        "Fargate profile default",
        "FargateProfile/default",
        "fargate",
    )
    assert list(profile.selectors) == [
        FargateSelector("shop", {"tier": "web"}),
        FargateSelector("batch-*", {}),
    ]
    assert list(profile.taints) == [FARGATE_TAINT]
    assert profile.labels == {"eks.amazonaws.com/compute-type": "fargate"}
    assert [str(subnet) for subnet in profile.subnets] == ["subnet subnet-1"]
    assert list(profile.role.managed_policies) == ["AmazonEKSFargatePodExecutionRolePolicy"]
    assert line(profile.at("selectors", 0, "labels", "tier")) == ("web", "labels: {tier: web}")
    assert line(profile.at("selectors", 1)) == ("namespace", "- namespace: batch-*")


def test_fargate_role_of_the_users_own():
    own = "fargateProfiles: [{name: a, podExecutionRoleARN: arn:aws:iam::1:role/x}]"
    assert pool_of(own, FargateProfile).role is None
    shared = "fargateProfiles: [{name: a}]\niam: {fargatePodExecutionRoleARN: arn:aws:iam::1:role/x}"
    assert pool_of(shared, FargateProfile).role is None


def test_templated_selectors():
    profile = pool_of("fargateProfiles: [{name: a, selectors: [{namespace: '${NS}'}, {namespace: b}]}]", FargateProfile)
    assert value(profile, "selectors", 0) == UNKNOWN
    assert profile.selectors[1] == FargateSelector("b", {})
    whole = pool_of("fargateProfiles: [{name: a, selectors: '${SELECTORS}'}]", FargateProfile)
    assert value(whole, "selectors", 0) == UNKNOWN
    [partial] = pool_of(
        "fargateProfiles: [{name: a, selectors: [{namespace: b, labels: {x: '${X}'}}]}]", FargateProfile
    ).selectors
    assert partial.namespace == "b"
    assert "x" in partial.labels


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("{enabled: true}", ["general-purpose", "system"]),
        ("{enabled: true, nodePools: [system]}", ["system"]),
        ("{enabled: true, nodePools: []}", []),
        ("{enabled: false}", None),
        ("{}", None),
        ("{enabled: '${AUTO}'}", UNKNOWN),
    ],
)
def test_auto_mode(config, expected):
    loaded = load(HEADER + f"autoModeConfig: {config}")
    auto_mode = value(loaded.clusters[0], "auto_mode")
    found = auto_mode if auto_mode in (None, UNKNOWN) else list(auto_mode.node_pools)
    assert found == expected
    names = [pool.name for pool, _ in loaded.pools]
    assert names == (expected if isinstance(expected, list) else [])


def test_auto_mode_has_a_role():
    auto_mode = cluster_of("autoModeConfig: {enabled: true, nodeRoleARN: arn:aws:iam::1:role/auto}").auto_mode
    assert auto_mode.node_role == "arn:aws:iam::1:role/auto"
    assert (str(auto_mode), auto_mode.resource) == ("Auto Mode of cluster shop", "AutoMode/shop")


def test_builtin_pools():
    loaded = load(HEADER + "autoModeConfig:\n  enabled: true\n")
    general, system = (pool for pool, _ in loaded.pools)
    assert isinstance(general, KarpenterPool)
    assert (str(system), system.resource, system.kind) == (
        "built-in node pool system",
        "AutoMode/system",
        "auto-builtin",
    )
    assert list(system.taints) == [Taint("CriticalAddonsOnly", "", "NoSchedule")]
    assert list(general.taints) == []
    assert general.labels["karpenter.sh/nodepool"] == "general-purpose"
    assert general.labels["eks.amazonaws.com/compute-type"] == "auto"
    assert general.labels["eks.amazonaws.com/nodeclass"] == "default"
    assert [str(each) for each in system.requirements] == [
        "kubernetes.io/arch In [amd64, arm64]",
        "kubernetes.io/os In [linux]",
        "karpenter.sh/capacity-type In [on-demand]",
        "eks.amazonaws.com/instance-category In [c, m, r]",
        "eks.amazonaws.com/instance-generation Gt [4]",
    ]
    assert str(general.requirements[0]) == "kubernetes.io/arch In [amd64]"
    assert line(system.at("name"))[1] == "autoModeConfig:"
    listed = load(HEADER + "autoModeConfig:\n  enabled: true\n  nodePools:\n    - system\n").pools[0][0]
    assert line(listed.at("name")) == ("system", "- system")


def test_an_unknown_builtin_pool_is_no_pool():
    loaded = load(HEADER + "autoModeConfig: {enabled: true, nodePools: [gpu, system]}")
    assert [pool.name for pool, _ in loaded.pools] == ["system"]
    assert list(loaded.clusters[0].auto_mode.node_pools) == ["gpu", "system"]


def test_hybrid_nodes():
    nodes = pool_of(
        """\
remoteNetworkConfig:
  iam: {provider: IRA}
  remoteNodeNetworks:
    - cidrs: [10.80.0.0/16]
  remotePodNetworks:
    - cidrs: [10.85.0.0/16, 10.86.0.0/16]
""",
        HybridNodes,
    )
    assert (str(nodes), nodes.resource, nodes.kind) == ("hybrid nodes of cluster shop", "HybridNodes/shop", "hybrid")
    assert list(nodes.node_networks) == ["10.80.0.0/16"]
    assert list(nodes.pod_networks) == ["10.85.0.0/16", "10.86.0.0/16"]
    assert nodes.credential_provider == "ira"
    assert nodes.labels["eks.amazonaws.com/compute-type"] == "hybrid"
    assert nodes.unknown("labels", "zone")
    assert value(nodes, "taints", 0) == UNKNOWN
    assert pool_of("remoteNetworkConfig: {}", HybridNodes).credential_provider == "ssm"
    assert not cluster_of("").unknown("extra_pools")
