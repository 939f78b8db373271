from collections.abc import Iterator

from ekslint import Cluster, Finding, Ingress, IngressClass, Place, Severity, rule
from ekslint_rules.loadbalancing._controller import USUAL_INGRESS_CLASS
from ekslint_rules.loadbalancing._unserved import unserved, waiting_on

_CONTROLLER = "ingress.k8s.aws/alb"


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("eksctl", "cloudformation", "kubernetes"))
def ingress_alb_without_controller(cluster: Cluster) -> Iterator[Finding]:
    """Ingresses want an Application Load Balancer, but nothing installs the controller that makes it.

    ## Why is this bad?
    EKS does not bring the AWS Load Balancer Controller along. Without it nobody looks at the Ingress: it gets no
    address, and no event says why.

    ## When it stays silent
    Auto Mode; a chart, an application or manifests of the controller; a role for its service account, or its policy on
    the nodes; a class `alb` that another controller serves. Advice only where the files list no add-on of the cluster,
    or may merely add to it: then somebody else decides.

    ## References
    - Amazon EKS user guide, route application and HTTP traffic with Application Load Balancers
    - AWS Load Balancer Controller, installation guide
    """
    waiting = waiting_on(cluster, Ingress, _asks_for_load_balancer)
    if waiting:
        [_, first], *others = waiting
        who = f"{first} wants" if not others else f"{first} and {len(others)} more want"
        message = (
            f"{who} an Application Load Balancer, but nothing installs the AWS Load Balancer Controller on {cluster}: "
            "nobody would make it"
        )
        yield unserved(waiting, cluster, message, "nobody serves this class")


def _asks_for_load_balancer(ingress: Ingress) -> Place | None:
    """Where an Ingress names a class of the AWS Load Balancer Controller."""
    if ingress.unknown("spec", "ingressClassName") or ingress.unknown("metadata", "annotations"):
        return None
    name = ingress.class_name
    if name is None:
        return None
    place = ingress.at("spec", "ingressClassName")
    if not place.is_written:
        place = ingress.at("annotations", "kubernetes.io/ingress.class")
    classes = list(ingress.estate.joins.named(ingress, IngressClass, name))
    if classes:
        return place if classes[0].controller == _CONTROLLER else None
    return place if name == USUAL_INGRESS_CLASS else None
