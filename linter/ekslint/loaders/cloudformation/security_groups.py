"""Security groups, with the rules that stand in them or in resources of their own."""

from collections.abc import Sequence
from dataclasses import replace

from ekslint.loaders.cloudformation.cluster_tags import CLUSTER_TAG, cluster_name, clusters_of_tags
from ekslint.loaders.cloudformation.fields import identifier, integer, listed, pairs, sequence_of, text
from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import (
    Listed,
    combined,
    mapped,
    otherwise,
    under_condition,
)
from ekslint.model.cluster import Cluster
from ekslint.model.network import IngressRule, SecurityGroup
from ekslint.model.pool import NodeGroup
from ekslint.model.reading import Choice, Reading, Unknown

SECURITY_GROUP = "AWS::EC2::SecurityGroup"
_INGRESS = "AWS::EC2::SecurityGroupIngress"
_SOURCES = ("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourcePrefixListId", "SourceSecurityGroupName")


def security_group(resource: Resource, setting: Setting) -> SecurityGroup:
    """A security group of the template, of which the node groups have been loaded."""
    group = resource.entity(SecurityGroup, f"security group {resource.logical_id}")
    inline = resource.get("SecurityGroupIngress")
    beside, unplaced = _rules_beside(resource, setting)

    def with_inline(readings: Sequence[Reading]) -> Reading:
        [own] = readings
        items = [mapped(item, _rule) for item in own.value.items] if isinstance(own.value, Listed) else []
        is_open = own.value if isinstance(own.value, Unknown) else getattr(own.value, "open", None)
        return sequence_of([*items, *beside], own.source, is_open or unplaced)

    tags = pairs(resource.get("Tags"))
    members = (
        pool
        for pool, _ in setting.loaded.pools
        if isinstance(pool, NodeGroup) and pool.origin.document is setting.template.document
    )
    is_used = any(resource.logical_id in pool.possible_items("security_groups") for pool in members)
    group.declare(
        has_node_group=Reading(is_used, resource.source),
        identifier=Reading(resource.logical_id, resource.source),
        ingress=combined([listed(inline)], with_inline, inline.source),
        network=identifier(resource.get("VpcId")),
        tags=otherwise(tags, lambda: Reading({}, tags.source)),
        cluster_tags=clusters_of_tags(resource.get("Tags"), setting.clusters),
    )
    return group


def load_own_security_group(cluster: Cluster, resource: Resource, setting: Setting) -> None:
    """Add the security group that EKS makes for a cluster, and the rules that the template adds to it.

    It lets itself in, and has the tag of its cluster (EKS user guide, security group requirements).
    """
    identity = f"{resource.logical_id}.ClusterSecurityGroupId"
    group = resource.entity(SecurityGroup, f"security group {identity}")
    itself = Reading(IngressRule("-1", None, None, identity), resource.source)
    beside, unplaced = _rules_beside(resource, setting)
    name = cluster_name(resource.logical_id, setting.clusters)
    group.declare(
        identifier=Reading(identity, resource.source),
        ingress=sequence_of([itself, *beside], resource.source, unplaced),
        cluster_tags=Reading((name,), resource.source),
        tags=Reading({f"{CLUSTER_TAG}{name}": "owned", "aws:eks:cluster-name": name}, resource.source),
    )
    cluster.declare(own_security_group=Reading(group, resource.source))


def _rules_beside(resource: Resource, setting: Setting) -> tuple[list[Reading], Unknown | None]:
    """The rules that point at a security group, and why there may be more."""
    template = setting.template
    rules = [
        under_condition(rule.presence, _rule(rule.properties))
        for rule in template.pointing_at(resource, _INGRESS, "GroupId")
    ]
    if template.has_hidden_resources or resource.logical_id in setting.clusters.names_used_elsewhere:
        return rules, Unknown("something whose outcome is in no file may add further rules")
    if any(isinstance(rule.get("GroupId").value, Choice) for rule in template.of_type(_INGRESS)):
        return rules, Unknown("a rule goes to one security group or another")
    return rules, None


def _rule(leaf: Reading) -> Reading:
    if not isinstance(leaf.value, Entries):
        return Reading(Unknown("it is no rule"), leaf.source)
    source = identifier(member(leaf, _SOURCES[0]))
    for key in _SOURCES[1:]:
        source = otherwise(source, lambda key=key: identifier(member(leaf, key)))  # type: ignore[misc]
    parts = [
        text(member(leaf, "IpProtocol")),
        integer(member(leaf, "FromPort")),
        integer(member(leaf, "ToPort")),
        source,
    ]

    def build(readings: Sequence[Reading]) -> Reading:
        unknown = next((each for each in readings if isinstance(each.value, Unknown)), None)
        if unknown is not None:
            return unknown
        protocol, from_port, to_port, allowed = (each.value for each in readings)
        rule = IngressRule(protocol or "-1", from_port, to_port, allowed)
        parameter = next((each.source.by_default for each in readings if each.source.by_default is not None), None)
        return Reading(rule, leaf.source if parameter is None else replace(leaf.source, by_default=parameter))

    return combined(parts, build, leaf.source)
