"""Objects that select pods by their labels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.selectors import LabelSelector

if TYPE_CHECKING:
    from ekslint.model.kubernetes.pods import PodTemplate
    from ekslint.model.kubernetes.workloads import Workload


class PodSelecting(KubernetesObject):
    """A Service, a PodDisruptionBudget or a NetworkPolicy."""

    __slots__ = ()

    @property
    def selector(self) -> LabelSelector:
        """The pods that it is about."""
        return LabelSelector(self, ("spec", "selector"))

    @property
    def workloads(self) -> "Sequence[Workload]":
        """The workloads whose pods it selects, in its namespace."""
        return self.estate.joins.selected_by(self)

    def selects(self, pod: "PodTemplate") -> bool:
        """Whether it selects pods of a template by their labels, whatever the namespace."""
        return self.selector.selects(pod)
