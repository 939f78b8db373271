from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, ip_network

from ekslint import Cluster, Finding, NodeGroup, Severity, Subnet, cni_settings_of, instance_types, rule, vpc_cni

_RESERVED_BY_VPC = 5
"""Addresses of every subnet that AWS keeps: network, router, DNS, future use, broadcast."""
_WARM_INTERFACES = 2
"""By default the VPC CNI keeps one interface with all of its addresses in reserve, beside the one in use."""
_CONFIGURING = (*vpc_cni.POOL_SIZES, vpc_cni.CUSTOM_NETWORKING, vpc_cni.PREFIX_DELEGATION)


@rule(Severity.WARNING, since="0.1.0", tags=("networking", "autoscaling"), dialects=("eksctl", "cloudformation"))
def max_pods_vs_subnet_ips(cluster: Cluster) -> Iterator[Finding]:
    """Node groups at their largest need more addresses than their subnets have.

    ## Why is this bad?
    Every node takes addresses for pods in advance: by default all those of two network interfaces (20 on m5.large, 60
    on m5.4xlarge), whether pods run or not. Where a subnet has no more, nodes do not start, or their pods stay in
    ContainerCreating.

    ## When it stays silent
    IPv6; subnets whose CIDR blocks are not in the files; unknown sizes or instance types; a VPC CNI that is told what
    to keep in reserve, uses prefixes or gives pods other subnets. What else lives in the subnets is not counted. With
    several instance types the one that takes the fewest addresses counts.

    ## References
    - Amazon VPC CNI, eni-and-ip-target
    - EKS best practices guide, networking: VPC and subnet considerations
    - Amazon VPC user guide, subnet sizing: five addresses of every subnet are reserved
    """
    if cluster.ip_family != "IPv4" or cluster.auto_mode is not None or _is_configured(cluster):
        return
    groups = [(group, taken) for group in cluster.node_groups if (taken := _addresses_taken(group)) is not None]
    reported: list[frozenset[int]] = []
    by_subnets = {frozenset(id(each) for each in group.subnets): group for group, _ in groups}
    for subnets, sample in sorted(by_subnets.items(), key=lambda each: len(each[0])):
        if any(smaller <= subnets for smaller in reported):
            continue
        free = _addresses(sample.subnets)
        inside = [(group, taken) for group, taken in groups if {id(each) for each in group.subnets} <= subnets]
        needed = sum(group.max_size * taken for group, taken in inside)
        if free is None or needed <= free:
            continue
        reported.append(subnets)
        group, taken = inside[0]
        needs = "takes" if len(inside) == 1 else f"and {len(inside) - 1} more take"
        yield Finding(
            group.at("max_size"),
            f"at its largest {group} {needs} {needed} addresses ({taken} for each of {group.max_size} nodes), "
            f"but the subnets have {free}",
            label=f"{needed} addresses needed",
            help="use larger subnets, prefix delegation, or WARM_IP_TARGET and MINIMUM_IP_TARGET",
            related=[(each.at("cidr"), f"{each}: {each.cidr}") for each in sample.subnets],
            lower=cluster.tolerance,
        )


def _is_configured(cluster: Cluster) -> bool:
    """Whether the VPC CNI is told how many addresses to take, or where from."""
    settings = cni_settings_of(cluster)
    return settings is not None and any(variable in settings.environment for variable in _CONFIGURING)


def _addresses_taken(group: NodeGroup) -> int | None:
    """The addresses that a node takes at least, without a pod; None where nobody knows."""
    unknown = (group.unknown(field) for field in ("subnets", "max_size", "instance_types"))
    if any(unknown) or not group.subnets or not group.instance_types:
        return None
    taken = []
    for name in group.instance_types:
        found = instance_types.instance_type(name)
        if found is None:
            return None
        taken.append(min(_WARM_INTERFACES, found.default_card_enis) * found.ipv4_per_eni)
    return min(taken)


def _addresses(subnets: Sequence[Subnet]) -> int | None:
    """The addresses of subnets that can be used; None where a CIDR block is not known."""
    total = 0
    for subnet in subnets:
        if subnet.unknown("cidr") or subnet.cidr is None:
            return None
        try:
            network = ip_network(subnet.cidr, strict=False)
        except ValueError:
            return None
        if not isinstance(network, IPv4Network):
            return None
        total += max(0, network.num_addresses - _RESERVED_BY_VPC)
    return total
