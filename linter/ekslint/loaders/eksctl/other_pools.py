"""Fargate profiles and hybrid nodes."""

from ekslint.facts import eksctl_defaults
from ekslint.facts.node_labels import PoolKind
from ekslint.facts.node_taints import automatic_taints
from ekslint.loaders.eksctl.decoding import parts_of, sequence
from ekslint.loaders.eksctl.fields import Fields, derived, is_known
from ekslint.loaders.eksctl.labels import labels_with
from ekslint.loaders.eksctl.roles import fargate_role, fargate_role_arn
from ekslint.loaders.eksctl.setting import Setting, resource, title
from ekslint.model.iam import Role
from ekslint.model.pool import FargateProfile, FargateSelector, HybridNodes, Taint
from ekslint.model.reading import PartialSequence, Reading, Unknown


def load_fargate_profiles(setting: Setting) -> None:
    """Add every Fargate profile of the file to its setting."""
    profiles = setting.root.sections("fargateProfiles")
    for fields in profiles:
        setting.pools.append(_profile(fields, setting))
    setting.pool_hole = setting.pool_hole or profiles.hole


def _profile(fields: Fields, setting: Setting) -> FargateProfile:
    name = fields.text("name")
    profile = FargateProfile(
        title("Fargate profile", name),
        fields.source(),
        dialect="eksctl",
        resource=resource("FargateProfile", name, f"[{fields.path[-1]}]"),
    )
    profile.kind = "fargate"
    profile.cluster = setting.cluster
    selectors = fields.sections("selectors")
    role = fargate_role(profile, fields, setting.iam)
    if isinstance(role.value, Role):
        setting.entities.append(role.value)
    profile.declare(
        name=name,
        labels=labels_with(Reading({}, name.source), PoolKind.FARGATE, {}),
        taints=Reading(tuple(Taint(*taint) for taint in automatic_taints(PoolKind.FARGATE)), name.source),
        selectors=sequence([_selector(item) for item in selectors], selectors.source, selectors.hole),
        subnets=setting.network.resolve(fields.texts("subnets"), private_first=True),
        role=role,
        role_arn=fargate_role_arn(fields, setting.iam),
    )
    return profile


def _selector(fields: Fields) -> Reading:
    namespace, labels = fields.text("namespace", default=""), fields.text_map("labels")
    unknown = next((reading for reading in (namespace, labels) if not is_known(reading)), None)
    if unknown is not None:
        return unknown
    parts = {"namespace": namespace, "labels": labels}
    return Reading(FargateSelector(str(namespace.value), labels.value), fields.source(), parts_of(parts))


def load_hybrid_nodes(setting: Setting) -> None:
    """Add the machines outside of AWS to the setting, where the cluster makes room for them."""
    fields = setting.root.section("remoteNetworkConfig")
    if not setting.root.has("remoteNetworkConfig"):
        return
    origin = fields.source(key=True)
    name = setting.cluster.resource.partition("/")[2]
    pool = HybridNodes(
        f"hybrid nodes of {setting.cluster}", origin, dialect="eksctl", resource=f"HybridNodes/{name}".rstrip("/")
    )
    pool.kind = "hybrid"
    pool.cluster = setting.cluster
    nothing = Unknown("hybrid nodes bring labels and taints of their own")
    provider = fields.section("iam").text("provider", default=eksctl_defaults.ROLE_PROVIDER_OF_HYBRID_NODES)
    pool.declare(
        labels=labels_with(Reading({}, origin), PoolKind.HYBRID, {}, Reading(nothing, origin)),
        taints=Reading(PartialSequence((), (nothing, origin)), origin),
        node_networks=_blocks(fields, "remoteNodeNetworks"),
        pod_networks=_blocks(fields, "remotePodNetworks"),
        credential_provider=derived(str.lower, provider),
    )
    setting.pools.append(pool)


def _blocks(fields: Fields, key: str) -> Reading:
    networks = fields.sections(key)
    readings: list[Reading] = []
    hole = networks.hole
    for network in networks:
        blocks = network.texts("cidrs")
        if is_known(blocks):
            readings += (blocks.parts or {}).values()
        else:
            hole = hole or blocks
    return sequence(readings, networks.source, hole)
