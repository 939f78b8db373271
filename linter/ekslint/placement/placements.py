"""Whether a workload can run on a cluster: a subject of rules, worked out when a rule first asks."""

from collections.abc import Hashable
from dataclasses import dataclass

from ekslint.model.cluster import Cluster
from ekslint.model.entity import Place
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.pool import Pool
from ekslint.model.reading import Undecided
from ekslint.placement.catalogue import Catalogue
from ekslint.placement.causes import Cause
from ekslint.placement.cni import networking_of
from ekslint.placement.demands import Demand, DemandReader
from ekslint.placement.domains import Doubt
from ekslint.placement.sharing import shares_gpus
from ekslint.placement.solver import Solution, Solver
from ekslint.placement.surroundings import Surroundings
from ekslint.placement.verdicts import Miss, Verdict


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

    __slots__ = ("_results", "_solvers", "cluster", "workload")

    def __init__(self, workload: Workload, cluster: Cluster, solvers: "_Solvers") -> None:
        self.workload = workload
        self.cluster = cluster
        self._solvers = solvers
        self._results: dict[Hashable, tuple[Demand, Solution]] = {}

    def __str__(self) -> str:
        return f"{self.workload} on {self.cluster}"

    def __repr__(self) -> str:
        return f"<placement of {self}>"

    @property
    def verdict(self) -> Verdict:
        """Fits if any pool fits; else unclear if any is; else rejected."""
        return self._solved()[1].verdict

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
        return tuple(self._solved()[1].causes)

    @property
    def cause(self) -> Cause | None:
        """The first of the causes."""
        return next(iter(self._solved()[1].causes), None)

    @property
    def blamed_label(self) -> str | None:
        """The label that is the root of the trouble, where labels are and a single one is."""
        return self._solved()[1].blamed_label or None

    @property
    def doubt_steps(self) -> int:
        """Steps by which a finding counts less, as there may be pools that no file shows: 0 or 1."""
        return self._solved()[1].doubt_steps

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
        return [judged.shape.pool for judged in self._solved()[1].judgements if judged.verdict is Verdict.FITS]

    @property
    def possible(self) -> list[Pool]:
        """The pools that take the workload, or may."""
        return [judged.shape.pool for judged in self._solved()[1].judgements if judged.verdict is not Verdict.REJECTED]

    @property
    def doubts(self) -> list[Doubt]:
        """Why it is unclear, without doubles."""
        return list(dict.fromkeys(self._solved()[1].doubts))

    def _solved(self) -> tuple[Demand, Solution]:
        key = self._solvers.assumptions()
        found = self._results.get(key)
        if found is None:
            demand = self._solvers.demand(self.workload)
            found = self._results[key] = (demand, self._solvers.of(self.cluster).solve(demand))
        return found

    @staticmethod
    def _verdict(demand: Demand, pool: Pool, verdict: Verdict, miss: Miss | None) -> PoolVerdict:
        if miss is None:
            return PoolVerdict(pool, verdict)
        at_pool = pool.at(*miss.pool_path) if miss.pool_path is not None else None
        return PoolVerdict(pool, verdict, miss.cause, miss.reason, at_pool, demand.at(miss.blame), miss.suggestion)


class _Solvers:
    """What all placements of an estate share: one solver for each cluster and each set of choices."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.catalogue = Catalogue()
        self.reader = DemandReader()
        self.placements = [
            Placement(workload, cluster, self) for workload in estate.of(Workload) for cluster in workload.clusters
        ]
        self._solvers: dict[Hashable, Solver] = {}
        self._demands: dict[Hashable, Demand] = {}

    def assumptions(self) -> Hashable:
        """The choices that the engine has made."""
        chosen = self.estate.world._chosen
        return frozenset(chosen.items()) if chosen else None

    def of(self, cluster: Cluster) -> Solver:
        """The solver for a cluster, in the current world."""
        key = (id(cluster), self.assumptions())
        found = self._solvers.get(key)
        if found is None:
            found = self._solvers[key] = Solver(
                Surroundings(
                    cluster,
                    self.catalogue,
                    networking_of(cluster),
                    self.estate.known_node_labels,
                    shares_gpus=shares_gpus(self.estate, cluster),
                )
            )
        return found

    def demand(self, workload: Workload) -> Demand:
        """What the pods of a workload require."""
        key = (id(workload), self.assumptions())
        found = self._demands.get(key)
        if found is None:
            found = self._demands[key] = self.reader.read(workload)
        return found


def _solvers_of(estate: Estate) -> _Solvers:
    # Kept with the estate, so that it lives as long: everything is worked out once a run.
    found: _Solvers | None = vars(estate).get("_placement_solvers")
    if found is None:
        found = vars(estate)["_placement_solvers"] = _Solvers(estate)
    return found


def placements(estate: Estate) -> list[Placement]:
    """One placement for every workload and every cluster that it may go to, in the order of the workloads.

    The same objects at every call.
    """
    return _solvers_of(estate).placements
