from collections.abc import Iterator

from ekslint import Cluster, Finding, Place, Service, Severity, rule
from ekslint_rules._installations import reported_for
from ekslint_rules.loadbalancing._controller import has_load_balancer_controller

_TYPE = "service.beta.kubernetes.io/aws-load-balancer-type"
_TYPES = frozenset({"external", "nlb-ip"})
_CLASS = "service.k8s.aws/nlb"


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("eksctl", "cloudformation", "kubernetes"))
def nlb_annotations_without_controller(cluster: Cluster) -> Iterator[Finding]:
    """Services leave their load balancer to a controller that nothing installs.

    ## Why is this bad?
    With the class `service.k8s.aws/nlb`, or the type `external` or `nlb-ip`, Kubernetes itself keeps its hands off the
    Service. Without the AWS Load Balancer Controller its address stays `<pending>`.

    ## When it stays silent
    Auto Mode; a chart, an application or manifests of the controller; a role for its service account, or its policy on
    the nodes. Advice only where the files list no add-on of the cluster, or may merely add to it: then somebody else
    decides.

    ## References
    - Amazon EKS user guide, route TCP and UDP traffic with Network Load Balancers
    - AWS Load Balancer Controller, Service annotations
    """
    if cluster.is_implicit or has_load_balancer_controller(cluster):
        return
    found: list[tuple[Place, Service]] = []
    for service in cluster.estate.of(Service):
        if not reported_for(service, cluster) or any(map(has_load_balancer_controller, service.clusters[1:])):
            continue
        place = _leaves_it_to_controller(service)
        if place is not None:
            found.append((place, service))
    if not found:
        return
    [place, first], *others = found
    who = f"{first} leaves its" if not others else f"{first} and {len(others)} more leave their"
    yield Finding(
        place,
        f"{who} load balancer to the AWS Load Balancer Controller, but nothing installs it on {cluster}: "
        "the address stays pending",
        label="nobody serves this",
        help="install the chart aws-load-balancer-controller",
        related=[(cluster.at("name"), "on this cluster"), *((other, f"{service} too") for other, service in others)],
        lower=max(cluster.may_be_partial, int(not cluster.addons)),
    )


def _leaves_it_to_controller(service: Service) -> Place | None:
    if service.unknown("spec", "type") or service.type != "LoadBalancer":
        return None
    if service.unknown("spec", "loadBalancerClass") or service.unknown("metadata", "annotations"):
        return None
    if service.load_balancer_class is not None:
        return service.at("spec", "loadBalancerClass") if service.load_balancer_class == _CLASS else None
    if service.unknown("metadata", "annotations", _TYPE) or service.annotations.get(_TYPE) not in _TYPES:
        return None
    return service.at("annotations", _TYPE)
