from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Place, Severity, Subnet, every, regions, rule


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def nodes_in_public_subnets(group: NodeGroup) -> Iterator[Finding]:
    """The nodes of a group are in public subnets.

    ## Why is this bad?
    Every node gets a public address: one wrong rule in a security group, and kubelets and NodePort services face the
    internet. eksctl does that unless `privateNetworking` is set.

    ## When it stays silent
    Subnets of which the files do not tell whether they are public, clusters with IPv6, and local zones, many of which
    have no NAT gateway; eksctl groups that find no public subnets at all (`eksctl-ng-subnet-private`). Advice only
    outside production.

    ## References
    - EKS best practices guide, networking, VPC and subnets
    - eksctl, VPC configuration: use private subnets for the initial node group
    """
    place = _public_place(group)
    if place is None:
        return
    cluster = None if group.unknown("cluster") else group.cluster
    if cluster is not None and not cluster.unknown("ip_family") and cluster.ip_family.lower() == "ipv6":
        return
    if cluster is not None and not cluster.unknown("private_cluster") and cluster.private_cluster:
        return  # eksctl refuses such a group: that is eksctl-private-cluster's to say
    yield Finding(
        place,
        f"the nodes of {group} are in public subnets and get public addresses",
        label=None if place.is_written else "public is the default",
        help="set privateNetworking: true"
        if group.dialect == "eksctl"
        else "use subnets that route through NAT gateways",
        lower=cluster.tolerance if cluster is not None else 0,
    )


def _public_place(group: NodeGroup) -> Place | None:
    """What puts the nodes into public subnets; None where nothing does, or nobody knows."""
    if group.uses_private_networking:
        return None
    if group.subnets:
        return group.at("subnets") if every(group.subnets, _gives_public_addresses) else None
    if group.uses_private_networking is None or _is_in_local_zones(group) or _lacks_public_subnets(group):
        return None
    return group.at("uses_private_networking")


def _gives_public_addresses(subnet: Subnet) -> bool:
    """Whether a subnet leads to the internet; where its routes are elsewhere, whether it hands out public addresses."""
    return subnet.is_public is True or (subnet.is_public is None and subnet.assigns_public_addresses is True)


def _is_in_local_zones(group: NodeGroup) -> bool:
    zones = group.availability_zones
    return bool(zones) and all(regions.zone_kind(zone) is regions.ZoneKind.LOCAL_ZONE for zone in zones or ())


def _lacks_public_subnets(group: NodeGroup) -> bool:
    """Whether the eksctl file of a group lists private subnets alone for the VPC."""
    network = None if group.cluster is None or group.dialect != "eksctl" else group.cluster.network
    if network is None or network.origin.document is not group.origin.document:
        return False
    if network.unknown("public_subnets") or network.unknown("private_subnets"):
        return False
    return bool(network.private_subnets) and not network.public_subnets
