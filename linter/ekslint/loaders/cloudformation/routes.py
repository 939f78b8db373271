"""Where subnets send what leaves the VPC."""

from collections.abc import Iterator
from typing import NamedTuple

from ekslint.loaders.cloudformation.conditions import all_of, any_of
from ekslint.loaders.cloudformation.hidden_parts import adds_to_networks
from ekslint.loaders.cloudformation.plain_values import known_text
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.values import Listed, ResourceReference, otherwise, under_condition
from ekslint.model.condition import Condition, Constant
from ekslint.model.reading import Choice, Reading, Unknown

_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


class _DefaultRoute(NamedTuple):
    resource: Resource
    gateway: object
    """Value of GatewayId."""
    nat_gateway: object
    """Value of NatGatewayId."""


class Routes:
    """The route tables of a template."""

    def __init__(self, template: Template) -> None:
        self._tables: dict[str, list[tuple[Resource, Resource]]] = {}
        self._routes: dict[str, list[_DefaultRoute]] = {}
        self._exits: dict[str, list[Resource]] = {}
        self._has_unplaced_exits = adds_to_networks(template)
        """Whether something may lead out of the VPC that is not seen, or from a route table that nobody knows."""
        self._through: dict[str, dict[str, list[Condition]]] | None = None
        for association in template.of_type("AWS::EC2::SubnetRouteTableAssociation"):
            subnet, table = (association.get(name).value for name in ("SubnetId", "RouteTableId"))
            if isinstance(subnet, ResourceReference) and isinstance(table, ResourceReference):
                tables = self._tables.setdefault(subnet.resource.logical_id, [])
                tables.append((association, table.resource))
        for route in template.of_type("AWS::EC2::Route"):
            table = route.get("RouteTableId").value
            destinations = (
                known_text(route.get(name).value) for name in ("DestinationCidrBlock", "DestinationIpv6CidrBlock")
            )
            if isinstance(table, ResourceReference) and not _EVERYWHERE.isdisjoint(destinations):
                routes = self._routes.setdefault(table.resource.logical_id, [])
                routes.append(_DefaultRoute(route, route.get("GatewayId").value, route.get("NatGatewayId").value))
            self._note_exit(route, table)
        for propagation in template.of_type("AWS::EC2::VPNGatewayRoutePropagation"):
            reached = propagation.get("RouteTableIds").value
            for item in reached.items if isinstance(reached, Listed) else ():
                self._note_exit(propagation, item.value)
            self._has_unplaced_exits |= not isinstance(reached, Listed) or reached.open is not None

    def _note_exit(self, resource: Resource, table: object) -> None:
        if isinstance(table, ResourceReference):
            self._exits.setdefault(table.resource.logical_id, []).append(resource)
        elif isinstance(table, Unknown | Choice):
            self._has_unplaced_exits = True

    def is_public(self, subnet: Resource) -> Reading:
        """Whether the way out of a subnet is an internet gateway; absent where nothing tells."""
        source = subnet.source
        if subnet.logical_id not in self._tables:
            return Reading(None, source)
        conditions: list[Condition] = []
        for association, route in self._default_routes(subnet.logical_id):
            gateway = route.gateway
            if isinstance(gateway, Unknown | Choice):
                return Reading(Unknown("where its route table leads is known only at deployment"), source)
            if isinstance(gateway, ResourceReference) and gateway.resource.type == "AWS::EC2::InternetGateway":
                conditions.append(_both(association, route.resource))
        condition = any_of(conditions) if conditions else Constant(False)
        if isinstance(condition, Constant):
            return Reading(condition.value, source)
        return Reading(Choice(condition, Reading(True, source), Reading(False, source)), source)

    def leads_outside(self, subnet: Resource) -> Reading:
        """Whether any route leads from a subnet out of the VPC, to whatever; absent where nothing tells.

        Whoever routes a part of the world through a transit gateway may have a proxy there.
        """
        tables, source = self._tables.get(subnet.logical_id, ()), subnet.source
        # Where its association does not exist, the main route table of the VPC counts.
        if not any(_always(association) for association, _ in tables):
            return Reading(None, source)
        ways = [
            _both(association, way)
            for association, table in tables
            for way in self._exits.get(table.logical_id, ())
            if not self._is_dead_end(way)
        ]
        closed = Reading(Unknown("a route may be its own") if self._has_unplaced_exits else False, source)
        return otherwise(under_condition(any_of(ways), Reading(True, source)), lambda: closed)

    def _is_dead_end(self, way: Resource) -> bool:
        """Whether a route leads to a public NAT gateway that no internet gateway is in reach of."""
        nat = way.get("NatGatewayId").value
        if not isinstance(nat, ResourceReference) or nat.resource.type != "AWS::EC2::NatGateway":
            return False
        subnet = nat.resource.get("SubnetId").value
        if not isinstance(subnet, ResourceReference) or self._has_unplaced_exits:
            return False
        connectivity = nat.resource.get("ConnectivityType").value
        return connectivity in {None, "public"} and self.is_public(subnet.resource).value is False

    def through(self, gateway: Resource) -> Iterator[tuple[str, Condition]]:
        """The subnets (logical names) whose way out is a NAT gateway, with the conditions under which it is."""
        if self._through is None:
            self._through = {}
            for subnet in self._tables:
                for association, route in self._default_routes(subnet):
                    nat = route.nat_gateway
                    if isinstance(nat, ResourceReference):
                        users = self._through.setdefault(nat.resource.logical_id, {})
                        users.setdefault(subnet, []).append(_both(association, route.resource))
        for subnet, conditions in self._through.get(gateway.logical_id, {}).items():
            yield subnet, any_of(conditions)

    def _default_routes(self, subnet: str) -> Iterator[tuple[Resource, _DefaultRoute]]:
        for association, table in self._tables.get(subnet, ()):
            for route in self._routes.get(table.logical_id, ()):
                yield association, route


def _always(resource: Resource) -> bool:
    presence = resource.presence
    return presence is None or (isinstance(presence, Constant) and presence.value)


def _both(*resources: Resource) -> Condition:
    return all_of([resource.presence for resource in resources if resource.presence is not None])
