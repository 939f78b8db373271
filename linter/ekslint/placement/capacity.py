"""Whether all pods of a cluster can run at a time, with every pool at its largest: a subject of rules."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from ekslint.model.cluster import Cluster
from ekslint.model.kubernetes.workloads import Pod, Workload
from ekslint.model.pool import Pool
from ekslint.model.reading import Undecided
from ekslint.placement.allocatable import PODS
from ekslint.placement.packing import Group, Item, left_over
from ekslint.placement.pool_capacity import PoolCapacity
from ekslint.placement.ports import PortConflict, port_conflicts
from ekslint.placement.replicas import keeps_nodes_to_itself
from ekslint.placement.scheduler import Scheduler, workloads_on


@dataclass(frozen=True, slots=True)
class Crowd:
    """The pods of one workload, as far as they are many."""

    workload: Workload
    pods: int
    """How many are to run at a time, at least."""
    most_pods: int
    """How many its autoscalers may ask for; `pods` without any."""
    amounts: tuple[tuple[str, int], ...]
    """What one of them requests, itself as one of `pods` included."""
    reach: int
    """The pools that take them, or may: bit i is pool i of the capacity."""
    is_apart: bool
    """Whether no two of them can share a node."""

    def requested(self, resource: str, *, at_most: bool) -> int:
        """What all of them request of a resource."""
        return dict(self.amounts).get(resource, 0) * (self.most_pods if at_most else self.pods)


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

    __slots__ = ("_crowds", "_scheduler", "cluster")

    def __init__(self, cluster: Cluster, scheduler: Scheduler) -> None:
        self.cluster = cluster
        self._scheduler = scheduler
        self._crowds: dict[Hashable, list[Crowd]] = {}

    def __str__(self) -> str:
        return f"capacity of {self.cluster}"

    def __repr__(self) -> str:
        return f"<{self}>"

    @property
    def pools(self) -> list[PoolCapacity]:
        """Every pool at its largest, in order of declaration."""
        return self._scheduler.capacities(self.cluster)

    @property
    def crowds(self) -> list[Crowd]:
        """The workloads that keep pods running, with requests and pools that are known; DaemonSets and Jobs aside."""
        key = self._scheduler.assumptions()
        found = self._crowds.get(key)
        if found is None:
            workloads = workloads_on(self._scheduler.estate, self.cluster)
            crowds = (self._crowd(workload) for workload in workloads if workload.has_replicas or type(workload) is Pod)
            found = self._crowds[key] = [crowd for crowd in crowds if crowd is not None]
        return found

    def shortfalls(self, *, at_most: bool = False) -> list[Shortfall]:
        """Where pods exceed pools; with `at_most`, the pods that autoscalers may ask for.

        One for each resource and set of pools that a workload is bound to, but none that only repeats a smaller set.
        Pools without bounds are never short.
        """
        crowds = self.crowds
        reaches = sorted({crowd.reach for crowd in crowds}, key=lambda reach: (reach.bit_count(), reach))
        resources = sorted({resource for crowd in crowds for resource, _ in crowd.amounts})
        found: list[Shortfall] = []
        short: dict[str, list[int]] = {resource: [] for resource in resources}
        for reach in reaches:
            bound = [crowd for crowd in crowds if not crowd.reach & ~reach]
            for resource in resources:
                if any(not smaller & ~reach for smaller in short[resource]):
                    continue
                shortfall = self._shortfall(resource, reach, bound, at_most=at_most)
                if shortfall is not None:
                    short[resource].append(reach)
                    found.append(shortfall)
        return found

    def left_over(self) -> list[tuple[Crowd, int]]:
        """The pods that find no room when all are packed, first-fit decreasing, on the largest nodes of each pool.

        A heuristic: another order may place them all. Empty where a pool has no bounds, or is too large to try.
        """
        crowds = self.crowds
        groups = []
        for pool in self.pools:
            if pool.most_nodes is None:
                return []
            groups.append(Group(pool.most_nodes, _free(pool, crowds)))
        items = [Item(crowd.pods, dict(crowd.amounts), crowd.reach, crowd.is_apart) for crowd in crowds]
        missing = left_over(items, groups)
        if missing is None:
            return []
        return [(crowd, number) for crowd, number in zip(crowds, missing, strict=True) if number]

    @property
    def port_conflicts(self) -> list[PortConflict]:
        """Ports of the host that a DaemonSet holds on every node on which another workload could run."""
        reaches = []
        for workload in workloads_on(self._scheduler.estate, self.cluster):
            _, solution = self._scheduler.solve(workload, self.cluster)
            if solution.silence is None:
                reaches.append((workload, solution.possible_bits, solution.fitting_bits))
        return port_conflicts(reaches)

    def _shortfall(self, resource: str, reach: int, bound: Sequence[Crowd], *, at_most: bool) -> Shortfall | None:
        requested = sum(crowd.requested(resource, at_most=at_most) for crowd in bound)
        if not requested:
            return None
        pools = [pool for number, pool in enumerate(self.pools) if reach >> number & 1]
        totals = [pool.total(resource) for pool in pools]
        offered = sum(total for total in totals if total is not None)
        if None in totals or requested <= offered:
            return None
        asking = [crowd for crowd in bound if crowd.requested(resource, at_most=at_most)]
        asking.sort(key=lambda crowd: (-crowd.requested(resource, at_most=at_most), crowd.workload.resource))
        return Shortfall(resource, requested, offered, tuple(pool.pool for pool in pools), tuple(asking))

    def _crowd(self, workload: Workload) -> Crowd | None:
        try:
            pods = 0 if workload.is_suspended else workload.replica_floor
            most = max((each.maximum or 0 for each in workload.autoscalers), default=pods)
            is_apart = keeps_nodes_to_itself(workload)
        except Undecided:
            return None
        demand, solution = self._scheduler.solve(workload, self.cluster)
        if solution.silence is not None:
            return None
        reach = solution.possible_bits
        if not reach or not max(pods, most):
            return None
        amounts = (*demand.constraint.requests.amounts, (PODS, 1))
        return Crowd(workload, pods, max(pods, most), amounts, reach, is_apart)


def _free(pool: PoolCapacity, crowds: Iterable[Crowd]) -> dict[str, int]:
    """What the largest node of a pool offers besides DaemonSets, of what anybody requests."""
    free = {}
    for resource in sorted({resource for crowd in crowds for resource, _ in crowd.amounts}):
        largest = pool.largest(resource)
        if largest is not None:
            free[resource] = max(largest - pool.daemonsets.get(resource, 0), 0)
    return free
