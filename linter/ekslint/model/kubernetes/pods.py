"""Pod templates: what every pod of a workload is like."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ekslint.model.entity import Entity, Place
from ekslint.model.kubernetes.containers import Container, ContainerList
from ekslint.model.kubernetes.scheduling import (
    NodeSelectorTerm,
    PodAffinityTerm,
    Toleration,
    TopologySpreadConstraint,
    toleration,
)
from ekslint.model.kubernetes.view import Part
from ekslint.model.kubernetes.volumes import Volume
from ekslint.model.pool import Requirement
from ekslint.model.reading import PartialSequence, Undecided, some
from ekslint.source.tree import Path, Step

if TYPE_CHECKING:
    from ekslint.model.kubernetes.workloads import Workload

T = TypeVar("T")

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_METADATA = frozenset({"annotations", "labels"})


class PodTemplate(Part):
    """What every pod of a workload is like; of a bare Pod, the pod itself.

    Paths are those of the pod's `spec` (`at("nodeSelector", "disk")`); what begins with `labels`, `annotations` or
    `metadata` is found in the metadata of the template.
    """

    __slots__ = ("_containers", "_metadata", "workload")
    workload: "Workload"

    def __init__(self, workload: "Workload", path: Path) -> None:
        """`path` is that of the template in the workload. Undecided where there is no telling what the template is."""
        super().__init__(workload, f"pod template of {workload}" if path else str(workload), path, workload.part(*path))
        self._metadata = Part(workload, "metadata", (*path, "metadata"), self.part("metadata"))
        self.node = self.part("spec")
        self.path = (*self.path, "spec")
        self.workload = workload
        self._containers: dict[ContainerList, Sequence[Container]] = {}

    def get(self, *path: Step) -> Any:
        """See `View.get`."""
        if path and path[0] in _METADATA:
            return self._metadata.get(*path)
        if path and path[0] == "metadata":
            return self._metadata.get(*path[1:])
        return super().get(*path)

    def at(self, *path: Step, key: bool = False) -> Place:
        """See `View.at`."""
        if path and (path[0] in _METADATA or path[0] == "metadata"):
            inside = path[1:] if path[0] == "metadata" else path
            rendering = self.sheet.rendering
            if rendering is not None and len(inside) == 2 and inside[1] in rendering.template_labels:
                return Place(self, path, rendering.template_labels[str(inside[1])].source)
            return Place(self, path, self._metadata.at(*inside, key=key).source)
        return super().at(*path, key=key)

    def unknown(self, *path: Step) -> bool:
        """See `View.unknown`."""
        return Entity.unknown(self, *path) if path and path[0] in _METADATA else super().unknown(*path)

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the pods, with those that kustomizations add."""
        rendering = self.sheet.rendering
        added = rendering.template_labels if rendering is not None else None
        return self._metadata.strings("labels", added=added)

    @property
    def written_labels(self) -> Mapping[str, str]:
        """The labels that stand in the manifest."""
        return self._metadata.strings("labels")

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations of the pods."""
        return self._metadata.strings("annotations")

    @property
    def containers(self) -> Sequence[Container]:
        """The main containers."""
        return self._in(ContainerList.MAIN)

    @property
    def init_containers(self) -> Sequence[Container]:
        """The init containers, in order, sidecars among them."""
        return self._in(ContainerList.INIT)

    @property
    def ephemeral_containers(self) -> Sequence[Container]:
        """Containers for debugging, which no manifest should have."""
        return self._in(ContainerList.EPHEMERAL)

    @property
    def parts(self) -> Iterator[Container]:
        """Every container that is known, in the order of the lists: init, main, ephemeral. Never raises."""
        for role in (ContainerList.INIT, ContainerList.MAIN, ContainerList.EPHEMERAL):
            try:
                containers = self._in(role)
            except Undecided:
                continue
            if isinstance(containers, PartialSequence):
                yield from containers.possible()
            else:
                yield from containers

    @property
    def node_selector(self) -> Mapping[str, str]:
        """`nodeSelector`."""
        return self.strings("nodeSelector")

    @property
    def required_node_affinity(self) -> Sequence[NodeSelectorTerm] | None:
        """The terms of which one must hold; None where nothing is required. No term at all matches no node."""
        path = ("affinity", "nodeAffinity", _REQUIRED)
        if not self.has(*path):
            return None
        terms = (*path, "nodeSelectorTerms")
        return self.each(terms, lambda index, item: NodeSelectorTerm(self, (*terms, index), item))

    @property
    def preferred_node_affinity(self) -> Sequence[NodeSelectorTerm]:
        """The terms that are only preferred."""
        return self._weighted("nodeAffinity", "preference", NodeSelectorTerm)

    @property
    def pod_affinity(self) -> Sequence[PodAffinityTerm]:
        """The required terms: pods that it must be near to."""
        return self._required("podAffinity")

    @property
    def pod_anti_affinity(self) -> Sequence[PodAffinityTerm]:
        """The required terms: pods that it must not be near to."""
        return self._required("podAntiAffinity")

    @property
    def preferred_pod_affinity(self) -> Sequence[PodAffinityTerm]:
        """The terms that are only preferred."""
        return self._weighted("podAffinity", "podAffinityTerm", PodAffinityTerm)

    @property
    def preferred_pod_anti_affinity(self) -> Sequence[PodAffinityTerm]:
        """The terms that are only preferred."""
        return self._weighted("podAntiAffinity", "podAffinityTerm", PodAffinityTerm)

    @property
    def topology_spread_constraints(self) -> Sequence[TopologySpreadConstraint]:
        """`topologySpreadConstraints`."""
        path = ("topologySpreadConstraints",)
        return self.each(path, lambda index, item: TopologySpreadConstraint(self, (*path, index), item))

    @property
    def tolerations(self) -> Sequence[Toleration]:
        """The tolerations as written; those that controllers add are not among them."""
        return self.each(("tolerations",), lambda index, item: toleration(self, ("tolerations", index), item))

    @property
    def volumes(self) -> Sequence[Volume]:
        """The volumes; the claims of a StatefulSet are not among them."""
        return self.each(("volumes",), lambda index, item: Volume(self, ("volumes", index), item))

    @property
    def scheduler_name(self) -> str:
        """`default-scheduler`, unless another one is named."""
        return self.text("schedulerName") or "default-scheduler"

    @property
    def scheduling_gates(self) -> Sequence[Any]:
        """Gates that hold the pod back until somebody removes them."""
        return self.sequence("schedulingGates")

    @property
    def node_name(self) -> str | None:
        """The node, where the scheduler is passed over."""
        return self.text("nodeName")

    @property
    def service_account_name(self) -> str | None:
        """The service account, None where it is `default` without being said."""
        return self.text("serviceAccountName") or self.text("serviceAccount")

    @property
    def automounts_token(self) -> bool | None:
        """`automountServiceAccountToken`; None where the service account decides."""
        return self.boolean("automountServiceAccountToken")

    @property
    def uses_host_network(self) -> bool:
        """Whether it shares the node's network."""
        return self.boolean("hostNetwork") is True

    @property
    def priority_class_name(self) -> str | None:
        """`priorityClassName`."""
        return self.text("priorityClassName")

    @property
    def runtime_class_name(self) -> str | None:
        """`runtimeClassName`."""
        return self.text("runtimeClassName")

    @property
    def overhead(self) -> Mapping[str, Any]:
        """What the runtime itself needs, by resource: quantities as written."""
        return self.mapping("overhead")

    @property
    def requests(self) -> Mapping[str, Any]:
        """`resources.requests` of the pod as a whole, which win over those of its containers."""
        return self.mapping("resources", "requests")

    @property
    def limits(self) -> Mapping[str, Any]:
        """`resources.limits` of the pod as a whole."""
        return self.mapping("resources", "limits")

    @property
    def restart_policy(self) -> str:
        """`Always`, unless something else is said."""
        return self.text("restartPolicy") or "Always"

    @property
    def termination_grace_period(self) -> int:
        """Seconds between SIGTERM and SIGKILL; 30 unless something else is said."""
        seconds = self.integer("terminationGracePeriodSeconds")
        return 30 if seconds is None else seconds

    @property
    def security_context(self) -> Mapping[str, Any]:
        """The pod's security context."""
        return self.mapping("securityContext")

    @property
    def operating_system(self) -> str | None:
        """`linux` or `windows`, where `os.name` says so."""
        return self.text("os", "name")

    @property
    def is_windows(self) -> bool:
        """Whether it asks for Windows: by `os.name`, or by the label of the node."""
        if self.operating_system is not None:
            return self.operating_system == "windows"
        selector = self.node_selector
        if "kubernetes.io/os" in selector:
            return selector["kubernetes.io/os"] == "windows"
        terms = self.required_node_affinity
        return terms is not None and some(terms, lambda term: some(term.match_expressions, _asks_for_windows))

    def _in(self, role: ContainerList) -> Sequence[Container]:
        if role not in self._containers:
            path = (role.value,)
            self._containers[role] = self.each(path, lambda index, item: Container(self, role, (*path, index), item))
        return self._containers[role]

    def _required(self, kind: str) -> Sequence[PodAffinityTerm]:
        path = ("affinity", kind, _REQUIRED)
        return self.each(path, lambda index, item: PodAffinityTerm(self, (*path, index), item))

    def _weighted(self, kind: str, field: str, make: "Callable[[Part, Path, Any, int], T]") -> Sequence[T]:
        path = ("affinity", kind, _PREFERRED)

        def term(index: int, item: Any) -> T:
            at = (*path, index)
            self.item(at, item)
            return make(self, (*at, field), item.get(field), self.integer(*at, "weight") or 0)

        return self.each(path, term)


def _asks_for_windows(requirement: Requirement) -> bool:
    return requirement.operator == "In" and "windows" in requirement.values
