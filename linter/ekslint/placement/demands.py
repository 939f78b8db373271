"""A workload's pods as a constraint, with the places in the manifest that its parts come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from ekslint.facts.fargate import SCHEDULER_NAME
from ekslint.facts.label_domains import NORMALIZED_LABELS
from ekslint.model.entity import Place
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.namespaces import RuntimeClass
from ekslint.model.kubernetes.pods import PodTemplate
from ekslint.model.kubernetes.scheduling import (
    NodeSelectorTerm,
    PodAffinityTerm,
    Toleration,
    TopologySpreadConstraint,
)
from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.pool import Requirement
from ekslint.model.reading import Undecided
from ekslint.placement.catalogue import TYPE_LABEL
from ekslint.placement.causes import Stage
from ekslint.placement.constraint import Alternatives, Constraint, Interner
from ekslint.placement.defaults import Defaults
from ekslint.placement.domains import Doubt
from ekslint.placement.needs import NODE_NAME, Need, Part, is_label_value
from ekslint.placement.obstacles import Obstacle, fargate_obstacles
from ekslint.placement.reads import reads
from ekslint.placement.requests import Amounts, read_requests
from ekslint.placement.taints import DAEMONSET, DAEMONSET_ON_HOST_NETWORK, Tolerance, by_request
from ekslint.placement.verdicts import Blame
from ekslint.placement.volume_needs import VolumeNeeds, Volumes
from ekslint.source.tree import Step

_POD_OPERATORS = frozenset({"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"})
_QUEUE_LABEL = "kueue.x-k8s.io/queue-name"
_HYPERPOD_TYPE = "ml."
"""What SageMaker HyperPod begins its instance types with, on the nodes that it brings into a cluster."""
_OWN_SCHEDULERS = frozenset({"default-scheduler", SCHEDULER_NAME})

OBSTACLE = Blame("spec", "fargate")
"""What Fargate would not run."""
_PATHS: Mapping[str, tuple[Step, ...]] = {
    Part.AFFINITY.value: ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    Part.POD_AFFINITY.value: ("affinity", "podAffinity"),
    "spec": (),
}
"""Where parts stand in the spec of a pod that are not called as their field is."""


@dataclass
class Demand:
    """What the pods of one workload require, and where it says so."""

    workload: Workload
    constraint: Constraint
    origins: Mapping[Blame, Callable[[], Place]] = field(default_factory=dict)
    """Where each part of the constraint stands; places are worked out for findings alone."""
    doubts: Mapping[Stage, Doubt] = field(default_factory=dict)
    """Why a part of the constraint may be more, or less, than it says."""
    silence: Doubt | None = None
    """Why nothing at all can be said."""

    @cached_property
    def obstacles(self) -> Sequence[Obstacle]:
        """What Fargate would not run."""
        try:
            return fargate_obstacles(self.workload.pod)
        except Undecided:
            return ()

    def at(self, blame: Blame) -> Place:
        """The place in the workload that is to blame, or the nearest thing that exists."""
        if blame is OBSTACLE and self.obstacles:
            return self.obstacles[0].place
        found = self.origins.get(blame)
        if found is not None:
            return found()
        if blame.part == "kind":
            return self.workload.at("kind")
        try:
            return self.workload.pod.at(*_PATHS.get(blame.part, (blame.part,)))
        except Undecided:
            return self.workload.at("name")


class DemandReader:
    """Reads the pods of workloads; equal ones give equal constraints."""

    def __init__(self, estate: Estate) -> None:
        self.interner = Interner()
        self._volumes = Volumes(estate)
        self._defaults = Defaults(estate)

    def read(self, workload: Workload) -> Demand:
        """The demand of a workload. Never raises Undecided."""
        reading = _Reading(workload, self._defaults)
        try:
            pod = workload.pod
        except Undecided as error:
            return Demand(workload, self._nothing(), silence=Doubt(error.why, error.source))
        reading.attempt(Stage.LABELS, lambda: reading.read_selector(pod))
        reading.attempt(Stage.LABELS, lambda: reading.read_affinity(pod))
        reading.attempt(Stage.LABELS, lambda: reading.read_topology(pod))
        reading.read_volumes(self._volumes)
        reading.attempt(Stage.TAINTS, lambda: reading.read_tolerations(pod))
        reading.read_runtime_class(pod)
        amounts = reading.read_requests(pod)
        silence = reading.silence(pod)
        alternatives = self.interner.alternatives(reading.groups)
        if alternatives is None:
            reading.doubts.setdefault(Stage.LABELS, Doubt("its node affinity has too many alternatives"))
            alternatives = self.interner.alternatives(reading.groups[:1]) or Alternatives(())
        constraint = Constraint(
            alternatives,
            self.interner.tolerances(reading.tolerances),
            self.interner.requests(amounts),
            is_daemonset=workload.kind == "DaemonSet",
            labels_open=Stage.LABELS in reading.doubts,
            tolerances_open=Stage.TAINTS in reading.doubts,
            requests_open=Stage.FIT in reading.doubts,
        )
        return Demand(workload, constraint, reading.origins, reading.doubts, silence)

    def _nothing(self) -> Constraint:
        alternatives = self.interner.alternatives(()) or Alternatives(())
        return Constraint(alternatives, self.interner.tolerances(()), self.interner.requests({}))


class _Reading:
    """One workload while it is read."""

    def __init__(self, workload: Workload, defaults: Defaults) -> None:
        self.workload = workload
        self.defaults = defaults
        self.groups: list[list[list[Need]]] = []
        self.tolerances: list[Tolerance] = []
        self.origins: dict[Blame, Callable[[], Place]] = {}
        self.doubts: dict[Stage, Doubt] = {}
        self._overhead: Mapping[str, Any] | None = None

    def attempt(self, stage: Stage, read: Callable[[], None]) -> None:
        """Read a part; what is unknown leaves a doubt about its stage."""
        try:
            read()
        except Undecided as error:
            self.doubts.setdefault(stage, Doubt(error.why, error.source))

    def read_selector(self, pod: PodTemplate) -> None:
        """`nodeSelector`: an unknown value still needs the key."""
        selector = pod.node_selector
        needs: list[Need] = []
        self.groups.append([needs])
        for key in selector:
            self.origins[Blame(Part.SELECTOR.value, key)] = partial(pod.at, "nodeSelector", key)
            try:
                needs.append(Need(key, "In", (selector[key],)))
            except Undecided as error:
                needs.append(Need(key, "Exists"))
                self.doubts.setdefault(Stage.LABELS, Doubt(error.why, error.source))

    def read_affinity(self, pod: PodTemplate) -> None:
        """Required node affinity: a node has to meet one term; an empty term is met by none."""
        terms = pod.required_node_affinity
        if terms is None:
            return
        group: list[list[Need]] = []
        for term in reads(terms):
            # A term that nobody knows may be met by every node: then the group as a whole says nothing.
            needs = self._term(term())
            if needs:
                group.append(needs)
        self.groups.append(group)

    def _term(self, term: NodeSelectorTerm) -> list[Need]:
        needs: list[Need] = []
        for field_name, is_field in (("matchExpressions", False), ("matchFields", True)):
            requirements = term.match_fields if is_field else term.match_expressions
            for index, read in enumerate(reads(requirements)):
                try:
                    need = self._need(read(), is_field=is_field)
                except Undecided as error:
                    self.doubts.setdefault(Stage.LABELS, Doubt(error.why, error.source))
                    continue
                needs.append(need)
                self.origins.setdefault(Blame(need.part.value, need.key), partial(_place, term, field_name, index))
        return needs

    def _need(self, requirement: Requirement, *, is_field: bool) -> Need:
        if requirement.operator not in _POD_OPERATORS:
            raise Undecided(f"there is no operator {requirement.operator}", self.workload.origin)
        if is_field and requirement.key != NODE_NAME[1:]:
            raise Undecided(f"nodes have no field {requirement.key} to match", self.workload.origin)
        if is_field:
            return Need(NODE_NAME, requirement.operator, tuple(requirement.values), Part.AFFINITY)
        if not all(map(is_label_value, requirement.values)):
            # The scheduler cannot read it, negative bounds among them, and passes over the whole term.
            return Need(requirement.key, "In", (), Part.AFFINITY)
        return Need(requirement.key, requirement.operator, tuple(requirement.values), Part.AFFINITY)

    def read_tolerations(self, pod: PodTemplate) -> None:
        """The tolerations, with those that the DaemonSet controller adds."""
        if self.workload.kind == "DaemonSet":
            self.tolerances += DAEMONSET
            if pod.uses_host_network:
                self.tolerances.append(DAEMONSET_ON_HOST_NETWORK)
        for index, read in enumerate(reads(pod.tolerations)):
            try:
                each: Toleration = read()
            except Undecided as error:
                self.doubts.setdefault(Stage.TAINTS, Doubt(error.why, error.source))
                continue
            self.tolerances.append(Tolerance(each.key, each.operator, each.value, each.effect))
            self.origins.setdefault(Blame("tolerations", each.key), partial(pod.at, "tolerations", index))

    def read_topology(self, pod: PodTemplate) -> None:
        """Hard spreading and required pod affinity: nodes without the label of the topology are left out."""
        for name, items in (
            (Part.SPREAD, pod.topology_spread_constraints),
            (Part.POD_AFFINITY, pod.pod_affinity),
        ):
            for read in reads(items):
                try:
                    self._topology(name, read())
                except Undecided as error:
                    self.doubts.setdefault(Stage.LABELS, Doubt(error.why, error.source))

    def _topology(self, part: Part, item: TopologySpreadConstraint | PodAffinityTerm) -> None:
        if isinstance(item, TopologySpreadConstraint) and not item.is_hard:
            return
        key = item.topology_key
        if key:
            self.groups.append([[Need(key, "Exists", (), part)]])
            self.origins.setdefault(Blame(part.value, key), partial(item.at, "topologyKey"))

    def read_volumes(self, known: Volumes) -> None:
        """Where the volumes are."""
        volumes = VolumeNeeds(self.workload, known)
        volumes.read()
        for group, place in volumes.groups:
            self.groups.append(group)
            for need in (need for term in group for need in term):
                self.origins.setdefault(Blame(Part.VOLUME.value, need.key), partial(_given, place))
        if volumes.unknown is not None:
            self.doubts.setdefault(Stage.LABELS, Doubt(volumes.unknown.why, volumes.unknown.source))

    def read_runtime_class(self, pod: PodTemplate) -> None:
        """What a RuntimeClass adds: node selector, tolerations, overhead."""
        try:
            name = pod.runtime_class_name
            if name is None:
                return
            classes = list(self.workload.estate.joins.named(self.workload, RuntimeClass, name))
            if len(classes) != 1:
                raise Undecided(f"RuntimeClass {name} is not in the files", pod.at("runtimeClassName").source)
            [found] = classes
            selector, tolerations = found.node_selector, found.tolerations
            needs = [Need(key, "In", (selector[key],), Part.RUNTIME_CLASS) for key in selector]
            for need in needs:
                self.origins.setdefault(Blame(need.part.value, need.key), partial(pod.at, "runtimeClassName"))
            self.groups.append([needs])
            self.tolerances += [Tolerance(each.key, each.operator, each.value, each.effect) for each in tolerations]
            self._overhead = dict(found.overhead)
        except Undecided as error:
            for stage in Stage:
                self.doubts.setdefault(stage, Doubt(error.why, error.source))

    def read_requests(self, pod: PodTemplate) -> Amounts:
        """The requests, with the defaults of the namespace."""
        limits: Sequence[Mapping[str, Any]] = ()
        try:
            limits = self.defaults.limits_for(self.workload)
            if pod.sequence("resourceClaims"):
                raise Undecided("its devices are claimed dynamically", pod.at("resourceClaims").source)
            if self.defaults.is_resized(self.workload):
                raise Undecided("a VerticalPodAutoscaler sets its requests", pod.at("containers").source)
        except Undecided as error:
            self.doubts.setdefault(Stage.FIT, Doubt(error.why, error.source))
        found = read_requests(pod, limits, self._overhead)
        for resource, place in found.places.items():
            self.origins[Blame("resources", resource)] = place
        if found.doubt is not None:
            self.doubts.setdefault(Stage.FIT, found.doubt)
        self.tolerances += by_request(found.resources, may_ask_for_more=found.may_ask_for_more)
        # What an autoscaler sets may be less than what the manifest says.
        return {} if self.defaults.is_resized(self.workload) else found.amounts

    def silence(self, pod: PodTemplate) -> Doubt | None:
        """Why the scheduler is not the one that decides, or not by what the manifest says."""
        try:
            if pod.scheduler_name not in _OWN_SCHEDULERS:
                return Doubt(f"scheduler {pod.scheduler_name} places it", pod.at("schedulerName").source)
            if pod.node_name is not None:
                return Doubt("it names its node itself", pod.at("nodeName").source)
            if pod.scheduling_gates:
                return Doubt("scheduling gates hold it back", pod.at("schedulingGates").source)
            if _QUEUE_LABEL in self.workload.labels:
                return Doubt("Kueue chooses its nodes", self.workload.at("labels", _QUEUE_LABEL).source)
            if any(group and all(map(_is_of_hyperpod, group)) for group in self.groups):
                return Doubt("the nodes of SageMaker HyperPod are declared elsewhere", pod.origin)
        except Undecided as error:
            return Doubt(error.why, error.source)
        return None


def _given(place: Place) -> Place:
    return place


def _place(term: NodeSelectorTerm, field_name: str, index: int) -> Place:
    path: tuple[Step, ...] = (field_name, index)
    values = (*path, "values", 0)
    if term.get(*path, "values"):
        return term.at(*values)
    return term.at(*path, "key")


def _is_of_hyperpod(term: Sequence[Need]) -> bool:
    return any(
        NORMALIZED_LABELS.get(each.key, each.key) == TYPE_LABEL
        and each.operator == "In"
        and each.values
        and all(value.startswith(_HYPERPOD_TYPE) for value in each.values)
        for each in term
    )
