"""Subnets, NAT gateways, and the VPC under a cluster."""

from collections.abc import Callable, Sequence

from ekslint.facts.regions import ZoneKind
from ekslint.loaders.cloudformation import zones
from ekslint.loaders.cloudformation.endpoints import endpoints_of
from ekslint.loaders.cloudformation.fields import (
    boolean,
    identifier,
    listed,
    pairs,
    sequence,
    sequence_of,
    text,
)
from ekslint.loaders.cloudformation.launches import is_given
from ekslint.loaders.cloudformation.routes import Routes
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.texts import split
from ekslint.loaders.cloudformation.values import (
    Listed,
    OpenParameter,
    PartialText,
    ResourceElsewhere,
    ResourceReference,
    combined,
    for_each_branch,
    mapped,
    otherwise,
    under_condition,
)
from ekslint.model.network import NatGateway, Subnet, VirtualNetwork
from ekslint.model.reading import Reading, Source, Unknown

_SUBNET = "AWS::EC2::Subnet"
_VPC = "AWS::EC2::VPC"
_THE_SUBNET_ITSELF = frozenset({"", "SubnetId"})


class Network:
    """The subnets of a template, and those that it only names."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._routes = Routes(template)
        self._zones: dict[Subnet, Reading] = {}
        self._assigning: dict[Subnet, Reading] = {}
        self._named: dict[str, Subnet] = {}
        self._virtual_networks: dict[str, VirtualNetwork] = {}
        self.subnets = {resource.logical_id: self._subnet(resource) for resource in template.of_type(_SUBNET)}
        self.nat_gateways = {
            resource.logical_id: self._nat_gateway(resource) for resource in template.of_type("AWS::EC2::NatGateway")
        }

    def subnets_of(self, reading: Reading) -> Reading:
        """The subnets that a property names."""
        return sequence(_single_items(reading), lambda item: for_each_branch(item, self._find))

    def zones_of(self, reading: Reading) -> Reading:
        """The distinct zones of the subnets that a property names."""
        return self._over_subnets(reading, self._distinct_zones)

    def are_private(self, reading: Reading) -> Reading:
        """Whether none of the subnets that a property names gives its machines public addresses; absent if untold."""
        return self._over_subnets(reading, self._all_private)

    def are_local(self, reading: Reading) -> Reading:
        """Whether a zone among them is a local or a Wavelength zone, of which there is no second one to go to."""

        def convert(leaf: Reading) -> Reading:
            named = leaf.value if isinstance(leaf.value, tuple) else ()
            kinds = {zones.kind_of(each) for each in named}
            return Reading(not kinds.isdisjoint({ZoneKind.LOCAL_ZONE, ZoneKind.WAVELENGTH_ZONE}), leaf.source)

        return for_each_branch(self.zones_of(reading), convert)

    def are_on_outpost(self, reading: Reading) -> Reading:
        """Whether one of the subnets that a property names is declared on an Outpost."""

        def judge(items: Sequence[Reading], source: Source, _open: Unknown | None) -> Reading:
            subnets = [self._find(item).value for item in items]
            flags = [subnet.reading("is_on_outpost") for subnet in subnets if isinstance(subnet, Subnet)]
            told = [flag for flag in flags if flag is not None]
            return combined(told, lambda each: Reading(any(flag.value for flag in each), source), source)

        return self._over_subnets(reading, judge)

    def virtual_network_of(self, reading: Reading) -> Reading:
        """The VPC that all of the subnets of a property lie in; absent where the template does not declare it."""

        def common(items: Sequence[Reading], source: Source, _open: Unknown | None) -> Reading:
            found = {
                reference.resource.logical_id: reference.resource
                for item in items
                if isinstance(item.value, ResourceReference) and item.value.resource.type == _SUBNET
                for reference in [item.value.resource.get("VpcId").value]
                if isinstance(reference, ResourceReference) and reference.resource.type == _VPC
            }
            if len(found) != 1:
                return Reading(None, source)
            [resource] = found.values()
            return Reading(self._virtual_network(resource), source)

        return self._over_subnets(reading, common)

    def _over_subnets(
        self, reading: Reading, function: Callable[[Sequence[Reading], Source, Unknown | None], Reading]
    ) -> Reading:
        def of_list(leaf: Reading) -> Reading:
            value: Listed = leaf.value

            def of_items(items: Sequence[Reading]) -> Reading:
                present = [item for item in items if item.value is not None]
                return function(present, leaf.source, value.open)

            return combined(value.items, of_items, leaf.source)

        return mapped(_single_items(reading), of_list)

    def _distinct_zones(self, items: Sequence[Reading], source: Source, is_open: Unknown | None) -> Reading:
        zones_by_subnet: dict[object, Reading] = {}
        for item in items:
            subnet = self._find(item).value
            if isinstance(subnet, Subnet):
                zone = self._zones.get(subnet, Reading(None, item.source))
                zones_by_subnet[subnet] = Reading(zone.value, item.source)
            else:
                zones_by_subnet[id(item)] = Reading(subnet, item.source)
        readings = list(zones_by_subnet.values())
        if is_open is not None:
            readings += [Reading(is_open, source)] * 2
        return combined(readings, lambda each: zones.distinct(each, source), source)

    def _all_private(self, items: Sequence[Reading], source: Source, is_open: Unknown | None) -> Reading:
        found = [self._find(item).value for item in items]
        declared = [
            self._assigning[subnet] for subnet in found if isinstance(subnet, Subnet) and subnet in self._assigning
        ]

        def judge(flags: Sequence[Reading]) -> Reading:
            public = next((flag for flag in flags if flag.value is True), None)
            if public is not None:
                return Reading(False, source)
            if len(flags) < len(items) or is_open is not None or not flags:
                return Reading(None, source)
            unknown = next((flag for flag in flags if isinstance(flag.value, Unknown)), None)
            return Reading(unknown.value if unknown is not None else True, source)

        return combined(declared, judge, source)

    def _find(self, item: Reading) -> Reading:
        value = item.value
        if isinstance(value, ResourceReference):
            if value.resource.type == _SUBNET:
                return Reading(self.subnets[value.resource.logical_id], item.source)
            return Reading(Unknown(f"{value.expression} is known only after deployment"), item.source)
        if isinstance(value, ResourceElsewhere):
            return Reading(self._elsewhere(value) or value, item.source)
        if isinstance(value, OpenParameter):
            return Reading(self._by_name(value.parameter, item.source, value), item.source)
        if isinstance(value, Unknown) or value is None:
            return item
        name = text(item).value
        if not isinstance(name, str):
            return Reading(name, item.source)
        if name == "":
            return Reading(Unknown("it is empty by default"), item.source)
        return Reading(self._by_name(name, item.source, name), item.source)

    def _elsewhere(self, value: ResourceElsewhere) -> Subnet | None:
        kind, _, logical_id = value.resource.partition("/")
        others = self._template.resolver.others
        if others is None or kind != _SUBNET or value.attribute not in _THE_SUBNET_ITSELF:
            return None
        network = others.network(value.path, value.number) if others.is_one_stack(value.path, value.number) else None
        subnet = network.subnets.get(logical_id) if network is not None else None
        if network is not None and subnet is not None:
            self._zones[subnet] = zones.zone_of_template(network._zones[subnet], value.path)
            self._assigning[subnet] = network._assigning[subnet]
        return subnet

    def _by_name(self, name: str, source: Source, identity: object) -> Subnet:
        if name not in self._named:
            subnet = Subnet(f"subnet {name}", source, dialect="cloudformation", resource=f"{_SUBNET}/{name}")
            subnet.declare(identifier=Reading(identity, source))
            self._named[name] = subnet
        return self._named[name]

    def _subnet(self, resource: Resource) -> Subnet:
        subnet = resource.entity(Subnet, f"subnet {resource.logical_id}")
        zone_id = resource.get("AvailabilityZoneId")
        zone = otherwise(zones.zone(resource.get("AvailabilityZone")), lambda: zones.zone_by_id(zone_id))
        tags = pairs(resource.get("Tags"))
        self._zones[subnet] = zone
        self._assigning[subnet] = _is_on(resource, "MapPublicIpOnLaunch", default=False)
        subnet.declare(
            identifier=Reading(resource.logical_id, resource.source),
            availability_zone=zones.zone_name(zone),
            cidr=text(resource.get("CidrBlock")),
            is_on_outpost=is_given(resource.get("OutpostArn")),
            is_public=self._routes.is_public(resource),
            leads_outside=self._routes.leads_outside(resource),
            assigns_public_addresses=self._assigning[subnet],
            network=identifier(resource.get("VpcId")),
            tags=otherwise(tags, lambda: Reading({}, tags.source)),
            zone_id=text(zone_id),
        )
        return subnet

    def _nat_gateway(self, resource: Resource) -> NatGateway:
        gateway = resource.entity(NatGateway, f"NAT gateway {resource.logical_id}")
        served = [
            under_condition(condition, Reading(self.subnets[subnet], resource.source))
            for subnet, condition in self._routes.through(resource)
            if subnet in self.subnets
        ]
        gateway.declare(
            name=Reading(resource.logical_id, resource.source),
            subnet=for_each_branch(resource.get("SubnetId"), self._find),
            serves=sequence_of(served, resource.source),
        )
        return gateway

    def _virtual_network(self, resource: Resource) -> VirtualNetwork:
        known = self._virtual_networks.get(resource.logical_id)
        if known is not None:
            return known
        network = resource.entity(VirtualNetwork, f"VPC {resource.logical_id}")
        self._virtual_networks[resource.logical_id] = network
        inside = [subnet for subnet in self._template.of_type(_SUBNET) if _names(subnet.get("VpcId"), resource)]
        gateways = [
            under_condition(gateway.presence, Reading(self.nat_gateways[gateway.logical_id], gateway.source))
            for gateway in self._template.of_type("AWS::EC2::NatGateway")
            if any(_names(gateway.get("SubnetId"), subnet) for subnet in inside)
        ]
        network.declare(
            identifier=Reading(resource.logical_id, resource.source),
            cidr=text(resource.get("CidrBlock")),
            # The API's defaults for a VPC of one's own.
            dns_hostnames=_is_on(resource, "EnableDnsHostnames", default=False),
            dns_support=_is_on(resource, "EnableDnsSupport", default=True),
            endpoints=endpoints_of(resource, self._template),
            endpoints_without_private_names=endpoints_of(resource, self._template, with_private_names=False),
            nat_gateways=sequence_of(gateways, resource.source),
            public_subnets=self._side(inside, resource.source, is_public=True),
            private_subnets=self._side(inside, resource.source, is_public=False),
        )
        return network

    def _side(self, subnets: Sequence[Resource], source: Source, *, is_public: bool) -> Reading:
        items = []
        for resource in subnets:
            subnet = Reading(self.subnets[resource.logical_id], resource.source)
            untold = Reading(Unknown(f"nothing tells whether {subnet.value} is public"), resource.source)

            def on_this_side(leaf: Reading, subnet: Reading = subnet) -> Reading:
                return subnet if leaf.value is is_public else Reading(None, leaf.source)

            side = otherwise(mapped(self._routes.is_public(resource), on_this_side), lambda: Reading(None, source))
            if self._routes.is_public(resource).value is None:
                side = untold
            items.append(under_condition(resource.presence, side))
        return sequence_of(items, source)


def _names(reading: Reading, resource: Resource) -> bool:
    return isinstance(reading.value, ResourceReference) and reading.value.resource is resource


def _is_on(resource: Resource, name: str, *, default: bool) -> Reading:
    written = boolean(resource.get(name))
    return otherwise(written, lambda: Reading(default, written.source))


def _single_items(reading: Reading) -> Reading:
    """A list in which an item that holds several, separated by commas, is several items (Auto Scaling takes that)."""

    def of_list(leaf: Reading) -> Reading:
        value: Listed = leaf.value
        items: list[Reading] = []
        is_open = value.open
        for item in value.items:
            holds_comma = "," in str(item.value) if isinstance(item.value, str | PartialText) else False
            if holds_comma:
                pieces = split(item.value, ",", item.source)
                items += pieces.items
                is_open = is_open or pieces.open
            else:
                items.append(item)
        return Reading(Listed(tuple(items), is_open), leaf.source)

    return mapped(listed(reading), of_list)
