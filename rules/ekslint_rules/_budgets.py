"""How many pods a PodDisruptionBudget lets go: as the disruption controller and the eviction API work it out.

Semantics: `k8s.io/kubernetes/pkg/controller/disruption/disruption.go` (getExpectedPodCount): percentages are rounded
up, for what must stay and for what may go alike, and refer to what the controllers of the selected pods are to run.
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from ekslint import Autoscaler, HorizontalPodAutoscaler, Place, Pod, PodDisruptionBudget, Workload, some

_PERCENTAGE = re.compile(r"([0-9]{1,3})%\Z")


class Selected(NamedTuple):
    """What a budget is about."""

    workloads: Sequence[Workload]
    pods: int
    """How many pods there are at least, as far as replicas and autoscalers say."""
    autoscalers: Sequence[Autoscaler]
    """What may change that number."""


class Allowance(NamedTuple):
    """How many pods stay, and how many may go at a time, while all are healthy."""

    kept: int
    evictions: int


def share(value: str | int | float, pods: int) -> int | None:
    """A number or a percentage of pods, rounded up; None for anything else, which the API refuses."""
    if isinstance(value, int):
        return value
    match = _PERCENTAGE.match(value) if isinstance(value, str) else None
    return None if match is None else math.ceil(int(match[1]) * pods / 100)


def selected(budget: PodDisruptionBudget) -> Selected | None:
    """The workloads of a budget, None if one of them has no number of replicas to reckon with."""
    workloads = list(budget.workloads)
    if any(not workload.has_replicas and not isinstance(workload, Pod) for workload in workloads):
        return None
    autoscalers = [autoscaler for workload in workloads for autoscaler in workload.autoscalers]
    return Selected(workloads, sum(workload.replica_floor for workload in workloads), autoscalers)


def allowance(budget: PodDisruptionBudget, pods: int) -> Allowance | None:
    """What a budget allows of so many healthy pods; None where it says nothing, or nothing that makes sense."""
    least, most = budget.min_available, budget.max_unavailable
    if (least is None) is (most is None):
        return None
    if least is not None:
        kept = share(least, pods)
        return None if kept is None else Allowance(kept, max(0, pods - kept))
    evictions = share(most, pods) if most is not None else None
    return None if evictions is None else Allowance(max(0, pods - evictions), evictions)


def allows_nothing_ever(budget: PodDisruptionBudget) -> str | None:
    """The field that forbids every eviction, however many pods there are; None if there is none."""
    if budget.max_unavailable in (0, "0%"):
        return "maxUnavailable"
    return "minAvailable" if budget.min_available == "100%" else None


def floors(workloads: Sequence[Workload]) -> list[tuple[Place, str]]:
    """Where the fewest replicas of workloads are said, with what to say there."""
    found = []
    for workload in workloads:
        autoscalers = list(workload.autoscalers)
        for autoscaler in autoscalers:
            field = "minReplicas" if isinstance(autoscaler, HorizontalPodAutoscaler) else "minReplicaCount"
            found.append((_written(autoscaler, field), f"{autoscaler} goes down to {autoscaler.minimum}"))
        if not autoscalers:
            replicas = workload.replica_floor
            counted = "1 replica" if replicas == 1 else f"{replicas} replicas"
            found.append((_written(workload, "replicas"), f"{workload} has {counted}"))
    return found


def _written(subject: Workload | Autoscaler, field: str) -> Place:
    place = subject.at("spec", field)
    return place if place.is_written else subject.at("metadata", "name")


def is_scaled(autoscalers: Sequence[Autoscaler]) -> bool:
    """Whether some autoscaler may run more pods than the fewest."""
    return some(autoscalers, lambda each: each.maximum is not None and each.maximum > each.minimum)
