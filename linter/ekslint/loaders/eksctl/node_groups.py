"""`managedNodeGroups` and `nodeGroups`."""

from dataclasses import dataclass

from ekslint.facts.node_labels import LabelOrigin, PoolKind
from ekslint.loaders.eksctl import capacity, machine
from ekslint.loaders.eksctl.bootstrap import kubelet_configuration, max_pods, openings, startup_scripts, user_data
from ekslint.loaders.eksctl.decoding import mapping, sequence
from ekslint.loaders.eksctl.fields import Fields, is_known
from ekslint.loaders.eksctl.labels import labels_with, lifecycle_label, taints
from ekslint.loaders.eksctl.network import known_subnets, zones_of
from ekslint.loaders.eksctl.roles import declare_node_role
from ekslint.loaders.eksctl.scaling_tags import scaling_tags
from ekslint.loaders.eksctl.setting import Setting, resource, title
from ekslint.model.launch import UserData
from ekslint.model.pool import NodeGroup
from ekslint.model.reading import Reading


@dataclass(frozen=True, slots=True)
class _Group:
    """A node group in the making."""

    fields: Fields
    setting: Setting
    managed: bool
    external: Reading | None
    """The unknown that a launch template of the user's own leaves."""


def load_node_groups(setting: Setting) -> None:
    """Add every node group of the file to its setting."""
    for key, managed in (("managedNodeGroups", True), ("nodeGroups", False)):
        groups = setting.root.sections(key)
        for fields in groups:
            external = machine.external_template(fields) if managed else None
            setting.pools.append(_node_group(_Group(fields, setting, managed, external)))
        setting.pool_hole = setting.pool_hole or groups.hole


def _node_group(group: _Group) -> NodeGroup:
    fields, setting = group.fields, group.setting
    name = fields.text("name")
    kind = "ManagedNodeGroup" if group.managed else "NodeGroup"
    pool = NodeGroup(
        title("node group", name),
        fields.source(),
        dialect="eksctl",
        resource=resource(kind, name, f"[{fields.path[-1]}]"),
    )
    pool.kind = "managed" if group.managed else "self-managed"
    pool.cluster = setting.cluster
    bought, made = _capacity(group), _machine(group)
    scheduled = _scheduling(group, name, bought["capacity_type"], made["ami_family"])
    pool.declare(name=name, **bought, **made, **scheduled, **_network(group), **_operation(group))
    started = group.external or user_data(fields, pool)
    if isinstance(started.value, UserData):
        setting.entities.append(started.value)
    pool.declare(scaling_tags=_scaling_tags(group, name, scheduled["taints"]), user_data=started)
    role = declare_node_role(pool, fields, setting.with_oidc, managed=group.managed)
    if role is not None:
        setting.entities.append(role)
    return pool


def _capacity(group: _Group) -> dict[str, Reading]:
    fields, managed = group.fields, group.managed
    requirements = capacity.instance_requirements(fields)
    own_outpost = fields.unknown() or Reading(fields.has("outpostARN"), fields.source("outpostARN"))
    on_outpost = own_outpost if own_outpost.value else group.setting.on_outpost
    readings = {
        **capacity.sizes(fields, managed=managed),
        "instance_requirements": requirements,
        "instance_types": capacity.instance_types(fields, requirements, group.external, on_outpost, managed=managed),
        "capacity_type": capacity.capacity_type(fields, requirements, managed=managed),
        "is_on_outpost": own_outpost,
        "is_pinned_capacity": capacity.pinned_capacity(fields, on_outpost),
        "reservation_target": capacity.reservation_target(fields, group.external),
        "uses_fabric_adapter": fields.boolean("efaEnabled", default=False),
        "cpu_credits": fields.text("cpuCredits"),
    }
    if not managed:
        readings["instances_distribution"] = capacity.instances_distribution(fields, requirements)
        readings["capacity_rebalance"] = fields.section("instancesDistribution").boolean("capacityRebalance")
    return readings


def _machine(group: _Group) -> dict[str, Reading]:
    fields, external = group.fields, group.external
    return {
        **machine.image(fields, external, managed=group.managed),
        **machine.metadata_service(fields, external),
        **machine.root_volume(fields, external, group.setting.on_outpost),
        **machine.ssh(fields, external),
        "launch_template_version": fields.section("launchTemplate").text("version"),
        "container_runtime": fields.text("containerRuntime"),
        "kubelet_configuration": external or kubelet_configuration(fields),
        "max_pods": external or max_pods(fields),
        "startup_scripts": external or startup_scripts(fields),
    }


def _scheduling(group: _Group, name: Reading, capacity_type: Reading, ami_family: Reading) -> dict[str, Reading]:
    fields, managed = group.fields, group.managed
    family = machine.family_of(ami_family)
    opening = openings(fields, family, group.external)
    kind = PoolKind.EKSCTL_MANAGED if managed else PoolKind.EKSCTL_SELF_MANAGED
    automatic = {LabelOrigin.POOL_NAME: name, LabelOrigin.CLUSTER_NAME: group.setting.name}
    declared = fields.text_map("labels")
    if managed:
        automatic[LabelOrigin.CAPACITY_TYPE] = capacity_type
    elif is_known(declared):
        own = {str(key): reading for key, reading in (declared.parts or {}).items()}
        declared = mapping({**own, **lifecycle_label(kind, capacity_type, family)}, declared.source)
    return {
        "labels": labels_with(declared, kind, automatic, opening.labels),
        "taints": taints(fields, opening.taints, managed=managed),
    }


def _network(group: _Group) -> dict[str, Reading]:
    fields = group.fields
    private = fields.boolean("privateNetworking", default=False)
    subnets = group.setting.network.resolve(fields.texts("subnets"), private_first=private.value is not False)
    listed = (fields.texts(key) for key in ("availabilityZones", "localZones"))
    return {
        "uses_private_networking": private,
        "subnets": subnets,
        "availability_zones": next((zones for zones in listed if zones.value != ()), None) or _zones(subnets, fields),
        "security_groups": fields.section("securityGroups").texts("attachIDs"),
    }


def _zones(subnets: Reading, fields: Fields) -> Reading:
    """The zones of the subnets that the group names; a subnet that cannot be told may lie in one of its own."""
    if not is_known(subnets):
        return subnets
    zones = zones_of(known_subnets(subnets), fields.source("availabilityZones"))
    holes = [part for part in (subnets.parts or {}).values() if not is_known(part)]
    return sequence([*(zones.parts or {}).values(), *holes], zones.source) if holes else zones


def _operation(group: _Group) -> dict[str, Reading]:
    fields = group.fields
    update = fields.section("updateConfig")
    settings = {key: update.integer(key) for key in ("maxUnavailable", "maxUnavailablePercentage")}
    given = {key: reading for key, reading in settings.items() if reading.value is not None}
    return {
        "update_config": update.unknown()
        or (mapping(given, update.source()) if given else Reading(None, update.source())),
        "node_repair": fields.section("nodeRepairConfig").boolean("enabled"),
        "max_instance_lifetime": fields.integer("maxInstanceLifetime"),
        "suspended_processes": fields.texts("asgSuspendProcesses"),
        "tags": fields.text_map("tags"),
        "propagates_scaling_tags": fields.boolean("propagateASGTags", default=False),
    }


def _scaling_tags(group: _Group, name: Reading, taints: Reading) -> Reading:
    # eksctl propagates its own labels with the user's, but none of those that EKS adds.
    automatic = {LabelOrigin.POOL_NAME: name, LabelOrigin.CLUSTER_NAME: group.setting.name}
    labels = labels_with(group.fields.text_map("labels"), PoolKind.EKSCTL_SELF_MANAGED, automatic)
    return scaling_tags(group.fields, group.setting, labels, taints, managed=group.managed)
