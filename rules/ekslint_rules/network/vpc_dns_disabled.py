from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def vpc_dns_disabled(cluster: Cluster) -> Iterator[Finding]:
    """The VPC of the cluster has no DNS host names, or resolves no names at all.

    ## Why is this bad?
    EKS needs both. Without them nodes cannot resolve the API server's private endpoint, and do not join. A VPC that
    CloudFormation makes has no DNS host names unless it is told to.

    ## When it stays silent
    VPCs that are not in the files, and eksctl, which switches both on.

    ## References
    - Amazon EKS user guide, networking requirements for VPC and subnets
    - AWS CloudFormation template reference, AWS::EC2::VPC
    """
    network = cluster.network
    if cluster.is_implicit or network is None:
        return
    for field, name, lacks in (
        ("dns_support", "EnableDnsSupport", "resolves no names"),
        ("dns_hostnames", "EnableDnsHostnames", "gives its machines no DNS host names"),
    ):
        if network.unknown(field) or getattr(network, field) is not False:
            continue
        place = network.at(field)
        yield Finding(
            place,
            f"{network} {lacks}, which {cluster} needs: nodes may not find the API server",
            label="off" if place.is_written else "off by default",
            help=f"set {name}: true",
            related=[(cluster.at("subnets"), "the cluster's subnets lie in it")],
            discriminator=field,
        )
