"""Workloads: everything that makes pods."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from ekslint.model.entity import Entity
from ekslint.model.kubernetes.containers import EnvironmentVariable
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.pods import PodTemplate
from ekslint.model.kubernetes.selectors import LabelSelector
from ekslint.model.kubernetes.sheet import Sheet
from ekslint.model.kubernetes.volumes import ClaimTemplate
from ekslint.model.reading import PartialSequence, Undecided, every, some
from ekslint.source.tree import Map, Path

if TYPE_CHECKING:
    from ekslint.model.kubernetes.disruption import Autoscaler, PodDisruptionBudget
    from ekslint.model.kubernetes.services import Service

_LEADER_ELECTION = re.compile(r"-{1,2}(?:enable-)?leader-elect(?:ion)?(?:-enabled)?(?:=(?P<value>.*))?\Z")
_LEADER_VARIABLE = re.compile(r"(?:ENABLE_)?LEADER_ELECT(?:ION)?(?:_ENABLED)?\Z")


class Workload(KubernetesObject):
    """An object that makes pods, or is one."""

    __slots__ = ("_pod",)
    part_names: ClassVar[tuple[str, ...]] = ("Container", "PodTemplate")
    template_path: ClassVar[Path] = ("spec", "template")
    """Where its pod template stands."""

    def __init__(self, sheet: Sheet, path: Path, node: Map, api_version: str, kind: str) -> None:
        super().__init__(sheet, path, node, api_version, kind)
        self._pod: PodTemplate | None = None

    @property
    def pod(self) -> PodTemplate:
        """The template of its pods; one that says nothing where it is missing."""
        if self._pod is None:
            self._pod = PodTemplate(self, self.template_path)
        return self._pod

    @property
    def parts(self) -> Iterator[Entity]:
        """The pod template and its containers."""
        try:
            pod = self.pod
        except Undecided:
            return
        yield pod
        yield from pod.parts

    @property
    def selector(self) -> LabelSelector:
        """The pods that it takes for its own."""
        return LabelSelector(self, ("spec", "selector"))

    @property
    def replicas(self) -> int | None:
        """`spec.replicas` as written."""
        return self.integer("spec", "replicas")

    @property
    def is_suspended(self) -> bool:
        """Whether it is told to make no pods."""
        return self.boolean("spec", "suspend") is True

    @property
    def has_replicas(self) -> bool:
        """Whether its pods are so many copies of each other."""
        return False

    @property
    def autoscalers(self) -> "Sequence[Autoscaler]":
        """The HorizontalPodAutoscalers and ScaledObjects that target it."""
        return self.estate.joins.autoscalers_of(self)

    @property
    def replica_floor(self) -> int:
        """The fewest replicas that it may have: what its autoscalers leave at least, else `replicas`, else 1."""
        autoscalers = self.autoscalers
        if some(autoscalers, lambda autoscaler: True):
            return min(autoscaler.minimum for autoscaler in autoscalers)
        replicas = self.replicas
        return 1 if replicas is None else replicas

    @property
    def disruption_budgets(self) -> "Sequence[PodDisruptionBudget]":
        """The PodDisruptionBudgets that select its pods."""
        from ekslint.model.kubernetes.disruption import PodDisruptionBudget

        return self.estate.joins.selecting(self, PodDisruptionBudget)

    @property
    def services(self) -> "Sequence[Service]":
        """The Services that send traffic to its pods."""
        from ekslint.model.kubernetes.services import Service

        return self.estate.joins.selecting(self, Service)

    @property
    def is_leader_elected(self) -> bool:
        """Whether its replicas only stand by for one that works: a controller that is marked so by its arguments."""
        return some(
            self.pod.containers,
            lambda container: (
                _elects_leader(container.command, container.arguments)
                or some(container.environment, _is_leader_variable)
            ),
        )


class Replicated(Workload):
    """A workload whose pods are so many copies of each other."""

    __slots__ = ()

    @property
    def has_replicas(self) -> bool:
        """See `Workload.has_replicas`."""
        return True


class Pod(Workload):
    """A bare pod."""

    __slots__ = ()
    template_path = ()


class Deployment(Replicated):
    """A Deployment."""

    __slots__ = ()

    @property
    def strategy(self) -> str:
        """`RollingUpdate` or `Recreate`."""
        return self.text("spec", "strategy", "type") or "RollingUpdate"


class StatefulSet(Replicated):
    """A StatefulSet."""

    __slots__ = ()
    part_names = (*Workload.part_names, "Claim", "ClaimTemplate")

    @property
    def service_name(self) -> str | None:
        """The headless Service that names its pods."""
        return self.text("spec", "serviceName")

    @property
    def claim_templates(self) -> Sequence[ClaimTemplate]:
        """The claims that every pod gets."""
        path = ("spec", "volumeClaimTemplates")
        return self.each(
            path,
            lambda index, item: ClaimTemplate(
                self, f"volume claim template of {self}", (*path, index), self.item((*path, index), item)
            ),
        )

    @property
    def parts(self) -> Iterator[Entity]:
        """The pod template, its containers, and the claim templates."""
        yield from super().parts
        try:
            templates = self.claim_templates
        except Undecided:
            return
        yield from templates.possible() if isinstance(templates, PartialSequence) else templates


class ReplicaSet(Replicated):
    """A ReplicaSet."""

    __slots__ = ()


class ReplicationController(Replicated):
    """A ReplicationController: what there was before ReplicaSets."""

    __slots__ = ()

    @property
    def selector(self) -> LabelSelector:
        """See `Workload.selector`; here it is a plain mapping."""
        return LabelSelector(self, ("spec", "selector"), plain=True)


class Rollout(Replicated):
    """An Argo Rollout."""

    __slots__ = ()

    @property
    def pod(self) -> PodTemplate:
        """The template of its pods. Undecided where it is that of another workload (`workloadRef`)."""
        if self.has("spec", "workloadRef") and not self.has("spec", "template"):
            raise Undecided("its pod template is that of another workload", self._source(("spec", "workloadRef")))
        return super().pod


class DaemonSet(Workload):
    """A DaemonSet."""

    __slots__ = ()

    @property
    def replica_floor(self) -> int:
        """As many as there are nodes: Undecided."""
        raise Undecided("a daemon set has a pod on every node", self._source(("spec",)))


class Job(Workload):
    """A Job."""

    __slots__ = ()

    @property
    def parallelism(self) -> int:
        """How many pods may run at a time."""
        parallelism = self.integer(*self.template_path[:-1], "parallelism")
        return 1 if parallelism is None else parallelism

    @property
    def completions(self) -> int | None:
        """How many pods have to succeed."""
        return self.integer(*self.template_path[:-1], "completions")

    @property
    def time_to_live(self) -> int | None:
        """Seconds after which a finished Job is deleted; None for never."""
        return self.integer(*self.template_path[:-1], "ttlSecondsAfterFinished")

    @property
    def replica_floor(self) -> int:
        """The pods that run at a time."""
        return self.parallelism


class CronJob(Job):
    """A CronJob: the Jobs that it makes have the fields of `spec.jobTemplate`."""

    __slots__ = ()
    template_path = ("spec", "jobTemplate", "spec", "template")

    @property
    def schedule(self) -> str | None:
        """When it runs, in cron's words."""
        return self.text("spec", "schedule")


class CustomWorkload(Workload):
    """An object of a kind that ekslint does not know, with a pod template where Deployments have theirs."""

    __slots__ = ()


def _is_leader_variable(variable: EnvironmentVariable) -> bool:
    value = (variable.value or "").lower()
    return _LEADER_VARIABLE.match(variable.name) is not None and value not in {"", "0", "false", "no", "off"}


def _elects_leader(*lists: Sequence[str]) -> bool:
    """Whether an argument switches leader election on, and none switches it off."""
    return some(lists, lambda words: some(words, lambda word: _is_on(word) is True)) and every(
        lists, lambda words: every(words, lambda word: _is_on(word) is not False)
    )


def _is_on(word: object) -> bool | None:
    match = _LEADER_ELECTION.match(word) if isinstance(word, str) else None
    if match is None:
        return None
    return (match["value"] or "true").lower() not in {"0", "f", "false"}
