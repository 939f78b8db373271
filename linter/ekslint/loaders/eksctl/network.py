"""The VPC of a ClusterConfig, its subnets, and which of them a node group names.

Source: eksctl 0.231 `pkg/apis/eksctl.io/v1alpha5/vpc.go` (a key that is a zone stands for one) and `pkg/vpc/vpc.go`
(findInConfiguredVPC: by alias, then by ID; the side that `privateNetworking` asks for first).
"""

from collections.abc import Mapping, Sequence

from ekslint.facts import eksctl_defaults as defaults
from ekslint.facts.regions import zone_kind
from ekslint.loaders.eksctl.decoding import TEMPLATED, TEMPLATED_KEYS, sequence
from ekslint.loaders.eksctl.fields import Fields, derived, is_known
from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.network import Subnet, VirtualNetwork
from ekslint.model.reading import Reading, Source, Unknown


class Network:
    """The network, and the subnets that can be named."""

    def __init__(self, vpc: Fields, cluster_title: str, *, is_private_cluster: Reading) -> None:
        self.vpc = vpc
        subnets = vpc.section("subnets")
        self.hole = subnets.unknown()
        self._named: dict[str, Subnet] = {}
        self.public = self._side(subnets.section("public"), is_public=True)
        self.private = self._side(subnets.section("private"), is_public=False)
        self._by_identifier = {id(side): _by_identifier(side) for side in (self.public, self.private)}
        self.entity = self._declare(cluster_title, is_private_cluster)

    @property
    def subnets(self) -> list[Subnet]:
        """Every subnet that stands in the file, in order."""
        return [*self.public.values(), *self.private.values(), *self._named.values()]

    def zones(self) -> Reading:
        """The distinct zones of all subnets under `vpc.subnets`, None where not all can be told."""
        at = self.vpc.source("subnets")
        if self.hole is not None:
            return Reading(self.hole.value, at)
        zones = zones_of([*self.public.values(), *self.private.values()], at)
        return zones if isinstance(zones.value, tuple) else Reading(None, at)

    def control_plane(self) -> Reading:
        """The subnets that the control plane gets."""
        identifiers = self.vpc.texts("controlPlaneSubnetIDs")
        if self.vpc.has("controlPlaneSubnetIDs"):
            return self.resolve(identifiers, private_first=True)
        only_private = self.vpc.boolean("controlPlaneOnPrivateSubnets", default=False)
        if self.hole is not None or not is_known(only_private):
            return self.hole or only_private
        sides = [self.private] if only_private.value else [self.public, self.private]
        readings = [Reading(subnet, subnet.origin) for side in sides for subnet in side.values()]
        return sequence(readings, self.vpc.source("subnets"))

    def resolve(self, names: Reading, *, private_first: bool) -> Reading:
        """The subnets that a list of aliases and IDs names."""
        if not is_known(names):
            return names
        readings = [
            Reading(self._find(reading, private_first), reading.source) if is_known(reading) else reading
            for reading in (names.parts or {}).values()
        ]
        return sequence(readings, names.source)

    def _find(self, name: Reading, private_first: bool) -> Subnet:
        sides = (self.private, self.public) if private_first else (self.public, self.private)
        wanted = str(name.value)
        for side in sides:
            found = side.get(wanted) or self._by_identifier[id(side)].get(wanted)
            if found is not None:
                return found
        if wanted not in self._named:
            subnet = Subnet(f"subnet {wanted}", name.source, dialect="eksctl", resource=f"Subnet/{wanted}")
            subnet.declare(identifier=Reading(wanted, name.source))
            if self.hole is not None:
                nothing = Reading(self.hole.value, name.source)
                subnet.declare(availability_zone=nothing, is_public=nothing)
            self._named[wanted] = subnet
        return self._named[wanted]

    def _side(self, fields: Fields, *, is_public: bool) -> dict[str, Subnet]:
        if fields.hole is not None:
            self.hole = self.hole or fields.unknown()
        subnets = {}
        for alias in fields.node:
            if is_template(alias):
                self.hole = self.hole or Reading(TEMPLATED_KEYS, fields.source())
                continue
            subnets[alias] = self._subnet(alias, fields.section(alias), is_public=is_public)
        return subnets

    def _subnet(self, alias: str, fields: Fields, *, is_public: bool) -> Subnet:
        origin = fields.source(key=True)
        subnet = Subnet(f"subnet {alias}", origin, dialect="eksctl", resource=f"Subnet/{alias}")
        identifier, zone = fields.text(fields.spelling("id")), fields.text(fields.spelling("az"))
        if identifier.value is None:
            identifier = Reading(alias, origin)
        if zone.value is None and zone_kind(alias) is not None:
            zone = Reading(alias, origin)
        subnet.declare(
            identifier=identifier,
            availability_zone=zone,
            cidr=fields.text(fields.spelling("cidr")),
            is_public=Reading(is_public, origin),
            network=self.vpc.text("id"),
        )
        return subnet

    def _declare(self, cluster_title: str, is_private_cluster: Reading) -> VirtualNetwork:
        identifier = self.vpc.text("id")
        known = is_known(identifier) and identifier.value is not None
        title = f"VPC {identifier.value}" if known else f"VPC of {cluster_title}"
        network = VirtualNetwork(
            title, self.vpc.source(), dialect="eksctl", resource=f"VPC/{identifier.value if known else ''}".rstrip("/")
        )
        network.declare(
            identifier=identifier,
            cidr=self._cidr(),
            nat_gateway_mode=self._nat_gateway_mode(is_private_cluster),
            public_subnets=self._declared_side("public", self.public),
            private_subnets=self._declared_side("private", self.private),
        )
        return network

    def _declared_side(self, name: str, side: dict[str, Subnet]) -> Reading:
        readings = [Reading(subnet, subnet.origin) for subnet in side.values()]
        return sequence(readings, self.vpc.source("subnets", name), self.hole)

    def _is_existing(self) -> bool:
        return self.vpc.has("id") or bool(self.public or self.private) or self.hole is not None

    def _cidr(self) -> Reading:
        return self.vpc.text("cidr", default=None if self._is_existing() else defaults.VPC_CIDR)

    def _nat_gateway_mode(self, is_private_cluster: Reading) -> Reading:
        nat = self.vpc.section("nat")
        written = nat.text("gateway")
        if written.value is not None or self._is_existing():
            return written
        # A fully private cluster gets endpoints in place of a NAT gateway.
        return derived(lambda private: None if private else defaults.NAT_GATEWAY, is_private_cluster, at=written.source)


def _by_identifier(side: Mapping[str, Subnet]) -> dict[str, Subnet]:
    """The subnets by ID, the first of those that share one."""
    found: dict[str, Subnet] = {}
    for subnet in side.values():
        if not subnet.unknown("identifier") and subnet.identifier is not None:
            found.setdefault(subnet.identifier, subnet)
    return found


def zones_of(subnets: Sequence[Subnet], at: Source) -> Reading:
    """The distinct zones of subnets, in order, with a hole for each that nothing tells; None without subnets."""
    if not subnets:
        return Reading(None, at)
    zones: dict[str, Reading] = {}
    for subnet in subnets:
        zone = _zone_of(subnet)
        zones.setdefault(zone.value if is_known(zone) else f"?{id(subnet)}", zone)
    return sequence(list(zones.values()), at)


def _zone_of(subnet: Subnet) -> Reading:
    place = subnet.at("availability_zone").source
    if subnet.unknown("availability_zone"):
        return Reading(TEMPLATED, place)
    return Reading(subnet.availability_zone or Unknown(f"nothing tells the zone of {subnet}"), place)


def known_subnets(reading: Reading) -> list[Subnet]:
    """The subnets of a reading, as far as they can be told."""
    return [part.value for part in (reading.parts or {}).values() if isinstance(part.value, Subnet)]
