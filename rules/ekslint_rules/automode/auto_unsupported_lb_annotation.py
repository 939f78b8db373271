from collections.abc import Iterator

from ekslint import Finding, Ingress, IngressClass, Service, Severity, auto_mode_annotations, rule
from ekslint_rules.automode._auto import AUTO_MODE_ALB, is_auto_only

_CONTROLLER = "aws-load-balancer-controller"
_AUTO_MODE_NLB = "eks.amazonaws.com/nlb"


@rule(Severity.WARNING, since="0.1.0", tags=("automode", "load-balancing"))
def auto_unsupported_lb_annotation(object_: Ingress | Service) -> Iterator[Finding]:
    """A Service or Ingress is configured by an annotation that Auto Mode does not know.

    ## Why is this bad?
    The load balancing of Auto Mode is not the AWS Load Balancer Controller: it ignores a part of its annotations. The
    load balancer comes up all the same, but is public where it should be internal, or open to everybody.

    ## When it stays silent
    Clusters that also have nodes of another kind, or the controller itself. Ingresses and Services of another class.
    `aws-load-balancer-type: external`, which says what Auto Mode does anyway.

    ## References
    - Amazon EKS user guide, create an IngressClass to configure an Application Load Balancer
    - Amazon EKS user guide, use Service annotations to configure Network Load Balancers
    """
    cluster = object_.cluster
    if cluster is None or not is_auto_only(cluster) or cluster.estate.has_evidence_of(_CONTROLLER, cluster):
        return
    if isinstance(object_, Service):
        if object_.type != "LoadBalancer" or object_.load_balancer_class not in {None, _AUTO_MODE_NLB}:
            return
        unsupported = auto_mode_annotations.UNSUPPORTED_ON_SERVICES
    else:
        if not _is_for_auto_mode(object_):
            return
        unsupported = auto_mode_annotations.UNSUPPORTED_ON_INGRESSES
    annotations = object_.annotations
    for key, instead in unsupported.items():
        if key in annotations and annotations[key] not in auto_mode_annotations.HARMLESS_VALUES.get(key, ()):
            yield Finding(
                object_.at("metadata", "annotations", key, key=True),
                f"{object_} sets {key}, which the load balancing of Auto Mode ignores",
                label="ignored",
                help=instead,
                related=[(cluster.at("auto_mode"), "Auto Mode is on")],
            )


def _is_for_auto_mode(ingress: Ingress) -> bool:
    """Whether its class is, or would be, Auto Mode's."""
    name = ingress.class_name
    classes = list(ingress.beside(IngressClass))
    if name is None:
        return any(each.is_default and each.controller == AUTO_MODE_ALB for each in classes)
    named = [each for each in classes if each.name == name]
    return any(each.controller == AUTO_MODE_ALB for each in named) if named else name == "alb"
