import pytest
from eksctl_loading import UNKNOWN, line, load, value

CLUSTER = """\
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1, version: "1.34", tags: {team: shop}}
iam: {withOIDC: true}
vpc: {cidr: 10.0.0.0/16}
cloudWatch: {clusterLogging: {enableTypes: [audit]}}
addons: [{name: vpc-cni}, {name: coredns, version: v1}]
managedNodeGroups: [{name: system}]
"""
GROUPS = """\
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1}
managedNodeGroups: [{name: general}]
nodeGroups: [{name: gpu}]
"""
ACCESS = """\
kind: ClusterConfig
metadata: {name: shop}
accessConfig: {authenticationMode: API, accessEntries: [{principalARN: arn:aws:iam::1:role/a}]}
addons: [{name: coredns, version: v2}, {name: aws-ebs-csi-driver}]
secretsEncryption: {keyARN: arn:aws:kms:eu-west-1:1:key/1}
"""


def test_one_cluster_of_three_files():
    loaded = load(GROUPS, CLUSTER, ACCESS, merge=True)
    [cluster] = loaded.clusters
    assert list(cluster.paths) == ["clusters/0.yaml", "clusters/1.yaml", "clusters/2.yaml"]
    assert (cluster.version, cluster.region, cluster.tags) == ("1.34", "eu-west-1", {"team": "shop"})
    assert (cluster.oidc_provider, cluster.network.cidr) == (True, "10.0.0.0/16")
    assert (list(cluster.log_types), cluster.authentication_mode) == (["audit"], "API")
    assert cluster.secrets_key == "arn:aws:kms:eu-west-1:1:key/1"
    assert [str(entry) for entry in cluster.access_entries] == ["access entry arn:aws:iam::1:role/a"]
    assert line(cluster.at("version"))[0] == '"1.34"'
    assert cluster.at("version").location.path == "clusters/1.yaml"
    assert cluster.at("secrets_key").location.path == "clusters/2.yaml"
    assert cluster.at("access_entries", 0).location.path == "clusters/2.yaml"


def test_the_pools_belong_to_the_one_cluster():
    loaded = load(GROUPS, CLUSTER, merge=True)
    [cluster] = loaded.clusters
    assert [(pool.name, reference.name) for pool, reference in loaded.pools] == [
        ("general", "shop"),
        ("gpu", "shop"),
        ("system", "shop"),
    ]
    assert all(reference.cluster is cluster and pool.cluster is cluster for pool, reference in loaded.pools)


def test_addons_add_up_and_the_first_wins():
    [cluster] = load(CLUSTER, ACCESS, merge=True).clusters
    assert list(cluster.addons) == ["vpc-cni", "coredns", "aws-ebs-csi-driver"]
    assert cluster.addons["coredns"].version == "v1"
    assert list(cluster.default_addons) == ["kube-proxy", "metrics-server"]
    assert cluster.at("addons", "aws-ebs-csi-driver").location.path == "clusters/1.yaml"


def test_what_follows_from_all_files():
    [cluster] = load(GROUPS, CLUSTER, ACCESS, merge=True).clusters
    assert cluster.nodes_get_cni_from_cluster is True
    assert cluster.has_external_parts is False
    [cluster] = load(GROUPS, ACCESS, merge=True).clusters
    assert cluster.nodes_get_cni_from_cluster is False
    assert cluster.has_external_parts is False


def test_an_existing_vpc_in_one_file_is_enough():
    existing = GROUPS.replace("nodeGroups: [{name: gpu}]", "vpc: {id: vpc-1}")
    assert load(CLUSTER, existing, merge=True).clusters[0].has_external_parts is True
    assert load(existing, CLUSTER, merge=True).clusters[0].has_external_parts is True


def test_default_addons_that_one_file_disables():
    off = GROUPS + "addonsConfig: {disableDefaultAddons: true}\n"
    assert value(load(ACCESS, off, merge=True).clusters[0], "default_addons") == []


def test_auto_mode_in_two_files_brings_its_pools_once():
    auto = "kind: ClusterConfig\nmetadata: {name: shop}\nautoModeConfig: {enabled: true}\n"
    loaded = load(GROUPS, auto, auto, merge=True)
    [cluster] = loaded.clusters
    assert [pool.name for pool, _ in loaded.pools] == ["general", "gpu", "general-purpose", "system"]
    assert list(cluster.auto_mode.node_pools) == ["general-purpose", "system"]
    assert "AmazonEKSComputePolicy" in cluster.role.managed_policies


@pytest.mark.parametrize(
    "other",
    [
        GROUPS.replace("shop", "bank"),
        GROUPS.replace("eu-west-1", "us-east-1"),
        GROUPS.replace("region: eu-west-1", "region: eu-west-1, version: '1.33'"),
        GROUPS.replace("general", "system"),
        GROUPS.replace("name: gpu", "name: system"),
        GROUPS.replace("name: shop", "name: '${NAME}'"),
        GROUPS.replace("name: shop, ", ""),
        GROUPS.replace("eu-west-1", "'${REGION}'"),
    ],
)
def test_clusters_that_stay_apart(other):
    loaded = load(CLUSTER, other, merge=True)
    assert len(loaded.clusters) == 2
    first, second = loaded.clusters
    assert [reference.cluster for _, reference in loaded.pools] == [first, second, second]


def test_a_region_that_is_templated_alike_is_the_same():
    templated = [
        text.replace("eu-west-1,", "'${REGION}',").replace("eu-west-1}", "'${REGION}'}") for text in (CLUSTER, GROUPS)
    ]
    [cluster] = load(*templated, merge=True).clusters
    assert value(cluster, "region") == UNKNOWN


def test_both_ways_to_write_a_variable_are_the_same():
    [cluster] = load(
        CLUSTER.replace("eu-west-1", "$REGION"), GROUPS.replace("eu-west-1", "'${REGION}'"), merge=True
    ).clusters
    assert list(cluster.paths) == ["clusters/0.yaml", "clusters/1.yaml"]


def test_what_only_adds_to_a_cluster_of_templated_name_joins_it():
    loaded = load(CLUSTER.replace("name: shop", "name: $NAME"), GROUPS.replace("shop", "'${NAME}'"), merge=True)
    [cluster] = loaded.clusters
    assert value(cluster, "name") == UNKNOWN
    assert all(reference.cluster is cluster for _, reference in loaded.pools)


@pytest.mark.parametrize("further", ["vpc: {cidr: 10.1.0.0/16}", "autoModeConfig: {enabled: true}"])
def test_two_whole_clusters_of_one_template_stay_apart(further):
    whole = GROUPS.replace("shop", "'${NAME}'") + further + "\n"
    assert len(load(CLUSTER.replace("name: shop", "name: $NAME"), whole, merge=True).clusters) == 2
    assert (
        len(
            load(
                CLUSTER.replace("name: shop", "name: $OTHER"), GROUPS.replace("shop", "'${NAME}'"), merge=True
            ).clusters
        )
        == 2
    )


def test_two_clusters_of_one_name_keep_their_own_files():
    other = CLUSTER.replace("eu-west-1", "us-east-1")
    loaded = load(CLUSTER, other, GROUPS, merge=True)
    assert [list(cluster.paths) for cluster in loaded.clusters] == [
        ["clusters/0.yaml", "clusters/2.yaml"],
        ["clusters/1.yaml"],
    ]


def test_a_single_file_is_left_alone():
    alone, merged = load(CLUSTER), load(CLUSTER, merge=True)
    assert str(alone.clusters[0].addons) == str(merged.clusters[0].addons)
    assert len(merged.pools) == len(alone.pools)
    assert load(merge=True).clusters == []


def test_unknown_lists_stay_unknown():
    other = GROUPS + "accessConfig: {accessEntries: '${ENTRIES}'}\naddons: ['${ADDON}']\n"
    [cluster] = load(ACCESS, other, merge=True).clusters
    assert value(cluster, "access_entries") == UNKNOWN
    assert value(cluster, "addons") == UNKNOWN
    assert list(cluster.service_accounts) == []
