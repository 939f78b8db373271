"""Traffic to and from pods: Services, Ingresses, network policies."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.selecting import PodSelecting
from ekslint.model.kubernetes.selectors import LabelSelector
from ekslint.model.reading import PartialSequence
from ekslint.source.tree import Path

_CLASS_ANNOTATION = "kubernetes.io/ingress.class"


class ServicePort(NamedTuple):
    """A port of a Service."""

    port: int | None
    name: str | None
    protocol: str
    target_port: str | int | float | None
    """A number, or the name of a container's port; None where it is the same number as `port`."""
    node_port: int | None


class IngressBackend(NamedTuple):
    """A Service that an Ingress sends requests to."""

    service: str
    port: str | int | float | None
    """Number or name."""
    path: Path
    """For `at()`: the backend in the Ingress."""


class Service(PodSelecting):
    """A Service."""

    __slots__ = ()

    @property
    def type(self) -> str:
        """`ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`."""
        return self.text("spec", "type") or "ClusterIP"

    @property
    def is_headless(self) -> bool:
        """Whether it has no address of its own."""
        return self.text("spec", "clusterIP") == "None"

    @property
    def selector(self) -> LabelSelector:
        """The pods behind it."""
        return LabelSelector(self, ("spec", "selector"), plain=True)

    @property
    def ports(self) -> Sequence[ServicePort]:
        """Its ports."""
        return self.each(("spec", "ports"), self._port)

    @property
    def load_balancer_class(self) -> str | None:
        """`loadBalancerClass`: who makes the load balancer."""
        return self.text("spec", "loadBalancerClass")

    @property
    def external_traffic_policy(self) -> str:
        """`Cluster` or `Local`."""
        return self.text("spec", "externalTrafficPolicy") or "Cluster"

    @property
    def source_ranges(self) -> Sequence[str]:
        """`loadBalancerSourceRanges`: who may reach the load balancer."""
        return self.sequence("spec", "loadBalancerSourceRanges")

    def _port(self, index: int, item: Any) -> ServicePort:
        at = ("spec", "ports", index)
        self.item(at, item)
        port, node_port = self.get(*at, "port"), self.get(*at, "nodePort")
        return ServicePort(
            port if type(port) is int else None,
            self.text(*at, "name"),
            self.text(*at, "protocol") or "TCP",
            self.scalar(*at, "targetPort"),
            node_port if type(node_port) is int else None,
        )


class Ingress(KubernetesObject):
    """An Ingress."""

    __slots__ = ()

    @property
    def class_name(self) -> str | None:
        """`ingressClassName`, or the annotation that came before it; None for the cluster's default."""
        return self.text("spec", "ingressClassName") or self.text("metadata", "annotations", _CLASS_ANNOTATION)

    @property
    def hosts(self) -> Sequence[str | None]:
        """The host of each rule; None for any."""
        return self.each(("spec", "rules"), lambda index, item: self.text("spec", "rules", index, "host"))

    @property
    def tls(self) -> Sequence[Mapping[str, Any]]:
        """`spec.tls`."""
        return self.sequence("spec", "tls")

    @property
    def backends(self) -> Sequence[IngressBackend]:
        """The Services of all rules, and the default one; backends that are no Services are left out."""
        rules = self.each(("spec", "rules"), lambda index, item: self._rule(index))
        found: list[IngressBackend] = []
        for default in (("spec", "defaultBackend"), ("spec", "backend")):
            if self.has(*default):
                found += self._backend(default)
        if isinstance(rules, PartialSequence):
            return tuple(found) + tuple(each for rule in rules for each in rule)
        return [*found, *(each for rule in rules for each in rule)]

    def _rule(self, index: int) -> list[IngressBackend]:
        paths = ("spec", "rules", index, "http", "paths")
        found = self.each(paths, lambda position, item: list(self._backend((*paths, position, "backend"))))
        return [backend for backends in found for backend in backends]

    def _backend(self, path: Path) -> Iterator[IngressBackend]:
        if self.has(*path, "service"):
            port = self.scalar(*path, "service", "port", "number")
            if port is None:
                port = self.text(*path, "service", "port", "name")
            yield IngressBackend(self.text(*path, "service", "name") or "", port, (*path, "service"))
        elif self.has(*path, "serviceName"):
            yield IngressBackend(self.text(*path, "serviceName") or "", self.scalar(*path, "servicePort"), path)


class IngressClass(KubernetesObject):
    """An IngressClass."""

    __slots__ = ()

    @property
    def controller(self) -> str | None:
        """`ingress.k8s.aws/alb`, `eks.amazonaws.com/alb` …"""
        return self.text("spec", "controller")

    @property
    def is_default(self) -> bool:
        """Whether Ingresses without a class get this one."""
        return self.annotations.get("ingressclass.kubernetes.io/is-default-class") == "true"


class NetworkPolicy(PodSelecting):
    """A NetworkPolicy of Kubernetes itself."""

    __slots__ = ()

    @property
    def selector(self) -> LabelSelector:
        """The pods that it is about; an empty one means all of the namespace."""
        return LabelSelector(self, ("spec", "podSelector"))

    @property
    def policy_types(self) -> Sequence[str]:
        """`Ingress`, `Egress`; what the rules imply where nothing is said."""
        types = self.sequence("spec", "policyTypes")
        if types:
            return types
        return ("Ingress", "Egress") if self.sequence("spec", "egress") else ("Ingress",)
