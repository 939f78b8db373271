"""`AWS::EKS::Cluster`, property by property."""

from collections.abc import Sequence

from ekslint.facts.addons import CORE_ADDONS
from ekslint.facts.regions import region_of_zone
from ekslint.loaders.cloudformation.fields import (
    boolean,
    comparable,
    identifier,
    listed,
    mapping_of,
    pairs,
    sequence,
    text,
)
from ekslint.loaders.cloudformation.identities import Identities
from ekslint.loaders.cloudformation.network import Network
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import combined, for_each_branch, mapped, otherwise
from ekslint.model.cluster import Cluster
from ekslint.model.reading import PartialSequence, Reading, Unknown

_KNOWN_OF_ALL = frozenset(
    {
        *("extra_pools", "has_external_parts", "has_hidden_parts", "is_implicit", "main_paths", "name", "paths"),
        *("karpenter_interruption_queue", "karpenter_version", "private_cluster"),
    }
)
CDK_CLUSTER = "Custom::AWSCDK-EKS-Cluster"
"""The AWS CDK's own resource (aws-cdk-lib/aws-eks): `Config` is the request of CreateCluster."""


def declare_cluster(cluster: Cluster, resource: Resource, identities: Identities, network: Network) -> None:
    """Declare the fields that stand in the cluster's own properties."""
    get = resource.get
    subnets = get("ResourcesVpcConfig", "SubnetIds")
    zones = network.zones_of(subnets)
    cluster.declare(
        version=text(get("Version")),
        support_type=text(get("UpgradePolicy", "SupportType")),
        tags=otherwise(pairs(get("Tags")), lambda: Reading({}, get("Tags").source)),
        region=_region(zones, resource),
        role=identities.role(get("RoleArn")),
        role_arn=comparable(get("RoleArn")),
        subnets=otherwise(network.subnets_of(subnets), lambda: Reading((), subnets.source)),
        availability_zones=zones,
        network=network.virtual_network_of(subnets),
        secrets_key=_secrets_key(resource),
        zonal_shift=boolean(get("ZonalShiftConfig", "Enabled")),
        deletion_protection=boolean(get("DeletionProtection")),
        is_on_outpost=mapped_to_true(get("OutpostConfig")),
        bootstraps_addons=boolean(get("BootstrapSelfManagedAddons")),
        default_addons=_default_addons(resource),
        log_types=_log_types(resource),
        auto_mode_switches=_switches(resource),
        authentication_mode=text(get("AccessConfig", "AuthenticationMode")),
        bootstraps_creator_admin=boolean(get("AccessConfig", "BootstrapClusterCreatorAdminPermissions")),
    )
    _declare_network(cluster, resource)


def declare_unknown_cluster(cluster: Cluster, resource: Resource) -> None:
    """Declare that nothing is known of a cluster but that it is there."""
    nothing = Reading(Unknown(f"what {resource.type} creates is not in the template"), resource.source)
    cluster.declare(**{field: nothing for field in Cluster.defaults if field not in _KNOWN_OF_ALL})
    if resource.type == CDK_CLUSTER:
        # What the CDK's resource gets is what the API gets: of that, the version is what most other things hang on.
        version = text(resource.get("Config", "version"))
        cluster.declare(version=otherwise(version, lambda: nothing))


def mapped_to_true(reading: Reading) -> Reading:
    """Whether a property is written."""
    return for_each_branch(reading, lambda leaf: Reading(leaf.value is not None, leaf.source))


def _declare_network(cluster: Cluster, resource: Resource) -> None:
    vpc, kubernetes = resource.get("ResourcesVpcConfig"), resource.get("KubernetesNetworkConfig")
    public, private = (boolean(member(vpc, name)) for name in ("EndpointPublicAccess", "EndpointPrivateAccess"))
    # A cluster on an Outpost has nothing but its private endpoint (EKS user guide, comparing the deployment options).
    on_outpost = mapped_to_true(resource.get("OutpostConfig"))
    groups = sequence(member(vpc, "SecurityGroupIds"), identifier)
    family = text(member(kubernetes, "IpFamily"))
    cluster.declare(
        public_access=otherwise(
            public, lambda: mapped(on_outpost, lambda is_on: Reading(not is_on.value, public.source))
        ),
        private_access=otherwise(
            private, lambda: mapped(on_outpost, lambda is_on: Reading(is_on.value, private.source))
        ),
        public_access_cidrs=sequence(member(vpc, "PublicAccessCidrs"), text),
        security_groups=otherwise(groups, lambda: Reading((), groups.source)),
        ip_family=otherwise(mapped(family, _family), lambda: Reading("IPv4", family.source)),
        service_cidr=text(member(kubernetes, "ServiceIpv4Cidr")),
    )


def _family(leaf: Reading) -> Reading:
    return Reading({"ipv4": "IPv4", "ipv6": "IPv6"}.get(str(leaf.value).lower(), leaf.value), leaf.source)


def _region(zones: Reading, resource: Resource) -> Reading:
    """A stack goes to one region: zones that are named tell it, nothing else in a template does."""
    unknown = Reading(Unknown("the stack's region is not in the template"), resource.source)

    def convert(leaf: Reading) -> Reading:
        if isinstance(leaf.value, PartialSequence):
            return unknown
        region = next(filter(None, (region_of_zone(str(zone)) for zone in leaf.value)), None)
        return Reading(region, leaf.source) if region is not None else unknown

    return otherwise(mapped(zones, convert), lambda: unknown)


def _secrets_key(resource: Resource) -> Reading:
    written = resource.get("EncryptionConfig")

    def of_list(leaf: Reading) -> Reading:
        def first(items: Sequence[Reading]) -> Reading:
            keys = [identifier(member(item, "Provider", "KeyArn")) for item in items if item.value is not None]
            return next((key for key in keys if key.value is not None), Reading(leaf.value.open, leaf.source))

        return combined(leaf.value.items, first, leaf.source)

    return mapped(listed(written), of_list)


def _default_addons(resource: Resource) -> Reading:
    wanted = boolean(resource.get("BootstrapSelfManagedAddons"))
    found = mapped(wanted, lambda leaf: Reading(CORE_ADDONS if leaf.value else (), leaf.source))
    return otherwise(found, lambda: Reading(CORE_ADDONS, wanted.source))


def _log_types(resource: Resource) -> Reading:
    written = resource.get("Logging", "ClusterLogging", "EnabledTypes")

    def kind(item: Reading) -> Reading:
        return mapped(item, lambda leaf: text(member(leaf, "Type")))

    return otherwise(sequence(written, kind), lambda: Reading((), written.source))


def _switches(resource: Resource) -> Reading:
    switches = {
        "compute": boolean(resource.get("ComputeConfig", "Enabled")),
        "elasticLoadBalancing": boolean(resource.get("KubernetesNetworkConfig", "ElasticLoadBalancing", "Enabled")),
        "blockStorage": boolean(resource.get("StorageConfig", "BlockStorage", "Enabled")),
    }
    return mapping_of(switches, resource.get("ComputeConfig").source)
