import pytest

from ekslint.facts import api_lifetimes as apis
from ekslint.facts import aws_enums, eksctl_defaults, eksctl_fields
from ekslint.facts._tables import rows
from ekslint.facts.kubernetes_versions import minor


@pytest.mark.parametrize(
    ("api_version", "kind", "removed", "replacement"),
    [
        ("extensions/v1beta1", "Deployment", "1.16", "apps/v1"),
        ("extensions/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
        ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.22", "apiextensions.k8s.io/v1"),
        ("batch/v1beta1", "CronJob", "1.25", "batch/v1"),
        ("policy/v1beta1", "PodDisruptionBudget", "1.25", "policy/v1"),
        ("policy/v1beta1", "PodSecurityPolicy", "1.25", None),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "autoscaling/v2"),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "1.32", "flowcontrol.apiserver.k8s.io/v1"),
        ("networking.k8s.io/v1beta1", "ServiceCIDR", "1.37", "networking.k8s.io/v1"),
        ("resource.k8s.io/v1beta1", "ResourceClaim", None, "resource.k8s.io/v1"),
        ("v1", "Endpoints", None, "discovery.k8s.io/v1 EndpointSlice"),
        ("apps/v1", "Deployment", None, None),
        ("v1", "Pod", None, None),
    ],
)
def test_lifetime(api_version, kind, removed, replacement):
    found = apis.api_lifetime(api_version, kind)
    assert (found.removed, found.replacement) == (removed, replacement)


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("karpenter.sh/v1", "NodePool"),
        ("apps/v1", "deployment"),
        ("", ""),
        ("v2", "Pod"),
        ("apps/v1", "DeploymentList"),
    ],
)
def test_no_api_of_kubernetes(api_version, kind):
    assert apis.api_lifetime(api_version, kind) is None


def test_by_version():
    cronjob = apis.api_lifetime("batch/v1beta1", "CronJob")
    assert [cronjob.exists_in(version) for version in ("1.20", "1.24", "1.25", "1.33.1", "x")] == [
        True,
        True,
        False,
        False,
        None,
    ]
    assert cronjob.is_removed_in("1.25")
    assert not cronjob.is_removed_in("1.24")
    assert [cronjob.is_deprecated_in(version) for version in ("1.20", "1.21", "1.24", "1.25")] == [
        False,
        True,
        True,
        False,
    ]
    claim = apis.api_lifetime("resource.k8s.io/v1", "ResourceClaim")
    assert (claim.added, claim.exists_in("1.33"), claim.exists_in("1.34")) == ("1.34", False, True)
    assert not claim.is_removed_in("1.33"), "not yet there is not gone"
    assert not claim.is_removed_in("nonsense")
    assert not claim.is_deprecated_in("nonsense")


def test_the_hand_table_agrees_with_the_generated_one():
    generated = {(cells[0], cells[1]): cells[3] for cells in rows("api_lifetimes.tsv")}
    for api_version, kinds, deprecated, removed, _ in rows("api_changes.tsv"):
        for kind in kinds.split(","):
            if (api_version, kind) in generated:
                assert generated[api_version, kind] == removed, (api_version, kind)
            else:
                assert minor(removed) <= (1, 25), (api_version, kind)
            assert not deprecated or not removed or minor(deprecated) < minor(removed)


def test_replacements_exist_and_stay():
    for lifetime in apis.all_api_lifetimes():
        if lifetime.replacement:
            api_version, _, kind = lifetime.replacement.partition(" ")
            successor = apis.api_lifetime(api_version, kind or lifetime.kind)
            assert successor, lifetime
            assert successor.removed is None, lifetime
        elif lifetime.removed and minor(lifetime.removed) > (1, 25):
            assert "alpha" in lifetime.api_version, lifetime


def test_size_and_newest():
    assert len(apis.all_api_lifetimes()) >= 200
    assert apis.newest_version_with_apis() == "1.37"
    assert sum(bool(lifetime.removed) for lifetime in apis.all_api_lifetimes()) >= 90


def test_enumerations():
    assert aws_enums.enumeration("eks.AuthenticationMode") == ("API", "API_AND_CONFIG_MAP", "CONFIG_MAP")
    assert aws_enums.enumeration("eks.LogType") == ("api", "audit", "authenticator", "controllerManager", "scheduler")
    assert "price-capacity-optimized" in aws_enums.enumeration("ec2.SpotAllocationStrategy")
    with pytest.raises(KeyError):
        aws_enums.enumeration("eks.Nonsense")


def test_every_eksctl_type_is_reachable_and_complete():
    names = set(eksctl_fields.type_names())
    used = {eksctl_fields.ROOT}
    for name in names:
        for field in eksctl_fields.fields_of(name).values():
            assert field.shapes
            for shape in field.shapes:
                assert shape.container in {"", "list", "map"}
                if shape.type not in eksctl_fields.SCALARS | {eksctl_fields.ANYTHING}:
                    used.add(shape.type)
    assert used == names


def test_eksctl_fields():
    groups = eksctl_fields.fields_of("ClusterConfig")["managedNodeGroups"]
    assert groups.shapes == (("list", "ManagedNodeGroup"),)
    assert eksctl_fields.fields_of("ClusterConfig")["metadata"].is_required
    assert eksctl_fields.fields_of("ClusterMeta")["version"].shapes == (("", "string"),)
    assert eksctl_fields.fields_of("NodeGroup")["taints"].shapes == (("list", "NodeGroupTaint"), ("map", "string"))
    assert eksctl_fields.fields_of("ClusterSubnets")["private"].shapes == (("map", "AZSubnetSpec"),)
    assert "*" not in eksctl_fields.fields_of("AZSubnetSpec")
    with pytest.raises(KeyError):
        eksctl_fields.fields_of("Nonsense")


def test_eksctl_where_its_schema_is_wrong():
    assert not eksctl_fields.fields_of("RemoteNetworkConfig")["vpcGatewayID"].is_required
    identity = eksctl_fields.fields_of("IdentityProvider")
    assert {"type", "name", "issuerURL", "clientID"} <= {name for name, field in identity.items() if field.is_required}
    assert identity["type"].allowed == ("oidc",)
    assert eksctl_fields.ignores_unknown_fields("IdentityProvider")
    assert not eksctl_fields.ignores_unknown_fields("ManagedNodeGroup")


def test_eksctl_defaults_are_allowed_values():
    group = eksctl_fields.fields_of("ManagedNodeGroup")
    assert eksctl_defaults.AMI_FAMILY in group["amiFamily"].allowed
    assert eksctl_defaults.VOLUME_TYPE in group["volumeType"].allowed
    assert eksctl_defaults.NAT_GATEWAY in eksctl_fields.fields_of("ClusterNAT")["gateway"].allowed
    assert eksctl_defaults.AUTHENTICATION_MODE in aws_enums.enumeration("eks.AuthenticationMode")
    assert minor(eksctl_defaults.KUBERNETES_VERSION) == (1, 34)
