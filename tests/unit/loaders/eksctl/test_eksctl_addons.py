import pytest
from eksctl_loading import HEADER, UNKNOWN, cluster_of, line, load, value

DEFAULTS = ["vpc-cni", "kube-proxy", "coredns", "metrics-server"]
OIDC = "iam: {withOIDC: true}\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", DEFAULTS),
        ("addons: [{name: coredns}, {name: VPC-CNI}]", ["kube-proxy", "metrics-server"]),
        ("addonsConfig: {disableDefaultAddons: true}", []),
        ("addonsConfig: {disableDefaultAddons: false}", DEFAULTS),
        ("addonsConfig: {disableDefaultAddons: '${OFF}'}", UNKNOWN),
        ("autoModeConfig: {enabled: true}", ["metrics-server"]),
        ("addons: '${ADDONS}'", UNKNOWN),
    ],
)
def test_default_addons(body, expected):
    assert value(cluster_of(body), "default_addons") == expected


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "us-iso-east-1"])
def test_no_metrics_server_in_other_partitions(region):
    header = HEADER.replace("eu-west-1", region)
    assert value(cluster_of("", header), "default_addons") == DEFAULTS[:3]


def test_metrics_server_is_a_guess_without_a_region():
    cluster = cluster_of("", HEADER.replace("eu-west-1", "${REGION}"))
    assert cluster.has_addon("coredns")
    assert value(cluster, "default_addons", 3) == UNKNOWN


def test_listed_addons():
    cluster = cluster_of("""\
        addons:
          - name: VPC-CNI
            version: v1.19.0
            resolveConflicts: overwrite
            configurationValues: '{"env": {"ENABLE_PREFIX_DELEGATION": "true"}}'
          - {name: coredns, serviceAccountRoleARN: arn:aws:iam::1:role/x}
    """)
    assert list(cluster.addons) == ["vpc-cni", "coredns"]
    cni = cluster.addons["vpc-cni"]
    assert (str(cni), cni.resource, cni.name) == ("add-on VPC-CNI", "Addon/VPC-CNI", "VPC-CNI")
    assert (cni.version, cni.resolve_conflicts) == ("v1.19.0", "OVERWRITE")
    assert cni.configuration_values == '{"env": {"ENABLE_PREFIX_DELEGATION": "true"}}'
    assert cluster.addons["coredns"].role == "arn:aws:iam::1:role/x"
    assert line(cluster.at("addons", "vpc-cni"))[1] == "- name: VPC-CNI"
    assert line(cni.at("version"))[1] == "version: v1.19.0"


def test_an_addon_without_a_plain_name_leaves_the_list_unknown():
    loaded = load(HEADER + "addons: [{name: '${ADDON}'}, {name: coredns}]")
    assert value(loaded.clusters[0], "addons") == UNKNOWN
    assert [str(entity) for entity in loaded.entities if entity.resource.startswith("Addon")] == [
        "add-on ${ADDON}",
        "add-on coredns",
    ]


@pytest.mark.parametrize(
    ("fields", "body", "policies", "by_default"),
    [
        ("", "", [], False),
        ("attachPolicyARNs: [arn:aws:iam::1:policy/x]", "", ["arn:aws:iam::1:policy/x"], False),
        (
            "wellKnownPolicies: {ebsCSIController: true, autoScaler: true}",
            "",
            ["autoScaler", "AmazonEBSCSIDriverPolicy"],
            False,
        ),
        ("attachPolicy: {Statement: []}", "", ["attachPolicy"], False),
        ("useDefaultPodIdentityAssociations: true", "", [], True),
        ("", "addonsConfig: {autoApplyPodIdentityAssociations: true}", [], True),
        ("serviceAccountRoleARN: arn", "addonsConfig: {autoApplyPodIdentityAssociations: true}", [], False),
        ("", OIDC, ["AmazonEBSCSIDriverPolicy"], False),
        ("", OIDC + "addonsConfig: {autoApplyPodIdentityAssociations: true}", [], True),
        ("serviceAccountRoleARN: arn", OIDC, [], False),
        ("", "iam: {withOIDC: '${OIDC}'}", UNKNOWN, False),
    ],
)
def test_who_gives_an_addon_its_permissions(fields, body, policies, by_default):
    cluster = cluster_of(f"addons: [{{name: aws-ebs-csi-driver, {fields}}}]\n{body}")
    addon = cluster.addons["aws-ebs-csi-driver"]
    assert value(addon, "attached_policies") == policies
    assert value(addon, "uses_default_pod_identity") is by_default


def test_pod_identities_of_an_addon():
    cluster = cluster_of("""\
        addons:
          - name: vpc-cni
            podIdentityAssociations:
              - {namespace: kube-system, serviceAccountName: aws-node, roleARN: arn:aws:iam::1:role/x}
    """)
    [association] = cluster.addons["vpc-cni"].pod_identity_associations
    assert str(association) == "pod identity association of kube-system/aws-node"
    assert association.role == "arn:aws:iam::1:role/x"
    assert cluster.addons["vpc-cni"].has_own_identity


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", False),
        (OIDC, True),
        ("iam: {withOIDC: '${OIDC}'}", UNKNOWN),
        ("addons: [{name: vpc-cni}]", False),
        ("addons: [{name: vpc-cni, serviceAccountRoleARN: arn}]", True),
        ("addons: [{name: vpc-cni, attachPolicyARNs: [arn]}]", True),
        ("addons: [{name: vpc-cni, useDefaultPodIdentityAssociations: true}]", True),
        ("addons: [{name: vpc-cni, serviceAccountRoleARN: '${ROLE}'}]", UNKNOWN),
        ("addons: [{name: vpc-cni}]\naddonsConfig: {autoApplyPodIdentityAssociations: true}", True),
        ("addonsConfig: {autoApplyPodIdentityAssociations: true}", True),
        ("addons: [{name: coredns, serviceAccountRoleARN: arn}]", False),
        ("addons: '${ADDONS}'", UNKNOWN),
        ("iam: {podIdentityAssociations: [{namespace: kube-system, serviceAccountName: aws-node}]}", True),
        ("iam: {podIdentityAssociations: [{namespace: default, serviceAccountName: aws-node}]}", False),
        ("iam: {serviceAccounts: [{metadata: {name: aws-node, namespace: kube-system}}]}", True),
        ("iam: {serviceAccounts: [{metadata: {name: aws-node}}]}", False),
        ("iam: {serviceAccounts: [{metadata: {name: '${NAME}', namespace: kube-system}}]}", UNKNOWN),
    ],
)
def test_whether_nodes_get_the_cni_permissions_from_the_cluster(body, expected):
    assert value(cluster_of(body), "nodes_get_cni_from_cluster") == expected
