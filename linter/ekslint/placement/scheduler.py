"""What all placements of an estate share: demands are read once, and every cluster has one solver."""

from collections.abc import Hashable, Iterator
from typing import NamedTuple

from ekslint.model.cluster import Cluster
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.nodepools import NodeClassObject
from ekslint.model.kubernetes.workloads import DaemonSet, Workload
from ekslint.model.reading import Undecided
from ekslint.placement.catalogue import Catalogue
from ekslint.placement.cni import networking_of
from ekslint.placement.demands import Demand, DemandReader
from ekslint.placement.ladders import Ladders
from ekslint.placement.matching import Matcher
from ekslint.placement.node_agents import agents_of, runs_agents
from ekslint.placement.pool_capacity import PoolCapacity, capacity_of
from ekslint.placement.shape import PoolShape
from ekslint.placement.sharing import shares_gpus
from ekslint.placement.solution import Solution
from ekslint.placement.solver import Solver
from ekslint.placement.surroundings import Surroundings
from ekslint.placement.verdicts import Verdict


class Solved(NamedTuple):
    """A workload, and what the pools of a cluster say of it."""

    demand: Demand
    solution: Solution


class Scheduler:
    """Answers for one estate. What depends on the engine's choices is kept once for every set of choices."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._reader = DemandReader(estate)
        self._ladders = Ladders(Catalogue())
        self._provisioned: dict[Hashable, dict[Hashable, PoolShape]] = {}
        self._matchers: dict[Hashable, Matcher] = {}
        self._solvers: dict[Hashable, Solver] = {}
        self._demands: dict[Hashable, Demand] = {}
        self._capacities: dict[Hashable, list[PoolCapacity]] = {}

    def assumptions(self) -> Hashable:
        """The choices that the engine has made."""
        chosen = self.estate.world._chosen
        return frozenset(chosen.items()) if chosen else None

    def solve(self, workload: Workload, cluster: Cluster) -> Solved:
        """What the pools of a cluster say of a workload. Forked where a pool depends on a choice."""
        demand = self._demand(workload)
        return Solved(demand, self.solver(cluster).solve(demand))

    def solver(self, cluster: Cluster) -> Solver:
        """The solver for a cluster."""
        assumptions = self.assumptions()
        key = (id(cluster), assumptions)
        found = self._solvers.get(key)
        if found is None:
            found = self._solvers[key] = Solver(
                Surroundings(
                    cluster,
                    self._ladders,
                    networking_of(cluster),
                    self.estate.known_node_labels,
                    frozenset(_node_classes(self.estate, cluster)),
                    shares_gpus=shares_gpus(self.estate, cluster),
                    provisioned=self._provisioned.setdefault(assumptions, {}),
                ),
                self._matchers.setdefault(assumptions, Matcher()),
            )
        return found

    def capacities(self, cluster: Cluster) -> list[PoolCapacity]:
        """Every pool of a cluster at its largest, with what the DaemonSets take that certainly run there."""
        key = (id(cluster), self.assumptions())
        found = self._capacities.get(key)
        if found is None:
            daemonsets = [
                self.solve(each, cluster) for each in workloads_on(self.estate, cluster) if isinstance(each, DaemonSet)
            ]
            agents = agents_of(cluster)
            found = self._capacities[key] = [
                capacity_of(
                    shape,
                    [
                        dict(demand.constraint.requests.amounts)
                        for demand, solution in daemonsets
                        if number in solution.reached and solution.reached[number].verdict is Verdict.FITS
                    ],
                    agents if runs_agents(shape) else (),
                )
                for number, shape in enumerate(self.solver(cluster).shapes)
            ]
        return found

    def _demand(self, workload: Workload) -> Demand:
        key = (id(workload), self.assumptions())
        found = self._demands.get(key)
        if found is None:
            found = self._demands[key] = self._reader.read(workload)
        return found


def workloads_on(estate: Estate, cluster: Cluster) -> Iterator[Workload]:
    """The workloads that certainly go to a cluster; of several with one identity, as overlays have them, the first.

    One that names no namespace, as it stands in a base, is not told apart from those of its name that do.
    """
    seen: set[str] = set()
    named: set[tuple[str, str | None]] = set()
    anywhere: set[tuple[str, str | None]] = set()
    for workload in estate.of(Workload):
        clusters = workload.clusters
        if len(clusters) != 1 or clusters[0] is not cluster or workload.resource in seen:
            continue
        seen.add(workload.resource)
        name = (workload.kind, workload.known_name)
        is_anywhere = workload.unknown("metadata", "namespace") or not workload.text("metadata", "namespace")
        if name in (named if is_anywhere else anywhere):
            continue
        named.add(name)
        if is_anywhere:
            anywhere.add(name)
        yield workload


def _node_classes(estate: Estate, cluster: Cluster) -> Iterator[str]:
    for each in estate.of(NodeClassObject):
        try:
            if each.name is not None and any(cluster is candidate for candidate in each.clusters):
                yield each.name
        except Undecided:
            continue
