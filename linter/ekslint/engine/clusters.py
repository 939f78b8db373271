"""Findings of rules that visit clusters, about things of which nobody knows the cluster.

A NodePool beside several clusters is a pool of each of them, as far as the files tell. What a rule says of it in one
cluster holds only if it says the same in all others; then it is one finding, and of no cluster in particular.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ekslint.engine.finding import Finding
from ekslint.engine.severity import Severity
from ekslint.engine.worlds import identity_of, mildest
from ekslint.model.cluster import Cluster
from ekslint.model.entity import Entity
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.pool import Pool


def visited_cluster(subject: Any) -> Cluster | None:
    """The cluster that a rule visits, itself or its capacity."""
    if isinstance(subject, Cluster):
        return subject
    # By its name, as only runs that place workloads import that class. A placement is no visit to a cluster: the engine
    # weighs the clusters of its workload already.
    return getattr(subject, "cluster", None) if type(subject).__name__ == "Capacity" else None


_EVERYWHERE = "the same holds for every other cluster that it may go to"


def with_note(finding: Finding, estate: Estate) -> Finding:
    """A finding that holds for several clusters, with a note on that if its words name one of them."""
    named = any(str(cluster) in finding.message for cluster in _candidates(finding.place.entity, estate))
    return replace(finding, notes=(*finding.notes, _EVERYWHERE)) if named else finding


class ClusterFindings:
    """What one rule said of things that may belong to several clusters."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._candidates: dict[object, Sequence[Cluster]] = {}
        self._found: dict[object, dict[int, Finding]] = {}

    def certain(self, cluster: Cluster, findings: Sequence[Finding]) -> list[Finding]:
        """Those of a visit that are about this cluster alone; the others are kept."""
        certain = []
        for finding in findings:
            candidates = _candidates(finding.place.entity, self._estate)
            if len(candidates) < 2:
                certain.append(finding)
                continue
            identity = identity_of(finding)
            self._candidates[identity] = candidates
            self._found.setdefault(identity, {})[id(cluster)] = finding
        return certain

    def true_everywhere(self, usual: Severity) -> Iterator[Finding]:
        """Those of the others that were said in every cluster, as they count least."""
        for identity, found in self._found.items():
            if all(id(cluster) in found for cluster in self._candidates[identity]):
                yield mildest(found.values(), usual)


def _candidates(entity: Entity, estate: Estate) -> Sequence[Cluster]:
    """The clusters that something may belong to."""
    if isinstance(entity, KubernetesObject):
        return entity.clusters
    if isinstance(entity, Pool):
        return [cluster for cluster in estate.clusters if any(entity is pool for pool in cluster.extra_pools)]
    owner = getattr(entity, "owner", None)
    return _candidates(owner, estate) if isinstance(owner, Entity) else ()
