from collections.abc import Iterator, Sequence

from ekslint import (
    Cluster,
    FargateProfile,
    Finding,
    NodeGroup,
    Severity,
    Subnet,
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
    on. An interface endpoint without private DNS does not help: nodes ask for the service by its ordinary name, which
    then still leads to the internet. A NAT gateway in a subnet that no internet gateway is in reach of leads nowhere.
    Where a group has further subnets with a way out, it is those nodes that fail which Auto Scaling puts into the
    closed ones.

    ## When it stays silent
    VPCs of other templates; subnets without a route table of their own; any route out of the VPC, as to a
    transit gateway, behind which may be a proxy; VPCs that nested stacks or custom resources are given. Endpoints that
    only some pods need (STS, EKS Auth, CloudWatch Logs …) are not looked for. Private DNS that is off, beside hosted
    zones of the template, which may have the names.

    ## References
    - Amazon EKS user guide, deploy private clusters with limited internet access
    - Amazon ECR user guide, interface VPC endpoints: ecr.api, ecr.dkr and the gateway of S3
    """
    network = cluster.network
    if cluster.dialect != "cloudformation" or network is None or cluster.is_on_outpost:
        return
    pools: list[NodeGroup | FargateProfile] = [*cluster.node_groups, *cluster.fargate_profiles]
    closed = {pool: _closed(pool.subnets) for pool in pools if not pool.unknown("subnets")}
    stranded = [pool for pool in closed if closed[pool]]
    if not stranded:
        return
    on_machines = any(isinstance(pool, NodeGroup) for pool in stranded)
    needed = network_limits.ENDPOINTS_OF_NODES if on_machines else network_limits.ENDPOINTS_OF_IMAGES
    missing = [each for each in needed if not _has(network.endpoints, each)]
    gaps = []
    nameless = [each for each in missing if _has(network.endpoints_without_private_names, each)]
    absent = [each for each in missing if each not in nameless]
    if absent:
        gaps.append(f"{network} has no endpoint for {', '.join(absent)}")
    if nameless:
        gaps.append(f"private DNS is off for the endpoint of {', '.join(nameless)}")
    if not cluster.private_access:
        gaps.append(f"the private endpoint of {cluster} is off")
    if not gaps:
        return
    first = stranded[0]
    more = f" and {len(stranded) - 1} more" if len(stranded) > 1 else ""
    is_whole = len(closed[first]) == len(first.subnets)
    where = "the subnets" if is_whole else " and ".join(map(str, closed[first]))
    yield Finding(
        first.at("subnets"),
        f"no route leads out of {where} of {first}{more}, but {', and '.join(gaps)}: "
        f"nodes {'' if is_whole else 'there '}cannot join",
        label="no way out",
        help="route the subnets through a NAT gateway in a public subnet, or add interface endpoints with private DNS "
        "(for s3 a gateway endpoint) and turn the private endpoint on",
        related=[
            *((subnet.at("identifier"), f"{subnet}: no route out of the VPC") for subnet in closed[first]),
            *((pool.at("subnets"), f"{pool}: no way out either") for pool in stranded[1:]),
            *(
                (network.at("endpoints_without_private_names", index), "this endpoint")
                for index, each in enumerate(network.endpoints_without_private_names)
                if each in nameless
            ),
        ],
    )


def _has(endpoints: Sequence[str], service: str) -> bool:
    return some(endpoints, lambda each: each == service)


def _closed(subnets: Sequence[Subnet]) -> list[Subnet]:
    return [subnet for subnet in subnets if not subnet.unknown("leads_outside") and subnet.leads_outside is False]
