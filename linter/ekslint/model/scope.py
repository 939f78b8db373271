"""Which cluster a manifest goes to. Manifests do not say; folders and the configuration do."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ekslint.model.world import ChoicePoint, World

if TYPE_CHECKING:
    from ekslint.model.cluster import Cluster
    from ekslint.model.kubernetes.workloads import Workload


def _folder(path: str) -> tuple[str, ...]:
    return tuple(path.split("/")[:-1])


class Scope:
    """The candidates for every folder, worked out once a folder.

    Clusters whose folder is an ancestor of the manifest's: the deepest wins. Without one, those under the deepest
    common ancestor. Ties: all of them. Those that no file declares in a language that is read (Terraform) come on top
    where they are as near: they make a manifest's cluster uncertain, and never take it away from one that is known.
    """

    def __init__(
        self,
        clusters: Sequence["Cluster"],
        world: World,
        configured: Callable[[str], Sequence["Cluster"] | None] = lambda path: None,
    ) -> None:
        self._clusters = clusters
        self._world = world
        self._configured = configured
        self._by_path: dict[str, Sequence[Cluster]] = {}
        self._by_folder: dict[tuple[str, ...], tuple[Cluster, ...]] = {}
        self._choices: dict[str, ChoicePoint] = {}
        self._workloads: dict[int, list[Workload]] = {}
        self._tolerances: dict[tuple[int, ...], int] = {}

    def candidates(self, path: str) -> Sequence["Cluster"]:
        """The clusters that the manifest at `path` may go to, in order of declaration."""
        # Asked for every object by nearly every rule: what is worked out for a folder is kept for the path.
        found = self._by_path.get(path)
        if found is None:
            found = self._by_path[path] = self._configured(path) or self._of_folder(_folder(path))
        return found

    def cluster_of(self, path: str) -> "Cluster | None":
        """The one that the current world takes for it; Forked while there are several."""
        candidates = self.candidates(path)
        if not candidates:
            return None
        if len(candidates) == 1:
            return candidates[0]
        if path not in self._choices:
            self._choices[path] = cluster_choice(candidates)
        return candidates[self._world.option(self._choices[path])]

    def tolerance(self, path: str) -> int:
        """The steps of the most tolerant cluster that the manifest at `path` may go to; 0 if none is declared."""
        candidates = self.candidates(path)
        key = tuple(id(cluster) for cluster in candidates)
        found = self._tolerances.get(key)
        if found is None:
            found = max((cluster.tolerance for cluster in candidates if not cluster.is_implicit), default=0)
            if not self._world.is_assuming:
                self._tolerances[key] = found
        return found

    def add(self, workloads: Sequence["Workload"]) -> None:
        """Attach workloads to every cluster that they may go to."""
        for workload in workloads:
            for cluster in self.candidates(workload.sheet.document.source.path):
                self._workloads.setdefault(id(cluster), []).append(workload)

    def workloads_of(self, cluster: "Cluster") -> "list[Workload]":
        """The workloads that go to a cluster, or may."""
        return self._workloads.get(id(cluster), [])

    def _of_folder(self, folder: tuple[str, ...]) -> "tuple[Cluster, ...]":
        if folder not in self._by_folder:
            self._by_folder[folder] = self._nearest(folder)
        return self._by_folder[folder]

    def _nearest(self, folder: tuple[str, ...]) -> "tuple[Cluster, ...]":
        best: list[Cluster] = []
        best_rank = (-1, -1)
        opaque: list[tuple[tuple[int, int], Cluster]] = []
        for cluster in self._clusters:
            if cluster.is_opaque:
                opaque.append((_rank(_folder(cluster.paths[0]), folder), cluster))
                continue
            main = cluster.main_paths or cluster.paths
            # A file that only adds a node group draws the manifests below it, and none from elsewhere.
            ranks = ((_rank(_folder(path), folder), path in main) for path in cluster.paths)
            rank = max(rank for rank, is_main in ranks if is_main or rank[0])
            if rank > best_rank:
                best, best_rank = [cluster], rank
            elif rank == best_rank:
                best.append(cluster)
        # One stands for all of them: nothing tells them apart.
        nearer = [cluster for rank, cluster in opaque if rank >= best_rank][:1]
        return (*best, *nearer)


def cluster_choice(candidates: Sequence["Cluster"]) -> ChoicePoint:
    """Which of several clusters something belongs to: whatever has the same candidates goes to the same one."""
    return ChoicePoint(("cluster", tuple(id(cluster) for cluster in candidates)), len(candidates), "cluster")


def _rank(cluster: tuple[str, ...], manifest: tuple[str, ...]) -> tuple[int, int]:
    """How near a cluster's folder is: (1, depth) for an ancestor, (0, depth of the common ancestor) for others."""
    common = 0
    for one, other in zip(cluster, manifest, strict=False):
        if one != other:
            break
        common += 1
    return (1, common) if common == len(cluster) else (0, common)
