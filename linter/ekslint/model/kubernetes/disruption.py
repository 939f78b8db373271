"""How many replicas there are, and how many may be missing: budgets and autoscalers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.selecting import PodSelecting

if TYPE_CHECKING:
    from ekslint.model.kubernetes.pods import PodTemplate
    from ekslint.model.kubernetes.workloads import Workload


class ScaleTarget(NamedTuple):
    """What an autoscaler scales."""

    group: str | None
    """The API group; None where no apiVersion is given."""
    kind: str
    name: str


class PodDisruptionBudget(PodSelecting):
    """A PodDisruptionBudget."""

    __slots__ = ()

    @property
    def min_available(self) -> str | int | float | None:
        """Pods that have to stay: a number or a percentage."""
        return self.scalar("spec", "minAvailable")

    @property
    def max_unavailable(self) -> str | int | float | None:
        """Pods that may be missing: a number or a percentage."""
        return self.scalar("spec", "maxUnavailable")

    def selects(self, pod: "PodTemplate") -> bool:
        """Whether it selects pods of a template by their labels. An empty selector meant none before policy/v1."""
        if self.version == "v1beta1" and self.selector.is_empty:
            return False
        return super().selects(pod)


class Autoscaler(KubernetesObject):
    """Something that sets the number of replicas of a workload."""

    __slots__ = ()

    @property
    def target(self) -> ScaleTarget | None:
        """What it scales; None where it does not say."""
        return _target(self, "scaleTargetRef")

    @property
    def minimum(self) -> int:
        """The fewest replicas that it leaves."""
        raise NotImplementedError

    @property
    def maximum(self) -> int | None:
        """The most replicas that it asks for."""
        raise NotImplementedError

    @property
    def targets(self) -> "Sequence[Workload]":
        """The workloads that it scales: one, or none."""
        return self.estate.joins.targets_of(self)


class HorizontalPodAutoscaler(Autoscaler):
    """A HorizontalPodAutoscaler."""

    __slots__ = ()

    @property
    def minimum(self) -> int:
        """`minReplicas`, 1 where nothing is said."""
        replicas = self.integer("spec", "minReplicas")
        return 1 if replicas is None else replicas

    @property
    def maximum(self) -> int | None:
        """`maxReplicas`."""
        return self.integer("spec", "maxReplicas")

    @property
    def metrics(self) -> Sequence[Mapping[str, Any]]:
        """What it goes by, from autoscaling/v2beta1 on."""
        return self.sequence("spec", "metrics")


class ScaledObject(Autoscaler):
    """KEDA's ScaledObject, which makes a HorizontalPodAutoscaler."""

    __slots__ = ()

    @property
    def target(self) -> ScaleTarget | None:
        """See `Autoscaler.target`; KEDA takes it for a Deployment unless told otherwise."""
        target = super().target
        if target is None or target.kind:
            return target
        return ScaleTarget("apps", "Deployment", target.name)

    @property
    def minimum(self) -> int:
        """`minReplicaCount`, 0 where nothing is said."""
        replicas = self.integer("spec", "minReplicaCount")
        return 0 if replicas is None else replicas

    @property
    def maximum(self) -> int | None:
        """`maxReplicaCount`, 100 where nothing is said."""
        replicas = self.integer("spec", "maxReplicaCount")
        return 100 if replicas is None else replicas


class VerticalPodAutoscaler(KubernetesObject):
    """A VerticalPodAutoscaler: it sets requests, not replicas."""

    __slots__ = ()

    @property
    def target(self) -> ScaleTarget | None:
        """The workload whose requests it sets."""
        return _target(self, "targetRef")

    @property
    def update_mode(self) -> str:
        """`Off`, `Initial`, `Recreate`, `InPlaceOrRecreate` or `Auto`."""
        return self.text("spec", "updatePolicy", "updateMode") or "Auto"


def _target(view: KubernetesObject, field: str) -> ScaleTarget | None:
    if not view.has("spec", field):
        return None
    version = view.text("spec", field, "apiVersion")
    return ScaleTarget(
        None if version is None else version.rpartition("/")[0],
        view.text("spec", field, "kind") or "",
        view.text("spec", field, "name") or "",
    )
