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
        "is_on_outpost",
        "is_public",
        "leads_outside",
        "network",
        "tags",
        "zone_id",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "assigns_public_addresses": None,
        "availability_zone": None,
        "cidr": None,
        "identifier": None,
        "is_on_outpost": False,
        "is_public": None,
        "leads_outside": None,
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
    leads_outside: bool | None
    """Whether any route of its route table leads out of the VPC, to whatever; None where nothing tells."""
    assigns_public_addresses: bool | None
    is_on_outpost: bool
    """Whether it is declared with the ARN of an Outpost, even where nobody knows which."""
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
        "endpoints",
        "endpoints_without_private_names",
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
        "endpoints": (),
        "endpoints_without_private_names": (),
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
    endpoints: Sequence[str]
    """Services that its VPC endpoints stand for, as AWS calls them without the region: `ec2`, `ecr.api`, `s3` …"""
    endpoints_without_private_names: Sequence[str]
    """Services with an endpoint that their ordinary names do not lead to; they are not among `endpoints`."""
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
    """A security group of the same files, with the rules that stand in it or beside it; or the one that EKS makes for
    a cluster of them.
    """

    __slots__ = ("cluster_tags", "has_node_group", "identifier", "ingress", "network", "tags")
    defaults: ClassVar[Mapping[str, Any]] = {
        "cluster_tags": (),
        "has_node_group": False,
        "identifier": None,
        "ingress": (),
        "network": None,
        "tags": {},
    }
    identifier: str
    """The logical name; `Cluster.ClusterSecurityGroupId` for the one that EKS makes for the cluster `Cluster`."""
    cluster_tags: Sequence[str]
    """The clusters of its tags `kubernetes.io/cluster/…`, by name, or as `${Expression}` where that is told at
    deployment only."""
    has_node_group: bool
    """Whether a node group of the same template is in it, in some world."""
    ingress: Sequence[IngressRule]
    network: str | None
    tags: Mapping[str, str]
