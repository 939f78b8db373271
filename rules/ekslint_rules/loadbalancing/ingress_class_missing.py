from collections.abc import Iterator

from ekslint import Finding, Ingress, IngressClass, Severity, nearest, rule
from ekslint_rules.loadbalancing._controller import INGRESS_CONTROLLERS

_CONTROLLER_CLASSES = frozenset(
    {"alb", "nginx", "traefik", "kong", "haproxy", "contour", "istio", "cilium", "tailscale"}
)


@rule(Severity.WARNING, since="0.1.0", tags=("network", "references"))
def ingress_class_missing(ingress: Ingress) -> Iterator[Finding]:
    """An Ingress names an IngressClass that does not exist.

    ## Why is this bad?
    No controller takes it, and the Ingress gets no address. With Auto Mode nobody makes a class `alb`: you
    write it yourself.

    ## When it stays silent
    The classes that well-known controllers bring along, unless the cluster uses Auto Mode and the class is `alb`; the
    annotation `kubernetes.io/ingress.class`, which needs no object; files without any IngressClass.

    ## References
    - Amazon EKS user guide, create an IngressClass to configure an Application Load Balancer
    - Kubernetes documentation, Ingress: Ingress class
    """
    name = ingress.text("spec", "ingressClassName")
    if name is None or ingress.estate.joins.named(ingress, IngressClass, name):
        return
    place = ingress.at("spec", "ingressClassName")
    cluster = ingress.cluster
    if name == "alb" and cluster is not None and cluster.auto_mode is not None:
        controller = cluster.estate.has_evidence_of("aws-load-balancer-controller", cluster)
        if not controller:
            yield Finding(
                place,
                f"{ingress} names the class alb, which no file declares: Auto Mode of {cluster} brings none along",
                label="no such IngressClass",
                help="write an IngressClass alb with the controller eks.amazonaws.com/alb",
                related=[(cluster.at("auto_mode"), "Auto Mode")],
            )
        return
    if name in _CONTROLLER_CLASSES:
        return
    known = sorted(each.name for each in ingress.beside(IngressClass) if each.name is not None)
    meant = nearest(name, known) or _class_of_its_annotations(ingress)
    if not known:
        return
    yield Finding(
        place,
        f"{ingress} names the class {name}, which no file declares: no controller would take it",
        label="no such IngressClass",
        help=f"did you mean {meant}?" if meant is not None else None,
        lower=0 if meant is not None else 1,
    )


def _class_of_its_annotations(ingress: Ingress) -> str | None:
    """The one class of Application Load Balancers, where the Ingress has annotations that only those understand."""
    if not any(key.startswith("alb.ingress.kubernetes.io/") for key in ingress.annotations):
        return None
    classes = [
        each.name for each in ingress.beside(IngressClass) if each.text("spec", "controller") in INGRESS_CONTROLLERS
    ]
    return classes[0] if len(classes) == 1 else None
