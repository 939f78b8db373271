from collections.abc import Iterator
from ipaddress import IPv4Network

from ekslint import (
    Cluster,
    Finding,
    NodeGroup,
    Severity,
    Subnet,
    cni_settings_of,
    instance_types,
    known,
    network_limits,
    rule,
    vpc_cni,
)
from ekslint_rules._node_groups import subnets_of
from ekslint_rules.network._ranges import range_of

_SMALLEST_SHARED_PREFIX = 28
_ADVISED_PREFIX = 26
_EKSCTL_BITS = 3
"""Bits that eksctl adds to the prefix of its VPC for a subnet: it cuts out eight, or sixteen with many zones."""


@rule(Severity.WARNING, since="0.1.0", tags=("network",))
def subnet_too_small(cluster: Cluster) -> Iterator[Finding]:
    """The subnets of nodes, or of nodes and control plane together, have hardly any addresses.

    ## Why is this bad?
    AWS keeps five addresses of every subnet, and every node takes some for itself and for its pods. In a /28 that nodes
    share with the control plane they leave it none of the six that it needs during an upgrade. Nodes alone are advised
    to have a /26 or more, or soon there is no room for pods.

    ## When it stays silent
    IPv6; custom networking, which gives pods other subnets; subnets whose CIDR blocks are not in the files. Small
    subnets of node groups whose types and sizes are known: `max-pods-vs-subnet-ips` does the sum.

    ## References
    - Amazon EKS user guide, view Amazon EKS networking requirements for VPC and subnets
    - EKS best practices guide, networking: VPC and subnet considerations
    - eksctl, pkg/vpc/vpc.go (getSubnetNetworkSize)
    """
    if cluster.ip_family.lower() != "ipv4" or cluster.is_on_outpost:
        return
    settings = cni_settings_of(cluster)
    if settings is not None and settings.is_on(vpc_cni.CUSTOM_NETWORKING):
        return
    yield from _shared_with_control_plane(cluster)
    yield from _of_nodes(cluster)
    yield from _made_by_eksctl(cluster)


def _shared_with_control_plane(cluster: Cluster) -> Iterator[Finding]:
    shared = [
        (subnet, group)
        for subnet in cluster.subnets
        if _prefix(subnet) >= _SMALLEST_SHARED_PREFIX
        for group in _users(subnet, cluster)[:1]
    ]
    if not shared:
        return
    subnet, group = shared[0]
    yield Finding(
        subnet.at("cidr"),
        f"the {_addresses(subnet)} addresses of {subnet} are for the control plane of {cluster} and for {group}: nodes "
        f"and pods leave none of the {network_limits.ADDRESSES_OF_CONTROL_PLANE} that an upgrade needs",
        label=f"{_addresses(subnet)} addresses",
        help="use larger subnets, or others for the nodes",
        related=[
            *((each.at("cidr"), f"{each}: {_addresses(each)} addresses") for each, _ in shared[1:]),
            (group.at("subnets"), f"{group}"),
        ],
        lower=cluster.tolerance,
        discriminator="shared",
    )


def _of_nodes(cluster: Cluster) -> Iterator[Finding]:
    control_plane = list(cluster.subnets)
    found: dict[int, tuple[Subnet, NodeGroup]] = {}
    for group in cluster.node_groups:
        for subnet in () if _is_reckoned(group) else subnets_of(group):
            is_shared = _prefix(subnet) >= _SMALLEST_SHARED_PREFIX and any(each is subnet for each in control_plane)
            if _prefix(subnet) > _ADVISED_PREFIX and not is_shared:
                found.setdefault(id(subnet), (subnet, group))
    small = list(found.values())
    if small:
        subnet, group = small[0]
        yield Finding(
            subnet.at("cidr"),
            f"{subnet} has {_addresses(subnet)} addresses for the nodes and pods of {group}",
            label=f"{_addresses(subnet)} addresses",
            help=f"use subnets of /{_ADVISED_PREFIX} or larger for nodes",
            related=[(each.at("cidr"), f"{each}: {_addresses(each)} addresses") for each, _ in small[1:]],
            severity=Severity.INFO,
            discriminator="nodes",
        )


def _made_by_eksctl(cluster: Cluster) -> Iterator[Finding]:
    network = cluster.network
    if cluster.dialect != "eksctl" or network is None or network.identifier is not None or network.cidr is None:
        return
    whole = range_of(network.cidr)
    if network.private_subnets or network.public_subnets or not cluster.node_groups or whole is None:
        return
    prefix = whole.prefixlen + _EKSCTL_BITS
    if isinstance(whole, IPv4Network) and prefix > _ADVISED_PREFIX:
        count = _usable(prefix)
        yield Finding(
            network.at("cidr"),
            f"eksctl cuts {network.cidr} into subnets of {count} addresses at most for nodes and pods of {cluster}",
            label=f"/{prefix} for a subnet",
            help=f"use a VPC of /{_ADVISED_PREFIX - _EKSCTL_BITS} or larger",
            severity=Severity.INFO,
        )


def _users(subnet: Subnet, cluster: Cluster) -> list[NodeGroup]:
    return [group for group in cluster.node_groups if any(each is subnet for each in subnets_of(group))]


def _is_reckoned(group: NodeGroup) -> bool:
    """Whether it is known how many addresses the group takes at its largest."""
    if any(group.unknown(field) for field in ("subnets", "max_size", "instance_types")) or not group.subnets:
        return False
    types = [instance_types.instance_type(name) for name in known(group.instance_types)]
    return len(types) == len(group.instance_types) and None not in types


def _prefix(subnet: Subnet) -> int:
    """The length of the prefix of an IPv4 subnet, 0 where it is not known."""
    network = range_of(subnet.cidr) if not subnet.unknown("cidr") and subnet.cidr is not None else None
    return network.prefixlen if isinstance(network, IPv4Network) else 0


def _addresses(subnet: Subnet) -> int:
    return _usable(_prefix(subnet))


def _usable(prefix: int) -> int:
    return max(0, (1 << (32 - prefix)) - network_limits.RESERVED_ADDRESSES_OF_SUBNET)
