from collections.abc import Iterator

from ekslint import Finding, Ingress, IngressClass, KubernetesObject, Severity, rule
from ekslint_rules.loadbalancing._controller import INGRESS_CONTROLLERS, USUAL_INGRESS_CLASS

_PREFIX = "alb.ingress.kubernetes.io"
_SCHEME, _CERTIFICATE = f"{_PREFIX}/scheme", f"{_PREFIX}/certificate-arn"
_LISTEN_PORTS, _GROUP = f"{_PREFIX}/listen-ports", f"{_PREFIX}/group.name"
_PARAMETERS = ("certificateARNs", "certificateArn", "group", "listeners", "scheme")


@rule(Severity.WARNING, since="0.1.0", tags=("network", "encryption"))
def ingress_no_tls(ingress: Ingress) -> Iterator[Finding]:
    """An Application Load Balancer on the internet speaks HTTP only.

    ## Why is this bad?
    Passwords, cookies and answers cross the internet in clear, and anybody on the way can change them. Without a
    certificate and without a listener for HTTPS in the annotations the controller makes one for HTTP on port 80:
    `spec.tls` alone does not change that.

    ## When it stays silent
    Internal load balancers; `certificate-arn`, or `HTTPS` among the `listen-ports`, for which the controller finds the
    certificate by host name; Ingresses of a group, whose members share a load balancer; classes with
    IngressClassParams that say what it listens to, and classes that are not in the files; other controllers. Advice
    only outside production.

    ## References
    - AWS Load Balancer Controller, Ingress annotations: listen-ports, certificate-arn; certificate discovery
    - EKS best practices guide, security, network security: encryption in transit
    """
    name = ingress.class_name
    if name is None or not _is_for_load_balancers(ingress, name):
        return
    annotations = ingress.annotations
    if annotations.get(_SCHEME) != "internet-facing" or _CERTIFICATE in annotations or _GROUP in annotations:
        return
    ports = annotations.get(_LISTEN_PORTS)
    if ports is not None and "HTTPS" in ports.upper():
        return
    cluster = ingress.cluster
    place = ingress.at("annotations", _LISTEN_PORTS) if ports is not None else ingress.at("annotations", _SCHEME)
    yield Finding(
        place,
        f"{ingress} makes a load balancer on the internet that speaks HTTP only",
        label="no HTTPS",
        help=f'set {_LISTEN_PORTS} to [{{"HTTP": 80}}, {{"HTTPS": 443}}] and {_PREFIX}/ssl-redirect to "443"',
        related=[(ingress.at("spec", "tls", key=True), "not looked at without a listener for HTTPS")]
        if ingress.has("spec", "tls")
        else [],
        lower=cluster.tolerance if cluster is not None else 0,
    )


def _is_for_load_balancers(ingress: Ingress, name: str) -> bool:
    """Whether the class makes Application Load Balancers, and leaves to the Ingress what they listen to."""
    classes = list(ingress.estate.joins.named(ingress, IngressClass, name))
    if not classes:
        return name == USUAL_INGRESS_CLASS
    if classes[0].controller not in INGRESS_CONTROLLERS:
        return False
    wanted = classes[0].text("spec", "parameters", "name")
    if wanted is None:
        return True
    objects = ingress.estate.joins.named(ingress, KubernetesObject, wanted)
    parameters = next((each for each in objects if each.kind == "IngressClassParams"), None)
    return parameters is not None and not any(parameters.has("spec", field) for field in _PARAMETERS)
