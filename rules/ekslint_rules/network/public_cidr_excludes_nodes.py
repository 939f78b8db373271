from collections.abc import Iterator, Sequence

from ekslint import Cluster, FargateProfile, Finding, NodeGroup, Place, Severity, Subnet, rule
from ekslint_rules.network._ranges import Network, range_of

_WIDE = 16
"""A range with a shorter prefix may be one of AWS, in which nodes have their addresses."""
_NARROW = 28
"""A range with this prefix or a longer one may stand for the addresses of NAT gateways."""
_NAT_GATEWAYS = {"Single": 1, "HighlyAvailable": 2}
"""How many eksctl creates at least."""


@rule(Severity.WARNING, since="0.1.0", tags=("network",))
def public_cidr_excludes_nodes(cluster: Cluster) -> Iterator[Finding]:
    """Nodes reach the API server by its public endpoint alone, whose list of networks leaves them out.

    ## Why is this bad?
    With the private endpoint off, nodes call the API server from outside of the VPC: by their own public addresses,
    which change, or by those of the NAT gateways, as those of Fargate always do. What is not on the list
    (`publicAccessCIDRs`) is turned away, and nodes do not join.

    ## When it stays silent
    Endpoints that are open to everybody; wide ranges, which may be those of AWS; private nodes, where as many single
    addresses are on the list as there are NAT gateways, or where the files do not tell how many there are (an existing
    VPC); addresses that are known only at deployment.

    ## References
    - Amazon EKS user guide, cluster API server endpoint: nodes need private access, or to be on the list
    - eksctl, cluster access: restricting access to the public endpoint
    """
    if not cluster.public_access or cluster.private_access or cluster.private_cluster or cluster.is_on_outpost:
        return
    if cluster.ip_family.lower() != "ipv4" or not cluster.public_access_cidrs:
        return
    ranges = [found for each in cluster.public_access_cidrs if (found := range_of(each)) is not None]
    if len(ranges) < len(cluster.public_access_cidrs) or any(each.prefixlen < _WIDE for each in ranges):
        return
    pools: list[NodeGroup | FargateProfile] = [*cluster.node_groups, *cluster.fargate_profiles]
    excluded = [(pool, how) for pool in pools if (how := _way_out(pool, cluster, ranges)) is not None]
    if not excluded:
        return
    pool, how = excluded[0]
    shown = ", ".join(cluster.public_access_cidrs)
    yield Finding(
        cluster.at("public_access_cidrs"),
        f"the API server of {cluster} lets in {shown} only, but {pool} calls it {how}: nodes cannot join",
        label="without the nodes",
        help="turn the private endpoint on (privateAccess, EndpointPrivateAccess)",
        related=[(_place(each), f"{each} calls it {way}") for each, way in excluded],
    )


def _place(pool: NodeGroup | FargateProfile) -> Place:
    return pool.at("uses_private_networking" if isinstance(pool, NodeGroup) else "subnets")


def _way_out(pool: NodeGroup | FargateProfile, cluster: Cluster, ranges: Sequence[Network]) -> str | None:
    """By which addresses the nodes go out, in words; None where these may be on the list, or nobody knows them."""
    if isinstance(pool, NodeGroup):
        if pool.unknown("uses_private_networking") or pool.uses_private_networking is None:
            return None
        if not pool.uses_private_networking:
            return "by the public addresses of its nodes, which change"
    gateways = _nat_gateways(pool, cluster)
    single = sum(each.num_addresses for each in ranges if each.prefixlen >= _NARROW)
    if gateways is None or single >= gateways:
        return None
    return f"through {gateways} NAT gateways" if gateways > 1 else "through a NAT gateway"


def _nat_gateways(pool: NodeGroup | FargateProfile, cluster: Cluster) -> int | None:
    """How many NAT gateways the nodes go out through, at least; None where the files do not tell."""
    network = cluster.network
    if network is None:
        return None
    if cluster.dialect == "eksctl":
        if network.identifier is not None or network.public_subnets or network.private_subnets:
            return None
        return _NAT_GATEWAYS.get(network.nat_gateway_mode or "")
    if pool.unknown("subnets"):
        return None
    count = sum(any(_is_among(each, pool.subnets) for each in gateway.serves) for gateway in network.nat_gateways)
    return count or None


def _is_among(subnet: Subnet, subnets: Sequence[Subnet]) -> bool:
    return any(each is subnet for each in subnets)
