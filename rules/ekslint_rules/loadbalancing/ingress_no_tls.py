from collections.abc import Iterator

from ekslint import Finding, Ingress, IngressClass, KubernetesObject, Place, Severity, rule
from ekslint_rules.loadbalancing._controller import INGRESS_CONTROLLERS, USUAL_INGRESS_CLASS

_PREFIX = "alb.ingress.kubernetes.io"
_SCHEME, _CERTIFICATE = f"{_PREFIX}/scheme", f"{_PREFIX}/certificate-arn"
_LISTEN_PORTS, _GROUP = f"{_PREFIX}/listen-ports", f"{_PREFIX}/group.name"
_PUBLIC = "internet-facing"
_SETTINGS_OF_LISTENERS = ("certificateARNs", "certificateArn", "group", "listeners")


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
    IngressClassParams that say what it listens to, and classes or parameters that are not in the files; other
    controllers. Advice only outside production.

    ## References
    - AWS Load Balancer Controller, Ingress annotations: listen-ports, certificate-arn; certificate discovery
    - AWS Load Balancer Controller, IngressClassParams: they win over annotations
    - EKS best practices guide, security, network security: encryption in transit
    """
    annotations = ingress.annotations
    if _CERTIFICATE in annotations or _GROUP in annotations:
        return
    ports = annotations.get(_LISTEN_PORTS)
    if ports is not None and "HTTPS" in ports.upper():
        return
    public = _public_place(ingress)
    if public is None:
        return
    related = [] if public.entity is ingress else [(public, "on the internet by its class")]
    if ingress.has("spec", "tls"):
        related.append((ingress.at("spec", "tls", key=True), "not looked at without a listener for HTTPS"))
    place = public if public.entity is ingress else ingress.at("name")
    yield Finding(
        ingress.at("annotations", _LISTEN_PORTS) if ports is not None else place,
        f"{ingress} makes a load balancer on the internet that speaks HTTP only",
        label="no HTTPS",
        help=f'set {_LISTEN_PORTS} to [{{"HTTP": 80}}, {{"HTTPS": 443}}] and {_PREFIX}/ssl-redirect to "443"',
        related=related,
        lower=ingress.tolerance,
    )


def _public_place(ingress: Ingress) -> Place | None:
    """What puts an Application Load Balancer of the Ingress on the internet; None where nothing surely does.

    None as well where its class leaves it to something else what the load balancer listens to.
    """
    annotated = ingress.at("annotations", _SCHEME) if ingress.annotations.get(_SCHEME) == _PUBLIC else None
    name = ingress.class_name
    if name is None:
        classes = [each for each in ingress.beside(IngressClass) if each.is_default and not _is_for_another(ingress)]
    else:
        classes = list(ingress.estate.joins.named(ingress, IngressClass, name))
    if not classes:
        return annotated if name == USUAL_INGRESS_CLASS else None
    if classes[0].controller not in INGRESS_CONTROLLERS:
        return None
    wanted = classes[0].text("spec", "parameters", "name")
    if wanted is None:
        return annotated
    objects = ingress.estate.joins.named(ingress, KubernetesObject, wanted)
    parameters = next((each for each in objects if each.kind == "IngressClassParams"), None)
    if parameters is None or any(parameters.has("spec", field) for field in _SETTINGS_OF_LISTENERS):
        return None
    if not parameters.has("spec", "scheme"):
        return annotated
    if parameters.text("spec", "scheme") != _PUBLIC:
        return None
    return annotated or parameters.at("spec", "scheme")


def _is_for_another(ingress: Ingress) -> bool:
    """Whether its annotations speak to another controller, as `nginx.ingress.kubernetes.io/rewrite-target` does."""
    domains = (key.partition("/")[0] for key in ingress.annotations)
    return any(domain.endswith(".ingress.kubernetes.io") and domain != _PREFIX for domain in domains)
