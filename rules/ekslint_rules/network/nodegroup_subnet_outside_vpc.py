from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def nodegroup_subnet_outside_vpc(group: NodeGroup) -> Iterator[Finding]:
    """A node group names a subnet of another VPC than the cluster's.

    ## Why is this bad?
    Nodes must be in the VPC of the control plane. EKS refuses the group, and nodes of an Auto Scaling group cannot
    reach the API server's private endpoint.

    ## When it stays silent
    Subnets of which nobody knows the VPC. A VPC that one template gives by its ID and another one makes: they may be
    the same.

    ## References
    - Amazon EKS user guide, create a managed node group for your cluster
    """
    cluster = group.cluster
    if cluster is None or cluster.is_implicit or group.dialect != "cloudformation":
        return
    networks = {subnet.network: subnet for subnet in cluster.subnets if subnet.network is not None}
    if len(networks) != 1 or any(subnet.network is None for subnet in cluster.subnets):
        return
    [(network, subnet_of_cluster)] = networks.items()
    for index, subnet in enumerate(group.subnets):
        if subnet.unknown("network") or subnet.network is None or subnet.network == network:
            continue
        is_of_same_template = subnet.origin.document is subnet_of_cluster.origin.document
        if not is_of_same_template and _is_id(subnet.network) != _is_id(network):
            continue
        yield Finding(
            group.at("subnets", index),
            f"{group} names {subnet} of VPC {subnet.network}, but {cluster} is in VPC {network}",
            label="another VPC",
            help=f"name subnets of {network}",
            related=[
                (subnet.at("network"), "the VPC of this subnet"),
                (subnet_of_cluster.at("network"), "the VPC of the cluster"),
            ],
        )


def _is_id(network: str) -> bool:
    return network.startswith("vpc-")
