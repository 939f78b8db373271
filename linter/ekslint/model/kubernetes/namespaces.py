"""What holds for all pods of a namespace, a priority or a runtime."""

from collections.abc import Mapping, Sequence
from typing import Any

from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.scheduling import Toleration, toleration


class Namespace(KubernetesObject):
    """A Namespace."""

    __slots__ = ()

    @property
    def pod_security_level(self) -> str | None:
        """The Pod Security Standard that is enforced: `privileged`, `baseline` or `restricted`."""
        return self.labels.get("pod-security.kubernetes.io/enforce")

    @property
    def pod_security_version(self) -> str:
        """The version of the standard: `v1.34`, or `latest`."""
        return self.labels.get("pod-security.kubernetes.io/enforce-version") or "latest"


class LimitRange(KubernetesObject):
    """A LimitRange: defaults and bounds for containers and pods."""

    __slots__ = ()

    @property
    def limits(self) -> Sequence[Mapping[str, Any]]:
        """`spec.limits`."""
        return self.sequence("spec", "limits")

    @property
    def default_requests(self) -> Mapping[str, Any]:
        """What a container without requests gets, by resource: quantities as written."""
        limits = self._defaults("default")
        return {**limits, **self._defaults("defaultRequest")} if limits else self._defaults("defaultRequest")

    @property
    def default_limits(self) -> Mapping[str, Any]:
        """What a container without limits gets, by resource."""
        return self._defaults("default")

    def _defaults(self, field: str) -> Mapping[str, Any]:
        merged: dict[str, Any] = {}
        for item in self.limits:
            if isinstance(item, Mapping) and item.get("type") == "Container" and isinstance(item.get(field), Mapping):
                merged.update(item[field])
        return merged


class ResourceQuota(KubernetesObject):
    """A ResourceQuota."""

    __slots__ = ()

    @property
    def hard(self) -> Mapping[str, Any]:
        """`spec.hard`: quantities as written."""
        return self.mapping("spec", "hard")


class PriorityClass(KubernetesObject):
    """A PriorityClass."""

    __slots__ = ()

    @property
    def value(self) -> int | None:
        """The priority: higher ones may push lower ones out."""
        return self.integer("value")

    @property
    def is_default(self) -> bool:
        """Whether pods without a class get this one."""
        return self.boolean("globalDefault") is True

    @property
    def preempts(self) -> bool:
        """Whether its pods push others out."""
        return self.text("preemptionPolicy") != "Never"


class RuntimeClass(KubernetesObject):
    """A RuntimeClass."""

    __slots__ = ()

    @property
    def handler(self) -> str | None:
        """The runtime on the node."""
        return self.text("handler")

    @property
    def overhead(self) -> Mapping[str, Any]:
        """What each pod costs besides its containers, by resource: quantities as written."""
        return self.mapping("overhead", "podFixed")

    @property
    def node_selector(self) -> Mapping[str, str]:
        """What its pods' node selectors get too."""
        return self.strings("scheduling", "nodeSelector")

    @property
    def tolerations(self) -> Sequence[Toleration]:
        """What its pods tolerate too."""
        path = ("scheduling", "tolerations")
        return self.each(path, lambda index, item: toleration(self, (*path, index), item))
