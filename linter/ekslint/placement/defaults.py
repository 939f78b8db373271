"""What a namespace adds to the requests of its pods, and what sets them anew."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ekslint.model.estate import Estate
from ekslint.model.kubernetes.disruption import VerticalPodAutoscaler
from ekslint.model.kubernetes.namespaces import LimitRange
from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.reading import Undecided


class Defaults:
    """The LimitRanges and vertical autoscalers of an estate."""

    def __init__(self, estate: Estate) -> None:
        self._limits: dict[str | None, list[LimitRange]] = {}
        for each in estate.of(LimitRange):
            self._limits.setdefault(_namespace(each), []).append(each)
        self._resized = set(_targets(estate))

    def limits_for(self, workload: Workload) -> Sequence[Mapping[str, Any]]:
        """The items of the LimitRanges of a workload's namespace. Undecided if it is not known which those are."""
        if not self._limits:
            return ()
        candidates = [*self._limits.get(workload.namespace, ()), *self._limits.get(None, ())]
        items: list[Mapping[str, Any]] = []
        for each in candidates:
            meets = any(one is another for one in workload.clusters for another in each.clusters)
            if meets and workload.shares_namespace(each):
                items += [item for item in each.limits if isinstance(item, Mapping)]
        return items

    def is_resized(self, workload: Workload) -> bool:
        """Whether a VerticalPodAutoscaler sets the requests."""
        try:
            return (workload.kind, workload.name) in self._resized
        except Undecided:
            return bool(self._resized)


def _namespace(each: LimitRange) -> str | None:
    try:
        return each.namespace
    except Undecided:
        return None


def _targets(estate: Estate) -> Iterator[tuple[str, str]]:
    for each in estate.of(VerticalPodAutoscaler):
        try:
            target = each.target
            if target is not None and each.update_mode != "Off":
                yield target.kind, target.name
        except Undecided:
            continue
