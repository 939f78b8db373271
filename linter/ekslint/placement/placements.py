"""Whether a workload can run on a cluster: a subject of rules, worked out when a rule first asks."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ekslint.model.cluster import Cluster
from ekslint.model.entity import Place
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.pool import FargateProfile, Pool
from ekslint.model.reading import Undecided
from ekslint.placement.causes import Cause
from ekslint.placement.domains import Doubt
from ekslint.placement.verdicts import Miss, Verdict

if TYPE_CHECKING:
    # Rules name these classes long before anybody places a workload, and most runs over a file or two never do.
    from ekslint.placement.capacity import Capacity
    from ekslint.placement.demands import Demand
    from ekslint.placement.replicas import Bottleneck
    from ekslint.placement.scheduler import Scheduler, Solved


@dataclass(frozen=True, slots=True)
class PoolVerdict:
    """What one pool says of a workload."""

    pool: Pool
    verdict: Verdict
    cause: Cause | None = None
    reason: str | None = None
    """Without the pool's name: `workload is cpu`, `untolerated taint dedicated=batch:NoSchedule`."""
    at_pool: Place | None = None
    """Where the pool says so; None where it says nothing about it."""
    at_workload: Place | None = None
    """The requirement that is not met."""
    suggestion: str | None = None
    """What was probably meant: `workload=cpu`."""


class Placement:
    """A workload and a cluster that it may go to.

    Attributes are read under the choices that the engine has made, and raise Forked where they need another one.
    """

    __slots__ = ("_results", "_scheduler", "cluster", "workload")

    def __init__(self, workload: Workload, cluster: Cluster, scheduler: "Scheduler") -> None:
        self.workload = workload
        self.cluster = cluster
        self._scheduler = scheduler
        self._results: dict[Hashable, Solved] = {}

    def __str__(self) -> str:
        return f"{self.workload} on {self.cluster}"

    def __repr__(self) -> str:
        return f"<placement of {self}>"

    @property
    def verdict(self) -> Verdict:
        """Fits if any pool fits; else unclear if any is; else rejected."""
        return self._solved().solution.verdict

    @property
    def is_known(self) -> bool:
        """Whether anything can be said."""
        return self.verdict is not Verdict.UNCLEAR

    @property
    def pools(self) -> list[PoolVerdict]:
        """What every pool says, by the first question that it answers with no; nearest miss first."""
        demand, solution = self._solved()
        return [
            self._verdict(demand, judged.shape.pool, judged.verdict, judged.miss) for judged in solution.by_nearness()
        ]

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Why no pool takes the workload, each for itself, in the order of causes.

        One cause for the labels; if some pools have the labels, one for taints and one for fit, as far as all of those
        pools agree on them. Empty if a pool fits, or if nothing can be said for certain.
        """
        return tuple(self._solved().solution.causes)

    @property
    def cause(self) -> Cause | None:
        """The first of the causes."""
        return next(iter(self._solved().solution.causes), None)

    @property
    def blamed_label(self) -> str | None:
        """The label that is the root of the trouble, where labels are and a single one is."""
        return self._solved().solution.blamed_label or None

    @property
    def doubt_steps(self) -> int:
        """Steps by which a finding counts less, as there may be pools that no file shows: 0 or 1."""
        return self._solved().solution.doubt_steps

    def rejections(self, *causes: Cause) -> list[PoolVerdict]:
        """The reasons of all pools, nearest miss first, if one of these causes is why no pool takes the workload.

        Empty otherwise. Undecided if that depends on a field that is unknown.
        """
        demand, solution = self._solved()
        for cause in causes:
            if cause in solution.causes:
                return [
                    self._verdict(demand, judged.shape.pool, Verdict.REJECTED, miss)
                    for judged, miss in solution.misses(cause)
                ]
        if not solution.causes and solution.verdict is Verdict.UNCLEAR:
            for doubt in solution.doubts:
                if doubt.source is not None:
                    raise Undecided(doubt.why, doubt.source)
        return []

    @property
    def fitting(self) -> list[Pool]:
        """The pools that certainly take the workload."""
        return [judged.shape.pool for judged in self._solved().solution.possible if judged.verdict is Verdict.FITS]

    @property
    def possible(self) -> list[Pool]:
        """The pools that take the workload, or may."""
        return [judged.shape.pool for judged in self._solved().solution.possible]

    @property
    def fargate_profile(self) -> FargateProfile | None:
        """The Fargate profile that takes the pods before any scheduler sees them; Undecided if that is not known."""
        demand = self._solved().demand
        found = self._scheduler.solver(self.cluster).profile_of(demand)
        if isinstance(found, Doubt):
            raise Undecided(found.why, found.source or self.workload.origin)
        return found

    def values_of(self, label: str) -> list[tuple[Pool, Sequence[str]]]:
        """For every pool that takes the workload, or may: the values of a label that such nodes have, sorted.

        No values where they are not known.
        """
        return [
            (judged.shape.pool, judged.shape.values(label, judged.labels.possible))
            for judged in self._solved().solution.possible
        ]

    @property
    def bottlenecks(self) -> "list[Bottleneck]":
        """What keeps its replicas from running all at a time, on the pools that take them or may.

        Undecided if that depends on a field that is unknown.
        """
        from ekslint.placement.replicas import bottlenecks

        solution = self._solved().solution
        if solution.silence is not None:
            return []
        shapes = [judged.shape for judged in solution.possible]
        found, doubt = bottlenecks(self.workload, shapes)
        if not found and doubt is not None and doubt.source is not None:
            raise Undecided(doubt.why, doubt.source)
        return found if shapes else []

    @property
    def crowded_out(self) -> list[PoolVerdict]:
        """The pools that take the workload on an empty node only, and not beside the DaemonSets of the files.

        Empty unless all pools that take it, or may, are like that.
        """
        from ekslint.placement.fit import beside_daemonsets

        demand, solution = self._solved()
        if demand.constraint.is_daemonset or solution.silence is not None:
            return []
        found = []
        capacities = self._scheduler.capacities(self.cluster)
        for judged, capacity in zip(solution.judgements, capacities, strict=True):
            if judged.verdict is Verdict.REJECTED:
                continue
            miss = beside_daemonsets(
                demand.constraint.requests, judged.shape, judged.labels.possible, capacity.daemonsets, capacity.agents
            )
            if miss is None:
                return []
            found.append(self._verdict(demand, judged.shape.pool, Verdict.REJECTED, miss))
        return found

    @property
    def doubts(self) -> list[Doubt]:
        """Why it is unclear, without doubles."""
        return list(dict.fromkeys(self._solved().solution.doubts))

    def _solved(self) -> "Solved":
        key = self._scheduler.assumptions()
        found = self._results.get(key)
        if found is None:
            found = self._results[key] = self._scheduler.solve(self.workload, self.cluster)
        return found

    @staticmethod
    def _verdict(demand: "Demand", pool: Pool, verdict: Verdict, miss: Miss | None) -> PoolVerdict:
        if miss is None:
            return PoolVerdict(pool, verdict)
        at_pool = pool.at(*miss.pool_path) if miss.pool_path is not None else None
        return PoolVerdict(pool, verdict, miss.cause, miss.reason, at_pool, demand.at(miss.blame), miss.suggestion)


class _Subjects:
    """The subjects of this package in one estate, each sort made once and when it is first asked for."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    @cached_property
    def scheduler(self) -> "Scheduler":
        """What all of them share."""
        from ekslint.placement.scheduler import Scheduler

        return Scheduler(self._estate)

    @cached_property
    def placements(self) -> list[Placement]:
        """See `placements`."""
        return [
            Placement(workload, cluster, self.scheduler)
            for workload in self._estate.of(Workload)
            for cluster in workload.clusters
        ]

    @cached_property
    def by_cluster(self) -> dict[int, dict[int, Placement]]:
        """The placements by cluster and workload."""
        found: dict[int, dict[int, Placement]] = {}
        for each in self.placements:
            found.setdefault(id(each.cluster), {})[id(each.workload)] = each
        return found

    @cached_property
    def capacities(self) -> "list[Capacity]":
        """See `capacities`."""
        from ekslint.placement.capacity import Capacity

        return [Capacity(cluster, self.scheduler) for cluster in self._estate.clusters]


def _subjects_of(estate: Estate) -> _Subjects:
    # Kept with the estate, so that they live as long as it does.
    found: _Subjects | None = vars(estate).get("_placement_subjects")
    if found is None:
        found = vars(estate)["_placement_subjects"] = _Subjects(estate)
    return found


def placements(estate: Estate) -> list[Placement]:
    """One placement for every workload and every cluster that it may go to, in the order of the workloads.

    The same objects at every call.
    """
    return _subjects_of(estate).placements


def capacities(estate: Estate) -> "list[Capacity]":
    """One capacity for every cluster, in order; the same objects at every call."""
    return _subjects_of(estate).capacities


def placements_on(cluster: Cluster, *, only_certain: bool = False) -> list[Placement]:
    """The placements of all workloads that go to a cluster, or may, in the order of the workloads.

    With `only_certain` those that may go to another one are left out: they show what a cluster could be used for, but
    not that anything is wrong with it.
    """
    found = _subjects_of(cluster.estate).by_cluster.get(id(cluster), {}).values()
    return [each for each in found if not only_certain or len(each.workload.clusters) == 1]


def label_values(cluster: Cluster, label: str) -> list[tuple[Pool, Sequence[str]]]:
    """For every pool of a cluster: the values of a label that its nodes have, sorted; none where they are not known."""
    shapes = _subjects_of(cluster.estate).scheduler.solver(cluster).shapes
    return [(shape.pool, shape.values(label, shape.types)) for shape in shapes]


def placement_of(workload: Workload, cluster: Cluster) -> Placement | None:
    """The placement of a workload on a cluster; None where it does not go there."""
    return _subjects_of(cluster.estate).by_cluster.get(id(cluster), {}).get(id(workload))
