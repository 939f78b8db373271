from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, every, rule


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def mng_public_subnet_no_auto_ip(group: NodeGroup) -> Iterator[Finding]:
    """A managed node group is in public subnets that give its nodes no public address.

    ## Why is this bad?
    Nodes without a public address reach nothing through an internet gateway: neither the API server nor a registry.
    EKS reports Ec2SubnetInvalidConfiguration, and the group is never ready.

    ## When it stays silent
    Subnets that other templates declare, groups with a launch template, which may ask for the address itself, and
    clusters with IPv6. eksctl switches the addresses on.

    ## References
    - Amazon EKS user guide, create a managed node group for your cluster
    - Amazon EKS user guide, troubleshooting: managed node group errors
    """
    if group.kind != "managed" or group.dialect != "cloudformation" or not group.subnets:
        return
    if group.at("launch_template").is_written:
        return
    if group.cluster is not None and (group.cluster.unknown("ip_family") or group.cluster.ip_family == "IPv6"):
        return
    if not every(group.subnets, lambda subnet: subnet.is_public is True):
        return
    if not every(group.subnets, lambda subnet: subnet.assigns_public_addresses is False):
        return
    shown = str(group.subnets[0]) if len(group.subnets) == 1 else f"all {len(group.subnets)} subnets"
    yield Finding(
        group.at("subnets"),
        f"{group} is in public subnets, but {shown} of it give no public address: its nodes reach nothing outside, "
        "and do not join",
        label="public, without public addresses",
        help="set MapPublicIpOnLaunch: true on the subnets, or use private ones with a NAT gateway",
        related=[(subnet.at("assigns_public_addresses"), f"{subnet}") for subnet in group.subnets],
    )
