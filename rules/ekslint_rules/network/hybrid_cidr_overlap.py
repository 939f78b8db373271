from collections.abc import Iterator

from ekslint import Cluster, Finding, HybridNodes, Place, Severity, network_limits, rule
from ekslint_rules.network._ranges import Network, is_within, origin_of, overlap, range_of


@rule(Severity.ERROR, since="0.1.0", tags=("network", "hybrid"), dialects=("eksctl", "cloudformation"))
def hybrid_cidr_overlap(cluster: Cluster) -> Iterator[Finding]:
    """The networks of hybrid nodes overlap the VPC, the Services or each other, or are not private.

    ## Why is this bad?
    EKS refuses ranges that overlap, and those that are neither private (RFC 1918) nor shared (100.64.0.0/10): traffic
    between the VPC and the machines outside could not be routed.

    ## When it stays silent
    VPCs of which no file tells the range, and what is no range at all.

    ## References
    - Amazon EKS user guide, prepare networking for hybrid nodes
    - Amazon EKS API reference, RemoteNetworkConfigRequest
    """
    for pool in cluster.pools:
        if isinstance(pool, HybridNodes):
            yield from _of(pool, cluster)


def _of(pool: HybridNodes, cluster: Cluster) -> Iterator[Finding]:
    remote = [
        (network, written, whose, pool.at(field, index))
        for field, whose in (("node_networks", "nodes"), ("pod_networks", "pods"))
        if not pool.unknown(field)
        for index, written in enumerate(getattr(pool, field))
        if (network := range_of(written)) is not None
    ]
    allowed = (*network_limits.PRIVATE_RANGES, network_limits.SHARED_RANGE)
    for network, written, whose, place in remote:
        if not is_within(network, *allowed):
            yield Finding(
                place,
                f"the range {written} of the {whose} outside of AWS is not private: EKS takes one of "
                f"{', '.join(allowed)}",
                label="not within a private range",
                discriminator=f"private {written}",
            )
    others = list(_around(cluster))
    for position, (network, written, whose, place) in enumerate(remote):
        mine = [(each, f"{text} of the {who}", where) for each, text, who, where in remote[:position]]
        for other, title, where in [*others, *mine]:
            if overlap(network, other):
                yield Finding(
                    place,
                    f"the range {written} of the {whose} outside of AWS overlaps {title}"
                    f"{origin_of(where)}: nobody could route between the two",
                    label="overlaps",
                    related=[(where, "this range")],
                    rests_on=[where],
                    discriminator=f"{written} {title}",
                )
                break


def _around(cluster: Cluster) -> Iterator[tuple[Network, str, Place]]:
    """The ranges of the VPC and of Services, as far as they are known."""
    network = None if cluster.unknown("network") else cluster.network
    if network is not None and not network.unknown("cidr") and network.cidr is not None:
        around = range_of(network.cidr)
        if around is not None:
            yield around, f"{network.cidr} of the VPC", network.at("cidr")
    if not cluster.unknown("service_cidr") and cluster.service_cidr is not None:
        services = range_of(cluster.service_cidr)
        if services is not None:
            yield services, f"{cluster.service_cidr} of Services", cluster.at("service_cidr")
