from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, every, rule


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def nodes_in_public_subnets(group: NodeGroup) -> Iterator[Finding]:
    """The nodes of a group are in public subnets.

    ## Why is this bad?
    Every node gets a public address: one wrong rule in a security group, and kubelets and NodePort services face the
    internet. eksctl does that unless `privateNetworking` is set.

    ## When it stays silent
    Subnets of which the files do not tell whether they are public, clusters with IPv6, and local zones. Advice only
    outside production.

    ## References
    - EKS best practices guide, networking, VPC and subnets
    - eksctl, VPC configuration: use private subnets for the initial node group
    """
    cluster = None if group.unknown("cluster") else group.cluster
    if cluster is not None and not cluster.unknown("ip_family") and cluster.ip_family.lower() == "ipv6":
        return
    if group.uses_private_networking is None:
        if not group.subnets or not every(group.subnets, lambda subnet: subnet.is_public is True):
            return
    elif group.uses_private_networking:
        return
    place = group.at("uses_private_networking")
    yield Finding(
        place if group.uses_private_networking is not None else group.at("subnets"),
        f"the nodes of {group} are in public subnets and get public addresses",
        label=None if place.is_written else "public is the default",
        help="set privateNetworking: true"
        if group.dialect == "eksctl"
        else "use subnets that route through NAT gateways",
        lower=cluster.tolerance if cluster is not None else 0,
    )
