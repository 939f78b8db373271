from collections.abc import Iterator

from ekslint import Cluster, Finding, Ingress, Service, Severity, Subnet, network_limits, rule
from ekslint_rules._installations import may_go_to
from ekslint_rules.loadbalancing._controller import controller_settings

_TAGS = (network_limits.PUBLIC_SUBNET_TAG, network_limits.PRIVATE_SUBNET_TAG)


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def subnet_elb_tag_missing(cluster: Cluster) -> Iterator[Finding]:
    """A cluster is made to create load balancers, and no subnet of its VPC is tagged for them.

    ## Why is this bad?
    Auto Mode, and the AWS Load Balancer Controller before version 2.12.1, put load balancers into subnets with the tag
    `kubernetes.io/role/elb` (towards the internet) or `kubernetes.io/role/internal-elb`. Without any such subnet the
    first Ingress or Service gets none.

    ## When it stays silent
    Where Ingresses or Services of type LoadBalancer are in the files: what they need is for `lb-subnet-tags-missing` to
    say. VPCs of other templates; one tagged subnet or more: the other side may not be wanted; newer controllers, which
    find subnets by their routes. Advice only where the files may add to an existing cluster.

    ## References
    - Amazon EKS user guide, tag subnets for EKS Auto Mode
    - AWS Load Balancer Controller, subnet auto-discovery
    """
    network = cluster.network
    if cluster.dialect != "cloudformation" or network is None or _has_clients(cluster):
        return
    if cluster.auto_mode is not None:
        who, place = "EKS Auto Mode", cluster.auto_mode.at()
    else:
        settings = controller_settings(cluster)
        if settings is None or settings.finds_untagged_subnets:
            return
        who, place = "the AWS Load Balancer Controller", cluster.at("name")
    subnets: list[Subnet] = [*network.public_subnets, *network.private_subnets]
    if not subnets or any(tag in subnet.tags for subnet in subnets for tag in _TAGS):
        return
    yield Finding(
        subnets[0].at("tags"),
        f"{who} of {cluster} makes load balancers, but none of the {len(subnets)} subnets of {network} is tagged for "
        f"them ({' or '.join(_TAGS)})",
        label="no tag for load balancers",
        help=f'tag public subnets {_TAGS[0]} = "1", and private ones {_TAGS[1]} = "1"',
        related=[(place, who), *((each.at("tags"), f"nor {each}") for each in subnets[1:])],
        lower=cluster.may_be_partial,
    )


def _has_clients(cluster: Cluster) -> bool:
    """Whether the files hold anything that wants a load balancer, or may."""
    estate = cluster.estate
    if any(may_go_to(each, cluster) for each in estate.of(Ingress)):
        return True
    services = (each for each in estate.of(Service) if may_go_to(each, cluster))
    return any(each.unknown("spec", "type") or each.type == "LoadBalancer" for each in services)
