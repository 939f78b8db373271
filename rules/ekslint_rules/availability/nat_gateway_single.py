from collections.abc import Iterator, Sequence

from ekslint import Cluster, Finding, NodeGroup, Severity, VirtualNetwork, rule

_SEVERAL = 2


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",))
def nat_gateway_single(cluster: Cluster) -> Iterator[Finding]:
    """Private nodes in several zones reach the internet through one NAT gateway.

    ## Why is this bad?
    A NAT gateway lives in one zone. When that zone fails, nodes in all others can pull no image and call no AWS API;
    until then they pay for traffic across zones.

    ## When it stays silent
    In eksctl: clusters without private node groups, or with all of them in one zone, with an existing VPC (`vpc.id`),
    with IPv6, where `vpc.nat` cannot be set, on Outposts, and fully private ones. In CloudFormation: networks of which
    the template does not hold the private subnets with their routes. Advice only outside production.

    ## References
    - eksctl, VPC configuration: NAT gateway (`Single` is the default)
    - EKS best practices guide, networking, VPC and subnets
    """
    network = cluster.network
    if network is None or cluster.private_cluster or cluster.is_on_outpost:
        return
    if cluster.dialect == "eksctl":
        yield from _by_eksctl(cluster, network)
    else:
        yield from _by_template(cluster, network)


def _by_eksctl(cluster: Cluster, network: VirtualNetwork) -> Iterator[Finding]:
    if network.identifier is not None or network.nat_gateway_mode != "Single" or cluster.ip_family.lower() == "ipv6":
        return
    private = [
        group
        for group in cluster.node_groups
        if not group.unknown("uses_private_networking") and group.uses_private_networking
    ]
    if not private or _are_in_one_zone(private):
        return
    place = network.at("nat_gateway_mode")
    yield Finding(
        place,
        f"the private nodes of {cluster} all go out through one NAT gateway in one zone",
        label=None if place.is_written else "vpc.nat.gateway is Single by default",
        help="set vpc.nat.gateway: HighlyAvailable for a NAT gateway in every zone",
        related=[(private[0].at("uses_private_networking"), f"{private[0]} has private nodes")],
        lower=cluster.tolerance,
    )


def _are_in_one_zone(groups: Sequence[NodeGroup]) -> bool:
    """Whether there is a single zone to lose anyway; EFA keeps a group in one, whichever it is."""
    if len(groups) == 1 and groups[0].uses_fabric_adapter:
        return True
    zones = [set(group.availability_zones or ()) for group in groups]
    return all(zones) and len(set().union(*zones)) == 1


def _by_template(cluster: Cluster, network: VirtualNetwork) -> Iterator[Finding]:
    if len(network.nat_gateways) != 1:
        return
    [gateway] = network.nat_gateways
    served = list(gateway.serves)
    zones = {subnet.availability_zone for subnet in served if subnet.availability_zone is not None}
    if len(zones) < _SEVERAL:
        return
    yield Finding(
        gateway.at("name"),
        f"the private subnets of {cluster} in {len(zones)} zones all go out through {gateway}, which is in one",
        label="in one zone",
        help="add a NAT gateway in every zone, and route each private subnet to the one in its zone",
        related=[(subnet.at("identifier"), f"{subnet} routes through it") for subnet in served],
        lower=cluster.tolerance,
    )
