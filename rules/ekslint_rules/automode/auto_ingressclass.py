from collections.abc import Iterator

from ekslint import Finding, IngressClass, KubernetesObject, Severity, rule
from ekslint_rules.automode._auto import AUTO_MODE_ALB, AUTO_MODE_GROUP

_OF_THE_CONTROLLER = "ingress.k8s.aws/alb"
_GROUP_OF_THE_CONTROLLER = "elbv2.k8s.aws"
_KINDS = frozenset({"IngressClassParams", "TargetGroupBinding"})
_CONTROLLER = "aws-load-balancer-controller"


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "load-balancing"))
def auto_ingressclass(object_: KubernetesObject) -> Iterator[Finding]:
    """An ingress class of a cluster with Auto Mode is written for the AWS Load Balancer Controller.

    ## Why is this bad?
    Auto Mode serves classes whose controller is `eks.amazonaws.com/alb`, with parameters of the group
    `eks.amazonaws.com`. Without the controller nobody serves `ingress.k8s.aws/alb`, and the objects of `elbv2.k8s.aws`
    are not even known: the Ingress never gets an address.

    ## When it stays silent
    Clusters on which the files install the AWS Load Balancer Controller, and clusters that are declared elsewhere.

    ## References
    - Amazon EKS user guide, create an IngressClass to configure an Application Load Balancer
    """
    is_class = isinstance(object_, IngressClass)
    if not is_class and not (object_.group == _GROUP_OF_THE_CONTROLLER and object_.kind in _KINDS):
        return
    cluster = object_.cluster
    if cluster is None or cluster.auto_mode is None or cluster.estate.has_evidence_of(_CONTROLLER, cluster):
        return
    related = [(cluster.at("auto_mode"), "Auto Mode is on")]
    if not isinstance(object_, IngressClass):
        yield Finding(
            object_.at("apiVersion"),
            f"{object_} is of {object_.api_version}, which {cluster} does not know: Auto Mode has {AUTO_MODE_GROUP}/v1",
            label=f"write {AUTO_MODE_GROUP}/v1",
            related=related,
            lower=cluster.may_be_partial,
        )
        return
    path = ("spec", "parameters", "apiGroup")
    if object_.controller == _OF_THE_CONTROLLER:
        yield Finding(
            object_.at("spec", "controller"),
            f"{object_} is served by {_OF_THE_CONTROLLER}, which {cluster} does not have: no Ingress gets an address",
            label=f"write {AUTO_MODE_ALB}",
            related=related,
            lower=cluster.may_be_partial,
        )
    elif object_.controller == AUTO_MODE_ALB and object_.text(*path) == _GROUP_OF_THE_CONTROLLER:
        yield Finding(
            object_.at(*path),
            f"{object_} has its parameters in {_GROUP_OF_THE_CONTROLLER}, where Auto Mode does not look",
            label=f"write {AUTO_MODE_GROUP}",
            related=related,
        )
