"""The network under a cluster, as far as pools and clusters need it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from ekslint.model.entity import Entity


class Subnet(Entity):
    """A subnet: declared, or only named by its ID."""

    __slots__ = (
        "assigns_public_addresses",
        "availability_zone",
        "cidr",
        "identifier",
        "is_public",
        "network",
        "tags",
        "zone_id",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "assigns_public_addresses": None,
        "availability_zone": None,
        "cidr": None,
        "identifier": None,
        "is_public": None,
        "network": None,
        "tags": {},
        "zone_id": None,
    }
    identifier: str | None
    """`subnet-…`, or the logical name in its template, or eksctl's alias."""
    availability_zone: str | None
    """Its name, or symbolic (`zone #0` is the account's first); None where nothing tells."""
    cidr: str | None
    is_public: bool | None
    """Whether its route table leads to an internet gateway; None where nothing tells."""
    assigns_public_addresses: bool | None
    network: str | None
    tags: Mapping[str, str]
    """Its own tags, where it is declared."""
    zone_id: str | None
    """The ID of its zone (`use1-az4`), where it is placed by that."""


class NatGateway(Entity):
    """A NAT gateway, and the private subnets that route through it."""

    __slots__ = ("name", "serves", "subnet")
    defaults: ClassVar[Mapping[str, Any]] = {"name": None, "serves": (), "subnet": None}
    name: str | None
    subnet: Subnet | None
    serves: Sequence[Subnet]


class VirtualNetwork(Entity):
    """The VPC of a cluster."""

    __slots__ = (
        "cidr",
        "dns_hostnames",
        "dns_support",
        "identifier",
        "nat_gateway_mode",
        "nat_gateways",
        "private_subnets",
        "public_subnets",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "cidr": None,
        "dns_hostnames": None,
        "dns_support": None,
        "identifier": None,
        "nat_gateway_mode": None,
        "nat_gateways": (),
        "private_subnets": (),
        "public_subnets": (),
    }
    identifier: str | None
    """`vpc-…`, or the logical name; None where the tool creates it."""
    cidr: str | None
    dns_hostnames: bool | None
    """EnableDnsHostnames; None where the tool decides."""
    dns_support: bool | None
    """EnableDnsSupport; None where the tool decides."""
    nat_gateway_mode: str | None
    """eksctl: `Single`, `HighlyAvailable` or `Disable`."""
    nat_gateways: Sequence[NatGateway]
    public_subnets: Sequence[Subnet]
    private_subnets: Sequence[Subnet]


class IngressRule(NamedTuple):
    """What one rule of a security group lets in."""

    protocol: str
    """`tcp`, `udp`, …, or `-1` for all."""
    from_port: int | None
    to_port: int | None
    """None where the protocol has no ports, or all are meant."""
    source: str | None
    """A CIDR, or the ID or logical name of a security group."""


class SecurityGroup(Entity):
    """A security group of the same files, with the rules that stand in it or beside it."""

    __slots__ = ("identifier", "ingress", "network", "tags")
    defaults: ClassVar[Mapping[str, Any]] = {"identifier": None, "ingress": (), "network": None, "tags": {}}
    identifier: str
    """The logical name."""
    ingress: Sequence[IngressRule]
    network: str | None
    tags: Mapping[str, str]
