"""What one pool can take at its largest: nodes, what each offers, and what DaemonSets take of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ekslint.facts.node_agents import NodeAgent
from ekslint.model.pool import KarpenterPool, Pool
from ekslint.model.reading import Undecided
from ekslint.placement.allocatable import CPU, PODS
from ekslint.placement.quantities import units
from ekslint.placement.replicas import most_nodes_of
from ekslint.placement.shape import PoolShape

Amounts = Mapping[str, int]
"""By resource: CPU in thousandths, everything else in whole units."""


@dataclass(frozen=True, slots=True)
class PoolCapacity:
    """A pool at its largest."""

    pool: Pool
    shape: PoolShape
    most_nodes: int | None
    """None where nothing bounds the number."""
    daemonsets: Amounts = field(default_factory=dict)
    """What DaemonSets request on each node, those of the files and EKS's own, their number as `pods`."""
    agents: tuple[str, ...] = ()
    """Those of EKS itself among them, by name."""

    def largest(self, resource: str) -> int | None:
        """The most of a resource that a node can offer, at best; None where nobody knows."""
        most = self.shape.offer.most(resource, self.shape.types)
        if most is None or self._has_strangers():
            return None
        return most.best

    def smallest_type(self, resource: str) -> tuple[str, int] | None:
        """The instance type that usually offers least of a resource, and how much; None where nobody knows."""
        found: tuple[int, str] | None = None
        for bit, _ in self.shape.catalogue.items(self.shape.types):
            most = self.shape.offer.most(resource, bit)
            if most is None:
                return None
            found = min(found or (most.usual, most.name), (most.usual, most.name))
        return (found[1], found[0]) if found is not None else None

    def share_of_daemonsets(self, resource: str) -> float | None:
        """The part of the smallest node that DaemonSets request; None where nobody knows."""
        smallest = self.smallest_type(resource)
        if smallest is None or smallest[1] <= 0:
            return None
        return self.daemonsets.get(resource, 0) / smallest[1]

    def total(self, resource: str) -> int | None:
        """The most that all nodes together offer to pods besides DaemonSets; None without a bound."""
        bounds = [bound for bound in (self._by_nodes(resource), self._by_limits(resource)) if bound is not None]
        return min(bounds) if bounds else None

    def _by_nodes(self, resource: str) -> int | None:
        if self.most_nodes == 0:
            return 0
        largest = self.largest(resource)
        if self.most_nodes is None or largest is None:
            return None
        return self.most_nodes * max(largest - self.daemonsets.get(resource, 0), 0)

    def _by_limits(self, resource: str) -> int | None:
        """Karpenter makes no node that would exceed the NodePool's limits."""
        pool = self.shape.pool
        if resource == PODS or not isinstance(pool, KarpenterPool):
            return None
        try:
            limits = pool.limits
            if limits is None or resource not in limits:
                return None
            return units(resource, limits[resource])
        except Undecided:
            return None

    def _has_strangers(self) -> bool:
        return bool(self.shape.types & self.shape.catalogue.strangers) and not self.shape.is_measured


def capacity_of(shape: PoolShape, daemonsets: Sequence[Amounts], agents: Sequence[NodeAgent]) -> PoolCapacity:
    """A pool at its largest, with the requests of each DaemonSet that runs on it, and EKS's own."""
    total: dict[str, int] = {PODS: len(daemonsets) + len(agents)}
    for amounts in (*daemonsets, *({CPU: agent.millicores} for agent in agents if agent.millicores)):
        for resource, amount in amounts.items():
            total[resource] = total.get(resource, 0) + amount
    return PoolCapacity(shape.pool, shape, most_nodes_of(shape), total, tuple(agent.name for agent in agents))
