from collections.abc import Iterator, Sequence

from ekslint import (
    Cluster,
    FargateProfile,
    Finding,
    NodeGroup,
    Severity,
    Subnet,
    VirtualNetwork,
    every,
    network_limits,
    rule,
    some,
)


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def private_subnet_no_egress(cluster: Cluster) -> Iterator[Finding]:
    """Nodes are in subnets without a way out of the VPC, and the VPC lacks endpoints for what nodes call.

    ## Why is this bad?
    A node calls EC2 and pulls its first images from ECR, whose layers are in S3, before it is ready. Where no route
    leads to a NAT gateway or anywhere else, the VPC needs an endpoint for each of these services (on Fargate for all
    but EC2), or no node joins. Nor can it join through the public endpoint of the API server: the private one must be
    on.

    ## When it stays silent
    VPCs and subnets of other templates; subnets without a route table of their own; any route out of the VPC, as to a
    transit gateway, behind which may be a proxy; VPCs that nested stacks or custom resources are given. Endpoints that
    only some pods need (STS, EKS Auth, CloudWatch Logs …) are not looked for.

    ## References
    - Amazon EKS user guide, deploy private clusters with limited internet access
    - Amazon ECR user guide, interface VPC endpoints: ecr.api, ecr.dkr and the gateway of S3
    """
    network = cluster.network
    if cluster.dialect != "cloudformation" or network is None or cluster.is_on_outpost:
        return
    pools: list[NodeGroup | FargateProfile] = [*cluster.node_groups, *cluster.fargate_profiles]
    stranded = [pool for pool in pools if not pool.unknown("subnets") and _is_closed(pool.subnets)]
    if not stranded:
        return
    on_machines = any(isinstance(pool, NodeGroup) for pool in stranded)
    needed = network_limits.ENDPOINTS_OF_NODES if on_machines else network_limits.ENDPOINTS_OF_IMAGES
    missing = [each for each in needed if not _has_endpoint(network, each)]
    gaps = []
    if missing:
        gaps.append(f"{network} has no endpoint for {', '.join(missing)}")
    if not cluster.private_access:
        gaps.append(f"the private endpoint of {cluster} is off")
    if not gaps:
        return
    first = stranded[0]
    more = f" and {len(stranded) - 1} more" if len(stranded) > 1 else ""
    yield Finding(
        first.at("subnets"),
        f"no route leads out of the subnets of {first}{more}, but {', and '.join(gaps)}: nodes cannot join",
        label="no way out",
        help="route the subnets through a NAT gateway, or add interface endpoints (for s3 a gateway endpoint) and turn "
        "the private endpoint on",
        related=[
            *((subnet.at("identifier"), f"{subnet}: no route out of the VPC") for subnet in first.subnets),
            *((pool.at("subnets"), f"{pool}: no way out either") for pool in stranded[1:]),
        ],
    )


def _has_endpoint(network: VirtualNetwork, service: str) -> bool:
    return some(network.endpoints, lambda each: each == service)


def _is_closed(subnets: Sequence[Subnet]) -> bool:
    return len(subnets) > 0 and every(
        subnets, lambda subnet: not subnet.unknown("leads_outside") and subnet.leads_outside is False
    )
