from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",))
def nat_gateway_single(cluster: Cluster) -> Iterator[Finding]:
    """Private nodes in several zones reach the internet through one NAT gateway.

    ## Why is this bad?
    A NAT gateway lives in one zone. When that zone fails, nodes in all others can pull no image and call no AWS API;
    until then they pay for traffic across zones.

    ## When it stays silent
    Clusters without private node groups, with a VPC of their own (`vpc.id`), and fully private ones. Advice only outside
    production.

    ## References
    - eksctl, VPC configuration: NAT gateway (`Single` is the default)
    - EKS best practices guide, networking, VPC and subnets
    """
    network = cluster.network
    if network is None or cluster.private_cluster:
        return
    if cluster.dialect == "eksctl":
        if network.identifier is not None or network.nat_gateway_mode != "Single":
            return
        private = next((group for group in cluster.node_groups if group.uses_private_networking), None)
        if private is None:
            return
        yield Finding(
            network.at("nat_gateway_mode"),
            f"the private nodes of {cluster} all go out through one NAT gateway in one zone",
            label="Single is the default" if not network.at("nat_gateway_mode").is_written else None,
            help="set vpc.nat.gateway: HighlyAvailable for a NAT gateway in every zone",
            related=[(private.at("uses_private_networking"), f"{private} has private nodes")],
            lower=cluster.tolerance + cluster.may_be_partial,
        )
        return
    if len(network.nat_gateways) != 1:
        return
    [gateway] = network.nat_gateways
    zones = {subnet.availability_zone for subnet in gateway.serves}
    if len(zones - {None}) < 2:
        return
    yield Finding(
        gateway.at("name"),
        f"the private subnets of {cluster} in {len(zones)} zones all go out through {gateway}",
        label="in one zone",
        help="add a NAT gateway in every zone, and route each private subnet to the one in its zone",
        related=[(subnet.at("identifier"), f"{subnet} routes through it") for subnet in gateway.serves],
        lower=cluster.tolerance,
    )
