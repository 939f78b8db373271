"""Which load balancers Ingresses and Services ask for, where they leave it to a controller to find the subnets.

Sources: AWS Load Balancer Controller 3.5 (`pkg/ingress/model_build_load_balancer.go`: IngressClassParams win over
annotations, one scheme and one list of subnets for a whole group; `pkg/service/model_build_load_balancer.go`), EKS user
guide (auto-configure-alb, auto-configure-nlb, network-load-balancing).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ekslint import Cluster, Ingress, IngressClass, KubernetesObject, Service
from ekslint_rules._installations import may_go_to
from ekslint_rules.loadbalancing._controller import INGRESS_CONTROLLERS, USUAL_INGRESS_CLASS

_INGRESS = "alb.ingress.kubernetes.io"
_SERVICE = "service.beta.kubernetes.io/aws-load-balancer"
_INGRESS_SCHEME, _INGRESS_SUBNETS, _INGRESS_GROUP = (
    f"{_INGRESS}/scheme",
    f"{_INGRESS}/subnets",
    f"{_INGRESS}/group.name",
)
_SERVICE_SCHEME, _SERVICE_SUBNETS = f"{_SERVICE}-scheme", f"{_SERVICE}-subnets"
_SERVICE_TYPE, _SERVICE_INTERNAL = f"{_SERVICE}-type", f"{_SERVICE}-internal"
_SERVICE_CLASSES = frozenset({"service.k8s.aws/nlb", "eks.amazonaws.com/nlb"})
_SERVICE_TYPES = frozenset({"external", "nlb-ip"})
_SCHEMES = {"internet-facing": True, "internal": False}


class Balancer(NamedTuple):
    """A load balancer that an object asks for."""

    client: Ingress | Service
    is_public: bool
    is_application: bool
    """Of the Application kind, which needs two availability zones; else of the Network kind."""


def balancers_with_found_subnets(
    clients: Sequence[Ingress | Service], cluster: Cluster, *, default_scheme: str | None, is_auto_mode: bool
) -> Iterator[Balancer]:
    """The load balancers of objects of a cluster that name no subnets, as far as all of that is known.

    `default_scheme` is what holds where neither the object nor its class says anything; None where nobody knows.
    """
    parameters = {
        each.known_name: each
        for each in cluster.estate.of(KubernetesObject)
        if each.kind == "IngressClassParams" and may_go_to(each, cluster)
    }
    placed = {group for each in clients if isinstance(each, Ingress) for group in _group_with_subnets(each)}
    for client in clients:
        if isinstance(client, Ingress):
            is_placed = not placed.isdisjoint(_group_of(client))
            scheme = None if is_placed else _scheme_of_ingress(client, parameters, default_scheme)
        else:
            scheme = _scheme_of_service(client, default_scheme, is_auto_mode=is_auto_mode)
        if scheme in _SCHEMES:
            yield Balancer(client, _SCHEMES[scheme], isinstance(client, Ingress))


def _scheme_of_ingress(
    ingress: Ingress, parameters_by_name: Mapping[str | None, KubernetesObject], default: str | None
) -> str | None:
    if ingress.unknown("spec", "ingressClassName") or _is_open(ingress, _INGRESS_SCHEME, _INGRESS_SUBNETS):
        return None
    name = ingress.class_name
    if name is None or _annotation(ingress, _INGRESS_SUBNETS) is not None:
        return None
    annotated = _annotation(ingress, _INGRESS_SCHEME)
    classes = ingress.estate.joins.named(ingress, IngressClass, name)
    if not classes:
        # Whoever brings the class along may bring parameters with it: then they decide where nothing is annotated.
        return annotated if name == USUAL_INGRESS_CLASS else None
    if any(classes[0].unknown("spec", field) for field in ("controller", "parameters")):
        return None
    if classes[0].controller not in INGRESS_CONTROLLERS:
        return None
    if not classes[0].has("spec", "parameters"):
        return annotated or default
    if classes[0].unknown("spec", "parameters", "name"):
        return None
    parameters = parameters_by_name.get(classes[0].text("spec", "parameters", "name"))
    if parameters is None or any(parameters.unknown("spec", field) for field in ("scheme", "subnets", "group")):
        return None
    if parameters.has("spec", "subnets") or parameters.has("spec", "group"):
        return None
    chosen = parameters.get("spec", "scheme")
    return chosen if isinstance(chosen, str) else annotated or default


def _group_of(ingress: Ingress) -> frozenset[str]:
    """The group whose members share one load balancer; empty where it is alone, or where that is not known."""
    group = None if _is_open(ingress, _INGRESS_GROUP) else _annotation(ingress, _INGRESS_GROUP)
    return frozenset() if group is None else frozenset({group})


def _group_with_subnets(ingress: Ingress) -> frozenset[str]:
    names_none = not _is_open(ingress, _INGRESS_SUBNETS) and _annotation(ingress, _INGRESS_SUBNETS) is None
    return frozenset() if names_none else _group_of(ingress)


def _scheme_of_service(service: Service, default: str | None, *, is_auto_mode: bool) -> str | None:
    """The scheme of its Network Load Balancer; Classic ones also take subnets that nobody tagged."""
    keys = (_SERVICE_SCHEME, _SERVICE_SUBNETS, _SERVICE_TYPE, _SERVICE_INTERNAL)
    if any(service.unknown("spec", field) for field in ("type", "loadBalancerClass")) or _is_open(service, *keys):
        return None
    if service.type != "LoadBalancer" or _annotation(service, _SERVICE_SUBNETS) is not None:
        return None
    kind = _annotation(service, _SERVICE_TYPE)
    if service.load_balancer_class is None:
        if kind not in _SERVICE_TYPES and not (kind is None and is_auto_mode):
            return None
    elif service.load_balancer_class not in _SERVICE_CLASSES:
        return None
    internal = _annotation(service, _SERVICE_INTERNAL)
    if internal is not None:
        by_internal = "internal" if internal == "true" else None
    else:
        by_internal = default
    return _annotation(service, _SERVICE_SCHEME) or by_internal


def _is_open(object_: KubernetesObject, *keys: str) -> bool:
    return any(object_.unknown("metadata", "annotations", key) for key in keys)


def _annotation(object_: KubernetesObject, key: str) -> str | None:
    value = object_.get("metadata", "annotations", key)
    return value if isinstance(value, str) else None
