from collections.abc import Iterator

from ekslint import Cluster, Finding, Place, Service, Severity, rule
from ekslint_rules.loadbalancing._unserved import unserved, waiting_on

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
    waiting = waiting_on(cluster, Service, _leaves_it_to_controller)
    if waiting:
        [_, first], *others = waiting
        who = f"{first} leaves its" if not others else f"{first} and {len(others)} more leave their"
        message = (
            f"{who} load balancer to the AWS Load Balancer Controller, but nothing installs it on {cluster}: "
            "the address stays pending"
        )
        yield unserved(waiting, cluster, message, "nobody serves this")


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
