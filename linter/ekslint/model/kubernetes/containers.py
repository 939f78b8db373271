"""Containers of a pod."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from ekslint.model.kubernetes.images import ImageReference, parse_image
from ekslint.model.kubernetes.view import Part
from ekslint.source.tree import Path

if TYPE_CHECKING:
    from ekslint.model.kubernetes.pods import PodTemplate
    from ekslint.model.kubernetes.workloads import Workload


class ContainerList(Enum):
    """The list of the pod that a container stands in: main, init (with the sidecars), or ephemeral."""

    MAIN = "containers"
    INIT = "initContainers"
    EPHEMERAL = "ephemeralContainers"


class ContainerPort(NamedTuple):
    """A port that a container declares; mostly information, but names are looked up."""

    number: int | None
    name: str | None
    protocol: str
    host_port: int | None


class EnvironmentVariable(NamedTuple):
    """A variable of a container's environment."""

    name: str
    value: str | None
    """The literal value; None where it comes from elsewhere."""
    source: str | None
    """`secretKeyRef`, `configMapKeyRef`, `fieldRef` or `resourceFieldRef`; None for a literal."""
    reference: str | None
    """The Secret or ConfigMap."""
    key: str | None
    is_optional: bool


class VolumeMount(NamedTuple):
    """A volume of the pod in a container's file system."""

    name: str
    path: str
    is_read_only: bool
    sub_path: str | None


class Container(Part):
    """A container of a pod: main, init (sidecars among them) or ephemeral."""

    __slots__ = ("pod", "role")
    pod: "PodTemplate"
    role: ContainerList

    def __init__(self, pod: "PodTemplate", role: ContainerList, path: Path, node: Any) -> None:
        node = pod.item(path, node)
        name = node.get("name")
        kind = {
            ContainerList.MAIN: "container",
            ContainerList.INIT: "init container",
            ContainerList.EPHEMERAL: "ephemeral container",
        }[role]
        if role is ContainerList.INIT and node.get("restartPolicy") == "Always":
            kind = "sidecar container"
        super().__init__(pod, f"{kind} {name}" if isinstance(name, str) and name else f"unnamed {kind}", path, node)
        self.pod = pod
        self.role = role

    @property
    def workload(self) -> "Workload":
        """The workload whose pods have it."""
        return self.pod.workload

    @property
    def is_init(self) -> bool:
        """Whether it has to end before the main containers start; a sidecar does not."""
        return self.role is ContainerList.INIT and not self.is_sidecar

    @property
    def is_sidecar(self) -> bool:
        """Whether it is an init container that keeps running (`restartPolicy: Always`)."""
        return self.role is ContainerList.INIT and self.text("restartPolicy") == "Always"

    @property
    def is_ephemeral(self) -> bool:
        """Whether it is one of `ephemeralContainers`."""
        return self.role is ContainerList.EPHEMERAL

    @property
    def name(self) -> str | None:
        """Its name in the pod."""
        return self.text("name")

    @property
    def image(self) -> str | None:
        """The image as written."""
        return self.text("image")

    @property
    def image_reference(self) -> ImageReference | None:
        """The image, taken apart; None where none is given."""
        image = self.image
        return parse_image(image) if image else None

    @property
    def image_pull_policy(self) -> str | None:
        """`Always`, `IfNotPresent` or `Never`; None where the tag decides."""
        return self.text("imagePullPolicy")

    @property
    def command(self) -> Sequence[str]:
        """The entry point; empty where the image's own runs."""
        return self.sequence("command")

    @property
    def arguments(self) -> Sequence[str]:
        """The arguments of the entry point."""
        return self.sequence("args")

    @property
    def ports(self) -> Sequence[ContainerPort]:
        """The declared ports."""
        return self.each(("ports",), self._port)

    @property
    def environment(self) -> Sequence[EnvironmentVariable]:
        """The variables of `env`; those of `envFrom` are not known by name."""
        return self.each(("env",), self._variable)

    @property
    def environment_sources(self) -> Sequence[Mapping[str, Any]]:
        """`envFrom`: ConfigMaps and Secrets as a whole."""
        return self.sequence("envFrom")

    @property
    def requests(self) -> Mapping[str, Any]:
        """`resources.requests` as written: quantities, see `parse_quantity`."""
        return self.mapping("resources", "requests")

    @property
    def limits(self) -> Mapping[str, Any]:
        """`resources.limits` as written."""
        return self.mapping("resources", "limits")

    @property
    def effective_requests(self) -> Mapping[str, Any]:
        """What the scheduler counts: a limit without a request is a request too."""
        requests, limits = self.requests, self.limits
        return {**limits, **requests} if limits else requests

    @property
    def liveness_probe(self) -> Mapping[str, Any] | None:
        """`livenessProbe`, None if absent."""
        return self._optional("livenessProbe")

    @property
    def readiness_probe(self) -> Mapping[str, Any] | None:
        """`readinessProbe`, None if absent."""
        return self._optional("readinessProbe")

    @property
    def startup_probe(self) -> Mapping[str, Any] | None:
        """`startupProbe`, None if absent."""
        return self._optional("startupProbe")

    @property
    def lifecycle(self) -> Mapping[str, Any]:
        """`lifecycle`: hooks after the start and before the stop."""
        return self.mapping("lifecycle")

    @property
    def security_context(self) -> Mapping[str, Any]:
        """The container's own security context; the pod's is at `pod.security_context`."""
        return self.mapping("securityContext")

    @property
    def is_privileged(self) -> bool:
        """Whether it runs privileged."""
        return self.boolean("securityContext", "privileged") is True

    @property
    def volume_mounts(self) -> Sequence[VolumeMount]:
        """The volumes that it mounts."""
        return self.each(("volumeMounts",), self._mount)

    def _optional(self, field: str) -> Mapping[str, Any] | None:
        return self.mapping(field) if self.has(field) else None

    def _port(self, index: int, item: Any) -> ContainerPort:
        at = ("ports", index)
        self.item(at, item)
        number, host_port = self.get(*at, "containerPort"), self.get(*at, "hostPort")
        return ContainerPort(
            number if type(number) is int else None,
            self.text(*at, "name"),
            self.text(*at, "protocol") or "TCP",
            host_port if type(host_port) is int else None,
        )

    def _variable(self, index: int, item: Any) -> EnvironmentVariable:
        at = ("env", index)
        self.item(at, item)
        name, value = self.text(*at, "name") or "", self.get(*at, "value")
        if value is not None or not self.has(*at, "valueFrom"):
            if value is not None and not isinstance(value, str):
                value = self.sheet.document.raw((*self.path, *at, "value"))
            return EnvironmentVariable(name, value, None, None, None, False)
        origin = self.mapping(*at, "valueFrom")
        source = next((key for key in origin), None)
        reference = (*at, "valueFrom", source or "")
        return EnvironmentVariable(
            name,
            None,
            source,
            self.text(*reference, "name"),
            self.text(*reference, "key"),
            self.boolean(*reference, "optional") is True,
        )

    def _mount(self, index: int, item: Any) -> VolumeMount:
        at = ("volumeMounts", index)
        self.item(at, item)
        return VolumeMount(
            self.text(*at, "name") or "",
            self.text(*at, "mountPath") or "",
            self.boolean(*at, "readOnly") is True,
            self.text(*at, "subPath"),
        )
