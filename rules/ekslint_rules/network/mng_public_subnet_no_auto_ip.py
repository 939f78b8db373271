from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, Subnet, rule
from ekslint_rules._wording import enumerated


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def mng_public_subnet_no_auto_ip(group: NodeGroup) -> Iterator[Finding]:
    """A managed node group is in a public subnet that gives its nodes no public address.

    ## Why is this bad?
    Nodes without a public address reach nothing through an internet gateway: neither the API server nor a registry. One
    such subnet among others is enough: EKS reports Ec2SubnetInvalidConfiguration, and the group is never ready.

    ## When it stays silent
    Launch templates that other templates declare, or that ask for the address themselves, and clusters with IPv6.
    eksctl switches the addresses on.

    ## References
    - Amazon EKS user guide, create a managed node group for your cluster
    - Amazon EKS user guide, troubleshooting: managed node group errors
    """
    if group.kind != "managed" or group.dialect != "cloudformation" or not group.subnets:
        return
    if group.at("launch_template").is_written and (group.launch_template is None or not group.uses_private_networking):
        return
    if group.cluster is not None and (group.cluster.unknown("ip_family") or group.cluster.ip_family == "IPv6"):
        return
    without = [subnet for subnet in group.subnets if _leaves_nodes_alone(subnet)]
    if not without:
        return
    gives = "gives" if len(without) == 1 else "give"
    names = enumerated([str(subnet) for subnet in without])
    yield Finding(
        group.at("subnets"),
        f"{group} is in public subnets of which {names} {gives} no public address: nodes there reach "
        "nothing outside, and do not join",
        label="public, without public addresses",
        help="set MapPublicIpOnLaunch: true on the subnets, or use private ones with a NAT gateway",
        related=[(subnet.at("assigns_public_addresses"), f"{subnet}") for subnet in without],
    )


def _leaves_nodes_alone(subnet: Subnet) -> bool:
    # The group is refused for one such subnet, whatever is not known of the others.
    if subnet.unknown("is_public") or subnet.unknown("assigns_public_addresses"):
        return False
    return subnet.is_public is True and subnet.assigns_public_addresses is False
