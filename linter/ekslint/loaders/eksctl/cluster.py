"""One ClusterConfig → one cluster, its pools and everything around them."""

from collections.abc import Iterator

from ekslint.facts import aws_enums
from ekslint.facts import eksctl_defaults as defaults
from ekslint.loaders.eksctl import access
from ekslint.loaders.eksctl.addons import cni_from_cluster, default_addons, load_addons
from ekslint.loaders.eksctl.auto_mode import load_auto_mode
from ekslint.loaders.eksctl.decoding import Decoder, sequence
from ekslint.loaders.eksctl.field_types import note_wrong_types
from ekslint.loaders.eksctl.fields import Fields, derived, is_known
from ekslint.loaders.eksctl.network import Network
from ekslint.loaders.eksctl.node_groups import load_node_groups
from ekslint.loaders.eksctl.other_pools import load_fargate_profiles, load_hybrid_nodes
from ekslint.loaders.eksctl.roles import cluster_role
from ekslint.loaders.eksctl.setting import Setting, resource, title
from ekslint.loaders.loaded import ClusterReference, Loaded
from ekslint.model.cluster import Cluster
from ekslint.model.eksctl import ClusterConfig
from ekslint.model.iam import Role
from ekslint.model.kubernetes.sheet import Sheet, has_markers
from ekslint.model.reading import Reading
from ekslint.source.tree import Document, Map, Path

_ALL_LOG_TYPES = frozenset({"*", "all"})
_IP_FAMILIES = {"ipv4": "IPv4", "ipv6": "IPv6"}
_NODES = ("autoModeConfig", "karpenter", "managedNodeGroups", "nodeGroups", "remoteNetworkConfig")


def load_cluster_config(document: Document, path: Path, loaded: Loaded) -> None:
    """Append the cluster that the ClusterConfig at `path` of a document declares, with its pools and other parts.

    What eksctl would refuse to decode goes to `loaded.problems`; nothing is raised.
    """
    decoder = Decoder(document, loaded.problems)
    setting = _setting(Fields(decoder, document.value(path), path))
    load_node_groups(setting)
    load_fargate_profiles(setting)
    load_hybrid_nodes(setting)
    auto_mode = load_auto_mode(setting)
    setting.cluster.declare(
        **_identity(setting), **_features(setting), **_network(setting), **_people(setting, auto_mode)
    )
    loaded.clusters.append(setting.cluster)
    literal = setting.name.value if is_known(setting.name) else None
    loaded.pools += ((pool, ClusterReference(literal, setting.cluster)) for pool in setting.pools)
    loaded.entities += (*setting.entities, setting.network.entity, *setting.network.subnets)
    loaded.entities += _as_written(setting)
    note_wrong_types(decoder, setting.root.node, path)


def _as_written(setting: Setting) -> Iterator[ClusterConfig]:
    """The file itself, as a subject of rules about what eksctl makes of it."""
    root = setting.root
    if isinstance(root.node, Map):
        document = root.decoder.document
        config = ClusterConfig(
            title("ClusterConfig", setting.name),
            Sheet(document, has_markers=has_markers(document)),
            root.path,
            root.node,
            resource=setting.cluster.resource,
            dialect="eksctl",
        )
        config.declare(cluster=Reading(setting.cluster, root.source()))
        yield config


def _setting(root: Fields) -> Setting:
    metadata = root.section("metadata")
    name = metadata.text("name")
    cluster = Cluster(
        title("cluster", name),
        root.source(),
        dialect="eksctl",
        resource=resource("ClusterConfig", name, "").rstrip("/"),
    )
    return Setting(
        root=root,
        cluster=cluster,
        name=name,
        region=metadata.text("region"),
        with_oidc=root.section("iam").boolean("withOIDC", default=defaults.WITH_OIDC),
        on_outpost=derived(lambda arn: arn is not None, root.section("outpost").text("controlPlaneOutpostARN")),
        network=Network(root.section("vpc"), str(cluster), is_private_cluster=_private_cluster(root)),
    )


def _private_cluster(root: Fields) -> Reading:
    return root.section("privateCluster").boolean("enabled", default=False)


def _identity(setting: Setting) -> dict[str, Reading]:
    root, metadata = setting.root, setting.metadata
    version = metadata.text("version")
    hole = setting.pool_hole
    return {
        "name": setting.name,
        "region": setting.region,
        # "auto" and "latest" leave it to eksctl too.
        "version": derived(lambda text: None if text in {"auto", "latest"} else text, version),
        "tags": metadata.text_map("tags"),
        "paths": Reading((root.decoder.document.source.path,), root.source()),
        "support_type": root.section("upgradePolicy").text("supportType"),
        "is_on_outpost": setting.on_outpost,
        "has_external_parts": _external_parts(setting),
        "has_hidden_parts": Reading(hole is not None, hole.source if hole is not None else root.source()),
    }


def _external_parts(setting: Setting) -> Reading:
    """Whether the cluster may be there already: in a VPC that is, or because the file says nothing of nodes or network.

    A file of nothing but metadata and node groups is how people write a new cluster, while Fargate profiles without a
    version are what `eksctl create fargateprofile` takes; and whatever names subnets of a VPC that the file does not
    have can only add to a cluster.
    """
    identifier = setting.root.section("vpc").text("id")
    if identifier.value is not None:
        return Reading(True, identifier.source)
    if not setting.root.has_any("vpc"):
        for field in ("managedNodeGroups", "nodeGroups", "fargateProfiles"):
            groups = setting.root.node.get(field)
            if isinstance(groups, list) and any(isinstance(each, dict) and each.get("subnets") for each in groups):
                return Reading(True, identifier.source)
    describes_cluster = setting.root.has_any(*_NODES, "vpc") or (
        setting.root.has_any("fargateProfiles") and setting.metadata.has("version")
    )
    return Reading(not describes_cluster, identifier.source)


def _features(setting: Setting) -> dict[str, Reading]:
    root = setting.root
    logging = root.section("cloudWatch", "clusterLogging")
    karpenter = root.section("karpenter")
    return {
        "secrets_key": root.section("secretsEncryption").text("keyARN"),
        "zonal_shift": root.section("zonalShiftConfig").boolean("enabled"),
        "log_types": _log_types(logging.texts("enableTypes")),
        "log_retention_days": logging.integer("logRetentionInDays"),
        "karpenter_version": karpenter.text("version"),
        "karpenter_interruption_queue": karpenter.boolean("withSpotInterruptionQueue", default=False),
    }


def _log_types(written: Reading) -> Reading:
    wildcard = next((part for part in (written.parts or {}).values() if part.value in _ALL_LOG_TYPES), None)
    if wildcard is None:
        return written
    return sequence([Reading(name, wildcard.source) for name in aws_enums.enumeration("eks.LogType")], written.source)


def _network(setting: Setting) -> dict[str, Reading]:
    root, vpc = setting.root, setting.root.section("vpc")
    network, endpoints = setting.network, vpc.section("clusterEndpoints")
    private_cluster = _private_cluster(root)
    readings = {
        "private_cluster": private_cluster,
        "public_access": endpoints.boolean("publicAccess", default=defaults.ENDPOINT_PUBLIC_ACCESS),
        "private_access": endpoints.boolean("privateAccess", default=defaults.ENDPOINT_PRIVATE_ACCESS),
        "public_access_cidrs": _or_none(vpc.texts("publicAccessCIDRs")),
        "network": Reading(network.entity, network.entity.origin),
        "subnets": network.control_plane(),
        "availability_zones": _or_none(root.texts("availabilityZones")),
        "security_groups": _security_groups(vpc),
        "ip_family": derived(
            lambda family: _IP_FAMILIES.get(family.lower(), family),
            root.section("kubernetesNetworkConfig").text("ipFamily", default=defaults.IP_FAMILY),
        ),
        "service_cidr": root.section("kubernetesNetworkConfig").text("serviceIPv4CIDR"),
    }
    if readings["availability_zones"].value is None:
        readings["availability_zones"] = network.zones()
    # Neither kind of cluster can have any other endpoint.
    for closed in (private_cluster, setting.on_outpost):
        if closed.value is True:
            readings["public_access"] = Reading(False, closed.source)
            readings["private_access"] = Reading(True, closed.source)
        elif not is_known(closed):
            readings["public_access"] = readings["private_access"] = closed
    return readings


def _or_none(listed: Reading) -> Reading:
    """An empty list counts as none."""
    return Reading(None, listed.source) if listed.value == () else listed


def _security_groups(vpc: Fields) -> Reading:
    single = vpc.text("securityGroup")
    if single.value is not None:
        return sequence([single], single.source)
    return vpc.texts("controlPlaneSecurityGroupIDs")


def _people(setting: Setting, auto_mode: Reading) -> dict[str, Reading]:
    """Who may enter, and what may do what: access, service accounts, add-ons, roles."""
    root, cluster, config = setting.root, setting.cluster, setting.root.section("accessConfig")
    associations = access.pod_identity_associations(setting.iam, "podIdentityAssociations")
    accounts = access.service_accounts(setting.iam)
    addons = load_addons(setting)
    role = cluster_role(cluster, setting.iam, auto_mode=auto_mode, on_outpost=setting.on_outpost)
    if isinstance(role.value, Role):
        setting.entities.append(role.value)
    return {
        "authentication_mode": _authentication_mode(setting, config),
        "bootstraps_creator_admin": config.boolean("bootstrapClusterCreatorAdminPermissions"),
        "access_entries": access.access_entries(config),
        "identity_mappings": access.identity_mappings(root),
        "pod_identity_associations": associations,
        "service_accounts": accounts,
        "oidc_provider": setting.with_oidc,
        "auto_mode": auto_mode,
        "addons": addons,
        "default_addons": default_addons(setting, addons, auto_mode),
        "nodes_get_cni_from_cluster": cni_from_cluster(setting, addons, associations, accounts),
        "role": role,
        "role_arn": setting.iam.text("serviceRoleARN"),
    }


def _authentication_mode(setting: Setting, config: Fields) -> Reading:
    written = config.text("authenticationMode")
    if written.value is not None:
        return written
    has_own_etcd = setting.root.section("outpost").has("etcdInstanceType")
    return derived(
        lambda on_outpost: (
            defaults.AUTHENTICATION_MODE_ON_OUTPOSTS
            if on_outpost and not has_own_etcd
            else defaults.AUTHENTICATION_MODE
        ),
        setting.on_outpost,
        at=written.source,
    )
