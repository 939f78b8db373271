"""How many pods of one workload can run at a time, by what keeps them apart: anti-affinity, spreading, host ports.

Semantics: kube-scheduler's InterPodAffinity, PodTopologySpread and NodePorts filters, among a workload's own replicas.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from ekslint.facts.label_domains import NORMALIZED_LABELS
from ekslint.model.entity import Place
from ekslint.model.kubernetes.scheduling import PodAffinityTerm, TopologySpreadConstraint
from ekslint.model.kubernetes.workloads import Deployment, Workload
from ekslint.model.pool import KarpenterPool, NodeGroup
from ekslint.model.reading import Undecided
from ekslint.placement.domains import Doubt
from ekslint.placement.ports import host_ports
from ekslint.placement.quantities import units
from ekslint.placement.reads import reads_of
from ekslint.placement.shape import ZONE_ID_LABEL, ZONE_LABEL, PoolShape

HOSTNAME_LABEL = "kubernetes.io/hostname"
_REVISION_KEYS = frozenset({"pod-template-hash", "controller-revision-hash"})
_POD_KEYS = frozenset({"apps.kubernetes.io/pod-index", "statefulset.kubernetes.io/pod-name"})
"""Labels that controllers give every pod of a workload another value of."""


class Separation(Enum):
    """What keeps replicas apart."""

    ANTI_AFFINITY = "anti-affinity"
    SPREAD = "topology-spread"
    HOST_PORT = "host-port"


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Something that lets fewer pods run than there are to be."""

    separation: Separation
    topology_key: str
    """The label that tells domains apart; `kubernetes.io/hostname` for nodes."""
    domains: int
    """How many domains there are at most."""
    limit: int
    """How many pods can run at most."""
    replicas: int
    """How many there are to be at least."""
    during_rollout: int
    """How many have to run at a time, at least, for a new version to replace the old one."""
    place: Place
    """The field that keeps them apart."""

    @property
    def is_zonal(self) -> bool:
        """Whether the domains are zones."""
        return NORMALIZED_LABELS.get(self.topology_key, self.topology_key) in {ZONE_LABEL, ZONE_ID_LABEL}

    @property
    def is_by_node(self) -> bool:
        """Whether every node is a domain."""
        return self.topology_key == HOSTNAME_LABEL

    @property
    def blocks_replicas(self) -> bool:
        """Whether not even the wanted replicas can run."""
        return self.replicas > self.limit

    @property
    def blocks_rollout(self) -> bool:
        """Whether the replicas can run, but never one more, which a new version needs."""
        return not self.blocks_replicas and self.during_rollout > self.limit


def bottlenecks(workload: Workload, shapes: Sequence[PoolShape]) -> tuple[list[Bottleneck], Doubt | None]:
    """What keeps a workload's replicas from running all on the nodes of `shapes`, and what could not be decided."""
    found: list[Bottleneck] = []
    try:
        if not workload.has_replicas:
            return [], None
        counter = _Counter(workload, shapes)
    except Undecided as error:
        return [], Doubt(error.why, error.source)
    doubt: Doubt | None = None
    for separation in (counter.anti_affinity, counter.spread, counter.host_ports):
        try:
            found += separation()
        except Undecided as error:
            doubt = doubt or Doubt(error.why, error.source)
    return found, doubt


def keeps_nodes_to_itself(workload: Workload) -> bool:
    """Whether no node takes two pods of a workload. Undecided if that is unknown."""
    pod = workload.pod
    if next(host_ports(workload), None) is not None:
        return True
    terms = [read() for read in reads_of(lambda: pod.pod_anti_affinity)]
    return any(term.topology_key == HOSTNAME_LABEL and means_itself(term, workload) for term in terms)


def means_itself(term: PodAffinityTerm, workload: Workload) -> bool:
    """Whether a term is about the pods of the workload that it stands in. Undecided if that is unknown."""
    selector = term.label_selector
    if selector.is_absent:
        return False
    labels = workload.pod.labels
    if any(key in labels or key in _REVISION_KEYS for key in term.sequence("mismatchLabelKeys")):
        # The API server adds "not in the pod's own value" to the selector.
        return False
    if not _POD_KEYS.isdisjoint(term.sequence("matchLabelKeys")):
        return False
    namespaces = term.namespaces
    if namespaces and workload.namespace not in namespaces:
        return False
    if not namespaces and term.has_namespace_selector and term.mapping("namespaceSelector"):
        # Whether the pod's own namespace has such labels, nobody says.
        return False
    return selector.matches(labels)


class _Counter:
    def __init__(self, workload: Workload, shapes: Sequence[PoolShape]) -> None:
        self.workload = workload
        self.pod = workload.pod
        self.shapes = shapes
        self.replicas = workload.replica_floor

    def anti_affinity(self) -> Iterator[Bottleneck]:
        """Required anti-affinity to its own pods: one pod a domain."""
        for read in reads_of(lambda: self.pod.pod_anti_affinity):
            term: PodAffinityTerm = read()
            key = term.topology_key
            if key and means_itself(term, self.workload):
                revisions = not _REVISION_KEYS.isdisjoint(term.sequence("matchLabelKeys"))
                yield from self._bottleneck(
                    Separation.ANTI_AFFINITY, key, 1, term.at("topologyKey"), apart_across_revisions=not revisions
                )

    def spread(self) -> Iterator[Bottleneck]:
        """Hard spreading over more domains than there are: then no domain takes more than the skew."""
        for read in reads_of(lambda: self.pod.topology_spread_constraints):
            constraint: TopologySpreadConstraint = read()
            key, skew, least = constraint.topology_key, constraint.max_skew, constraint.min_domains
            if not key or not skew or least is None or not constraint.is_hard:
                continue
            if not _POD_KEYS.isdisjoint(constraint.match_label_keys):
                continue
            domains = self._domains(key)
            if domains is None or least <= domains or not constraint.label_selector.matches(self.pod.labels):
                continue
            place = constraint.at("minDomains")
            yield self._make(Separation.SPREAD, key, domains, domains * skew, place, with_surge=False)

    def host_ports(self) -> Iterator[Bottleneck]:
        """Ports of the host: one pod a node."""
        port = next(host_ports(self.workload), None)
        if port is not None:
            yield from self._bottleneck(
                Separation.HOST_PORT, HOSTNAME_LABEL, 1, port.place, apart_across_revisions=True
            )

    def _bottleneck(
        self, separation: Separation, key: str, per_domain: int, place: Place, *, apart_across_revisions: bool
    ) -> Iterator[Bottleneck]:
        domains = self._domains(key)
        if domains is None:
            return
        found = self._make(separation, key, domains, domains * per_domain, place, with_surge=apart_across_revisions)
        if found.blocks_replicas or found.blocks_rollout:
            yield found

    def _make(
        self, separation: Separation, key: str, domains: int, limit: int, place: Place, *, with_surge: bool
    ) -> Bottleneck:
        during_rollout = self.replicas + (least_surge(self.workload, self.replicas) if with_surge else 0)
        return Bottleneck(separation, key, domains, limit, self.replicas, during_rollout, place)

    def _domains(self, key: str) -> int | None:
        """The most domains of a topology that the pools can have; None where there is no telling."""
        if key == HOSTNAME_LABEL:
            return most_nodes(self.shapes)
        if NORMALIZED_LABELS.get(key, key) in {ZONE_LABEL, ZONE_ID_LABEL}:
            return most_zones(self.shapes)
        return None


def least_surge(workload: Workload, replicas: int) -> int:
    """How many pods beside the wanted ones have to start for a rollout to go on: 0, or 1 where none may be missing.

    Semantics: `pkg/controller/deployment/util` (ResolveFenceposts): where both shares come to nothing, one pod may be
    missing.
    """
    if not isinstance(workload, Deployment) or workload.strategy != "RollingUpdate" or replicas == 0:
        return 0
    surge, unavailable = (
        workload.scalar("spec", "strategy", "rollingUpdate", name) for name in ("maxSurge", "maxUnavailable")
    )
    if not math.ceil(_share(surge, replicas)):
        return 0
    return 0 if math.floor(_share(unavailable, replicas)) else 1


def _share(value: str | int | float | None, replicas: int) -> Fraction:
    """A number or a percentage of pods, not rounded; a quarter of them where nothing is said."""
    if value is None:
        return Fraction(replicas, 4)
    if isinstance(value, str) and value.endswith("%"):
        return Fraction((units("pods", value[:-1]) or 0) * replicas, 100)
    return Fraction(units("pods", value) or 0)


def most_nodes(shapes: Iterable[PoolShape]) -> int | None:
    """How many nodes pools can have together; None if one of them has no bound, or an unknown one."""
    total = 0
    for shape in shapes:
        own = most_nodes_of(shape)
        if own is None:
            return None
        total += own
    return total


def most_nodes_of(shape: PoolShape) -> int | None:
    """How many nodes a pool can have; None without a bound."""
    pool = shape.pool
    try:
        if isinstance(pool, NodeGroup):
            return pool.max_size
        if isinstance(pool, KarpenterPool) and pool.limits is not None:
            return units("nodes", pool.limits["nodes"]) if "nodes" in pool.limits else None
    except (Undecided, AttributeError):
        return None
    return None


def most_zones(shapes: Iterable[PoolShape]) -> int | None:
    """How many zones pools can be in together; None where that is not known of one of them."""
    zones = {zone for shape in shapes for zone in shape.zones}
    return None if None in zones else len(zones)
