from collections.abc import Iterator

from ekslint import Cluster, Finding, Place, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("eksctl",))
def nat_disabled_private_nodes(cluster: Cluster) -> Iterator[Finding]:
    """Nodes go to private subnets, and the NAT gateway that leads out of them is disabled.

    ## Why is this bad?
    eksctl then creates private subnets without any route to the internet, and no VPC endpoints in place of it. Nodes
    there cannot pull images or call EC2, and with the default public endpoint not even reach the API server: the node
    group never gets ready. The same holds for the pods of Fargate profiles.

    ## When it stays silent
    Fully private clusters (`privateCluster.enabled`), for which eksctl creates endpoints; an existing VPC or subnets of
    one's own, whose routes are not eksctl's; public node groups; IPv6, where `vpc.nat` cannot be set; clusters on
    Outposts.

    ## References
    - eksctl, VPC configuration: NAT gateway; EKS fully-private cluster
    - eksctl, pkg/cfn/builder/vpc_ipv4.go (addNATGateways)
    - Amazon EKS user guide, deploy private clusters with limited internet access
    """
    network = cluster.network
    if cluster.dialect != "eksctl" or network is None or network.nat_gateway_mode != "Disable":
        return
    if network.identifier is not None or network.private_subnets or network.public_subnets:
        return
    if cluster.private_cluster or cluster.is_on_outpost or cluster.ip_family.lower() == "ipv6":
        return
    stranded = list(_stranded(cluster))
    if not stranded:
        return
    _, first = stranded[0]
    more = f" and {len(stranded) - 1} more" if len(stranded) > 1 else ""
    yield Finding(
        network.at("nat_gateway_mode"),
        f"{first}{more} in private subnets without NAT gateway can neither pull images nor call AWS APIs",
        label="no way out",
        help="use a NAT gateway (Single or HighlyAvailable), or privateCluster.enabled: true for VPC endpoints",
        related=[(place, f"{what}: in private subnets") for place, what in stranded],
    )


def _stranded(cluster: Cluster) -> Iterator[tuple[Place, str]]:
    """What runs in the private subnets that eksctl creates."""
    for group in cluster.node_groups:
        if group.dialect == "eksctl" and group.uses_private_networking and not group.is_on_outpost:
            yield group.at("uses_private_networking"), str(group)
    for profile in cluster.fargate_profiles:
        if profile.dialect == "eksctl":
            yield profile.at("name"), str(profile)
    if cluster.auto_mode is not None:
        yield cluster.at("auto_mode"), str(cluster.auto_mode)
