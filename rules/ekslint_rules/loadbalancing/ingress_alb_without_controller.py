from collections.abc import Iterator

from ekslint import Cluster, Finding, Ingress, IngressClass, Place, Severity, rule
from ekslint_rules._installations import reported_for
from ekslint_rules.loadbalancing._controller import has_load_balancer_controller

_CONTROLLER = "ingress.k8s.aws/alb"
_USUAL_CLASS = "alb"


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
    if cluster.is_implicit or has_load_balancer_controller(cluster):
        return
    found: list[tuple[Place, Ingress]] = []
    for ingress in cluster.estate.of(Ingress):
        if not reported_for(ingress, cluster) or any(map(has_load_balancer_controller, ingress.clusters[1:])):
            continue
        place = _asks_for_load_balancer(ingress)
        if place is not None:
            found.append((place, ingress))
    if not found:
        return
    [place, first], *others = found
    who = f"{first} wants" if not others else f"{first} and {len(others)} more want"
    yield Finding(
        place,
        f"{who} an Application Load Balancer, but nothing installs the AWS Load Balancer Controller on {cluster}: "
        "nobody would make it",
        label="nobody serves this class",
        help="install the chart aws-load-balancer-controller",
        related=[(cluster.at("name"), "on this cluster"), *((other, f"{ingress} too") for other, ingress in others)],
        lower=max(cluster.may_be_partial, int(not cluster.addons)),
    )


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
    return place if name == _USUAL_CLASS else None
