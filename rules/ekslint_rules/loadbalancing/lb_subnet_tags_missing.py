from collections.abc import Iterator, Mapping, Sequence

from ekslint import Cluster, Finding, Ingress, KubernetesObject, Place, Service, Severity, Subnet, network_limits, rule
from ekslint_rules._installations import reported_for

_INGRESS = "alb.ingress.kubernetes.io"
_SERVICE = "service.beta.kubernetes.io/aws-load-balancer"
_CLASSES = frozenset({"service.k8s.aws/nlb", "eks.amazonaws.com/nlb"})


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("cloudformation", "kubernetes"))
def lb_subnet_tags_missing(cluster: Cluster) -> Iterator[Finding]:
    """Load balancers are asked for, but no subnet of the VPC is tagged for them.

    ## Why is this bad?
    Auto Mode and the AWS Load Balancer Controller look for subnets with `kubernetes.io/role/elb` (towards the internet)
    or `kubernetes.io/role/internal-elb`. Where none is found there is no load balancer, or, in newer versions of the
    controller, one in whichever subnets have the right routes.

    ## When it stays silent
    Objects that name their subnets; VPCs of other templates, and those of eksctl, which tags them; subnets of which the
    files do not tell whether they are public.

    ## References
    - Amazon EKS user guide, route application and HTTP traffic with Application Load Balancers: prerequisites
    - AWS Load Balancer Controller, subnet discovery
    """
    network = cluster.network
    if cluster.is_implicit or cluster.dialect == "eksctl" or network is None:
        return
    wanted: dict[bool, list[tuple[Place, KubernetesObject]]] = {True: [], False: []}
    clients: list[Ingress | Service] = [*cluster.estate.of(Ingress), *cluster.estate.of(Service)]
    for client in clients:
        if not reported_for(client, cluster) or client.unknown("metadata", "annotations"):
            continue
        is_public = _wants_public(client)
        if is_public is not None:
            wanted[is_public].append((client.at("name"), client))
    if wanted[True]:
        yield from _untagged(cluster, network.public_subnets, "public", network_limits.PUBLIC_SUBNET_TAG, wanted[True])
    if wanted[False]:
        tag = network_limits.PRIVATE_SUBNET_TAG
        yield from _untagged(cluster, network.private_subnets, "private", tag, wanted[False])


def _untagged(
    cluster: Cluster,
    subnets: Sequence[Subnet],
    side: str,
    tag: str,
    clients: Sequence[tuple[Place, KubernetesObject]],
) -> Iterator[Finding]:
    if not subnets or any(tag in subnet.tags for subnet in subnets):
        return
    first = clients[0][1]
    who = f"{first} wants a load balancer" if len(clients) == 1 else f"{first} and {len(clients) - 1} more want one"
    yield Finding(
        subnets[0].at("tags"),
        f"{who} in the {side} subnets of {cluster}, but none of the {len(subnets)} is tagged {tag}",
        label=f"without {tag}",
        help=f'tag the {side} subnets {tag} = "1"',
        related=[
            *((subnet.at("tags"), f"nor {subnet}") for subnet in subnets[1:]),
            *((place, f"{client}") for place, client in clients),
        ],
        discriminator=side,
    )


def _wants_public(object_: Ingress | Service) -> bool | None:
    """Whether an object wants a load balancer that faces the internet; None where it wants none, or names subnets."""
    annotations: Mapping[str, str] = object_.annotations
    if isinstance(object_, Ingress):
        if object_.unknown("spec", "ingressClassName") or object_.class_name != "alb":
            return None
        prefix, scheme = _INGRESS, f"{_INGRESS}/scheme"
        subnets = f"{prefix}/subnets"
    else:
        if object_.unknown("spec", "type") or object_.type != "LoadBalancer":
            return None
        if object_.unknown("spec", "loadBalancerClass") or object_.load_balancer_class not in _CLASSES:
            return None
        scheme, subnets = f"{_SERVICE}-scheme", f"{_SERVICE}-subnets"
    if subnets in annotations:
        return None
    # Without a word the scheme is internal, or what an IngressClassParams says.
    return annotations[scheme] == "internet-facing" if scheme in annotations else None
