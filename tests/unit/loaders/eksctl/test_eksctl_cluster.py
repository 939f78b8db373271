import pytest
from eksctl_loading import HEADER, UNKNOWN, cluster_of, line, load, managed, value

from ekslint.loaders.eksctl import load_cluster_config
from ekslint.loaders.loaded import Loaded
from ekslint.model.world import World
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

LIST = """\
kind: List
items:
  - kind: ClusterConfig
    metadata: {name: shop}
    nodeGroups:
      - name: a
        labels: {x: z}
"""


def test_identity():
    [cluster] = load(HEADER + "nodeGroups: [{name: a}]").clusters
    assert (str(cluster), cluster.resource, cluster.dialect) == ("cluster shop", "ClusterConfig/shop", "eksctl")
    assert (cluster.name, cluster.region, cluster.version) == ("shop", "eu-west-1", "1.34")
    assert list(cluster.paths) == ["clusters/0.yaml"]
    assert line(cluster.at("name")) == ("shop", "name: shop")
    assert line(cluster.at("version")) == ('"1.34"', 'version: "1.34"')


@pytest.mark.parametrize(
    ("metadata", "title", "resource"),
    [
        ("{region: eu-west-1}", "unnamed cluster", "ClusterConfig"),
        ("{name: '', region: eu-west-1}", "unnamed cluster", "ClusterConfig"),
        ("{name: '${NAME}-blue'}", "cluster ${NAME}-blue", "ClusterConfig/${NAME}-blue"),
        ("null", "unnamed cluster", "ClusterConfig"),
        ("[]", "unnamed cluster", "ClusterConfig"),
    ],
)
def test_a_cluster_without_a_plain_name(metadata, title, resource):
    [cluster] = load(f"kind: ClusterConfig\nmetadata: {metadata}\n").clusters
    assert (str(cluster), cluster.resource) == (title, resource)
    assert line(cluster.at("name"))[1]


@pytest.mark.parametrize(
    ("version", "expected"),
    [('"1.34"', "1.34"), ("auto", None), ("latest", None), ("''", None), ("'${VERSION}'", UNKNOWN), ("null", None)],
)
def test_version(version, expected):
    [cluster] = load(f"kind: ClusterConfig\nmetadata: {{name: shop, version: {version}}}").clusters
    assert value(cluster, "version") == expected


def test_pools_carry_the_cluster_that_they_belong_to():
    loaded = load(HEADER + "managedNodeGroups: [{name: a}]\nfargateProfiles: [{name: b, selectors: []}]")
    [cluster] = loaded.clusters
    assert [(str(pool), reference.name, reference.cluster) for pool, reference in loaded.pools] == [
        ("node group a", "shop", cluster),
        ("Fargate profile b", "shop", cluster),
    ]
    assert all(pool.cluster is cluster for pool, _ in loaded.pools)


def test_names_of_pools():
    loaded = load(
        HEADER + "managedNodeGroups: [{name: a}, {}]\nnodeGroups: [{name: '${NAME}'}]\nfargateProfiles: [{name: fp}]"
    )
    assert [(str(pool), pool.resource, pool.kind) for pool, _ in loaded.pools] == [
        ("node group a", "ManagedNodeGroup/a", "managed"),
        ("unnamed node group", "ManagedNodeGroup/[1]", "managed"),
        ("node group ${NAME}", "NodeGroup/${NAME}", "self-managed"),
        ("Fargate profile fp", "FargateProfile/fp", "fargate"),
    ]
    assert [value(pool, "name") for pool, _ in loaded.pools] == ["a", None, UNKNOWN, "fp"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("managedNodeGroups: [{name: a}]", False),
        ("nodeGroups: [{name: a}]", False),
        ("autoModeConfig: {enabled: true}", False),
        ("vpc: {cidr: 10.0.0.0/16}", False),
        ("vpc: {subnets: {private: {a: {id: s-1}}}}\nnodeGroups: [{name: a}]", False),
        ("vpc: {id: vpc-1}\nnodeGroups: [{name: a}]", True),
        ("vpc: {id: '${VPC}'}\nnodeGroups: [{name: a}]", True),
        ("vpc: {id: ''}\nnodeGroups: [{name: a}]", False),
        ("fargateProfiles: [{name: a}]", False),
        ("fargateProfiles: [{name: a}]\nnodeGroups: [{name: a}]", False),
        ("fargateProfiles: [{name: a, subnets: [s-1]}]\nnodeGroups: [{name: a}]", True),
        ("iamIdentityMappings: [{arn: x}]", True),
        ("addons: [{name: vpc-cni}]", True),
        ("", True),
    ],
)
def test_files_that_need_not_be_the_whole_cluster(body, expected):
    assert cluster_of(body).has_external_parts is expected


def test_profiles_without_a_version_add_to_a_cluster():
    body = "kind: ClusterConfig\nmetadata: {name: shop, region: eu-west-1}\nfargateProfiles: [{name: a}]\n"
    assert load(body).clusters[0].has_external_parts is True
    assert load(body + "autoModeConfig: {enabled: true}\n").clusters[0].has_external_parts is False


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("nodeGroups: [{name: a}]", False),
        ("nodeGroups: ${GROUPS}", True),
        ("nodeGroups: ['${GROUP}']", True),
        ("managedNodeGroups: {a: {}}", True),
        ("nodeGroups: null", False),
        ("nodeGroups: [null]", False),
        ("autoModeConfig: {enabled: '${AUTO}'}", True),
        ("autoModeConfig: {enabled: true, nodePools: '${POOLS}'}", True),
        ("fargateProfiles: ${PROFILES}", True),
    ],
)
def test_pools_that_a_template_fills_in_are_hidden_parts(body, expected):
    assert cluster_of(body).has_hidden_parts is expected


def test_features():
    cluster = cluster_of("""\
        secretsEncryption: {keyARN: arn:aws:kms:eu-west-1:1:key/1}
        zonalShiftConfig: {enabled: true}
        upgradePolicy: {supportType: STANDARD}
        karpenter: {version: 1.9.0, withSpotInterruptionQueue: true}
    """)
    assert cluster.secrets_key == "arn:aws:kms:eu-west-1:1:key/1"
    assert (cluster.zonal_shift, cluster.support_type) == (True, "STANDARD")
    assert (cluster.karpenter_version, cluster.karpenter_interruption_queue) == ("1.9.0", True)


def test_features_by_default():
    cluster = cluster_of("")
    assert (cluster.secrets_key, cluster.zonal_shift, cluster.support_type) == (None, None, None)
    assert (cluster.karpenter_version, cluster.karpenter_interruption_queue) == (None, False)
    assert cluster.tags == {}


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("[audit, api]", ["audit", "api"]),
        ("['*']", ["api", "audit", "authenticator", "controllerManager", "scheduler"]),
        ("[audit, all]", ["api", "audit", "authenticator", "controllerManager", "scheduler"]),
        ("[]", []),
        ("'${TYPES}'", UNKNOWN),
    ],
)
def test_log_types(types, expected):
    cluster = cluster_of(f"cloudWatch: {{clusterLogging: {{enableTypes: {types}, logRetentionInDays: 60}}}}")
    assert value(cluster, "log_types") == expected
    assert cluster.log_retention_days == 60


def test_log_types_point_at_their_items():
    cluster = cluster_of("cloudWatch:\n  clusterLogging:\n    enableTypes:\n      - audit\n      - '*'\n")
    assert line(cluster.at("log_types", 3)) == ("'*'", "- '*'")
    assert line(cluster_of("cloudWatch: {}").at("log_types"))[1] == "cloudWatch: {}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "API_AND_CONFIG_MAP"),
        ("accessConfig: {authenticationMode: API}", "API"),
        ("outpost: {controlPlaneOutpostARN: arn}", "CONFIG_MAP"),
        ("outpost: {controlPlaneOutpostARN: arn, etcdInstanceType: m5.large}", "API_AND_CONFIG_MAP"),
        ("accessConfig: {authenticationMode: '${MODE}'}", UNKNOWN),
    ],
)
def test_authentication_mode(body, expected):
    assert value(cluster_of(body), "authentication_mode") == expected


def test_a_config_in_a_list_has_its_places():
    [document] = parse(SourceText("list.yaml", LIST))
    loaded = Loaded(World())
    load_cluster_config(document, ("items", 0), loaded)
    assert line(loaded.pools[0][0].at("labels", "x")) == ("z", "labels: {x: z}")
    assert line(loaded.clusters[0].at("name")) == ("shop", "metadata: {name: shop}")


def test_places_through_aliases_and_merges():
    pool = managed("labels: &labels {workload: cpu}\ntags: *labels")
    assert pool.tags == {"workload": "cpu"}
    assert line(pool.at("tags", "workload"))[1] == "tags: *labels"
