"""Security groups, with the rules that stand in them or in resources of their own."""

from collections.abc import Sequence

from ekslint.loaders.cloudformation.fields import identifier, integer, listed, pairs, sequence_of, text
from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.values import (
    Listed,
    combined,
    mapped,
    otherwise,
    under_condition,
)
from ekslint.model.network import IngressRule, SecurityGroup
from ekslint.model.reading import Reading, Unknown

SECURITY_GROUP = "AWS::EC2::SecurityGroup"
_INGRESS = "AWS::EC2::SecurityGroupIngress"
_SOURCES = ("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourcePrefixListId", "SourceSecurityGroupName")


def security_group(resource: Resource, template: Template) -> SecurityGroup:
    """A security group of the template."""
    group = SecurityGroup(
        f"security group {resource.logical_id}",
        resource.source,
        dialect="cloudformation",
        resource=resource.identity,
        presence=resource.presence,
    )
    inline = resource.get("SecurityGroupIngress")
    beside = [
        under_condition(rule.presence, _rule(rule.properties))
        for rule in template.pointing_at(resource, _INGRESS, "GroupId")
    ]

    def with_inline(readings: Sequence[Reading]) -> Reading:
        [own] = readings
        items = [mapped(item, _rule) for item in own.value.items] if isinstance(own.value, Listed) else []
        is_open = own.value if isinstance(own.value, Unknown) else getattr(own.value, "open", None)
        return sequence_of([*items, *beside], own.source, is_open)

    tags = pairs(resource.get("Tags"))
    group.declare(
        identifier=Reading(resource.logical_id, resource.source),
        ingress=combined([listed(inline)], with_inline, inline.source),
        network=identifier(resource.get("VpcId")),
        tags=otherwise(tags, lambda: Reading({}, tags.source)),
    )
    return group


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
        return Reading(rule, leaf.source)

    return combined(parts, build, leaf.source)
