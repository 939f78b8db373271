"""Whether all pods of a cluster can run at a time, with every pool at its largest: a subject of rules."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekslint.model.cluster import Cluster
from ekslint.model.kubernetes.workloads import CronJob, DaemonSet, Workload
from ekslint.model.pool import Pool
from ekslint.model.reading import Undecided
from ekslint.placement.allocatable import PODS
from ekslint.placement.packing import Bin, Item, left_over
from ekslint.placement.pool_capacity import PoolCapacity, capacity_of
from ekslint.placement.verdicts import Verdict

if TYPE_CHECKING:
    from ekslint.placement.placements import Placement


@dataclass(frozen=True, slots=True)
class Crowd:
    """The pods of one workload, as far as they are many."""

    placement: "Placement"
    pods: int
    """How many are to run at a time, at least."""
    most_pods: int | None
    """How many its autoscalers may ask for; None where nobody knows."""
    amounts: tuple[tuple[str, int], ...]
    """What one of them requests, one of `pods` included."""
    reach: int
    """The pools that take them, or may: bit i is pool i of the capacity."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A set of pools that cannot take all pods that can run nowhere else."""

    resource: str
    """`cpu` in thousandths, `memory` in bytes, `pods`, or any other resource as counted."""
    requested: int
    offered: int
    """The most that the pools offer at their largest, DaemonSets aside."""
    pools: tuple[Pool, ...]
    crowds: tuple[Crowd, ...]
    """The workloads that can run on these pools only, largest share first."""


class Capacity:
    """The room of one cluster. Everything is worked out when it is first asked for, under the engine's choices."""

    __slots__ = ("_results", "_solvers", "cluster")

    def __init__(self, cluster: Cluster, solvers: "CapacitySource") -> None:
        self.cluster = cluster
        self._solvers = solvers
        self._results: dict[Hashable, _Room] = {}

    def __str__(self) -> str:
        return f"capacity of {self.cluster}"

    def __repr__(self) -> str:
        return f"<{self}>"

    @property
    def pools(self) -> list[PoolCapacity]:
        """Every pool at its largest, in order of declaration."""
        return self._room().pools

    @property
    def crowds(self) -> list[Crowd]:
        """The workloads that certainly want pods and whose requests are known, DaemonSets aside."""
        return self._room().crowds

    def shortfalls(self, *, at_most: bool = False) -> list[Shortfall]:
        """Where the pods exceed the pools, by resource; with `at_most`, the pods that autoscalers may ask for.

        One for each resource and set of pools that a workload is bound to. Only what is certain: pools without bounds
        and pods with unknown requests are no shortfall.
        """
        return self._room().shortfalls(at_most=at_most)

    @property
    def left_over(self) -> list[tuple[Crowd, int]]:
        """The pods that find no room when all are packed, first-fit decreasing, on the largest nodes of each pool.

        A heuristic: a cleverer scheduler may place them all. Empty if a pool has no bounds.
        """
        return self._room().left_over()

    def _room(self) -> "_Room":
        key = self._solvers.assumptions()
        found = self._results.get(key)
        if found is None:
            found = self._results[key] = _Room(self._solvers.placements_on(self.cluster), self._solvers.pools_of(self.cluster))
        return found
