from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, network_limits, rule
from ekslint_rules.network._ranges import is_private, origin_of, overlap, range_of


@rule(Severity.ERROR, since="0.1.0", tags=("network",))
def service_cidr_overlap(cluster: Cluster) -> Iterator[Finding]:
    """The range of Services overlaps the VPC, or is one that EKS does not take.

    ## Why is this bad?
    With IPv6, EKS takes no range for Services. It refuses one that is not private, or larger than /12 or smaller than
    /24. Where it overlaps the VPC, pods cannot reach whatever has those addresses. It cannot be changed once the
    cluster exists.

    ## When it stays silent
    VPCs of which no file tells the range. What is no range at all in an eksctl file is the matter of
    `eksctl-network-config`, and the networks of hybrid nodes that of `hybrid-cidr-overlap`.

    ## References
    - Amazon EKS API reference, KubernetesNetworkConfigRequest
    """
    written = cluster.service_cidr
    if cluster.is_implicit or written is None:
        return
    place = cluster.at("service_cidr")
    if cluster.ip_family.lower() == "ipv6":
        if cluster.dialect == "cloudformation":
            yield Finding(
                place,
                f"{cluster} has IPv6 and sets the range of Services {written}, but EKS chooses a range of IPv6 itself",
                label="not with IPv6",
                help="leave ServiceIpv4Cidr out",
                related=[(cluster.at("ip_family"), "IPv6")],
                discriminator="family",
            )
        return
    network = range_of(written)
    shortest = network_limits.SERVICE_RANGE_SHORTEST_PREFIX
    longest = network_limits.SERVICE_RANGE_LONGEST_PREFIX
    if network is None:
        if cluster.dialect != "eksctl":
            yield Finding(place, f"{written} is no range of addresses for Services", label="not a CIDR")
        return
    if not is_private(network):
        ranges = ", ".join(network_limits.PRIVATE_RANGES)
        yield Finding(
            place,
            f"Services cannot get addresses of {written}: EKS takes a range within one of {ranges}",
            label="not within a private range",
            discriminator="private",
        )
    elif not shortest <= network.prefixlen <= longest:
        yield Finding(
            place,
            f"the range of Services {written} is a /{network.prefixlen}, and EKS takes /{shortest} to /{longest}",
            label=f"/{shortest} to /{longest}",
            discriminator="size",
        )
    if cluster.network is None or cluster.network.cidr is None:
        return
    around = range_of(cluster.network.cidr)
    if around is not None and overlap(network, around):
        other = cluster.network.at("cidr")
        yield Finding(
            place,
            f"the range of Services {written} overlaps {cluster.network.cidr} of {cluster.network}"
            f"{origin_of(other)}: pods could not reach what has those addresses",
            label="overlaps the VPC",
            help="take a range of another private network, as 172.20.0.0/16",
            related=[(other, "the VPC")],
            rests_on=[other],
            discriminator="network",
        )
