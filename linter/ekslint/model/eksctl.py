"""An eksctl ClusterConfig as it was written, for rules about the file itself."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from ekslint.model.cluster import Cluster
from ekslint.model.kubernetes.manifest import View
from ekslint.source.tree import Map

_LISTS = (("managedNodeGroups", "ManagedNodeGroup"), ("nodeGroups", "NodeGroup"))


class ClusterConfig(View):
    """One ClusterConfig document: `get()` reads what was written, `cluster` is what it means with eksctl's defaults."""

    __slots__ = ("cluster",)
    defaults: ClassVar[Mapping[str, Any]] = {"cluster": None}
    part_names = ("EksctlNodeGroup",)
    cluster: Cluster

    @property
    def parts(self) -> Iterator["EksctlNodeGroup"]:
        """The node groups, managed ones first; what is no mapping is left out. Never raises."""
        for key, kind in _LISTS:
            items = self.node.get(key)
            for index, item in enumerate(items if isinstance(items, list) else ()):
                if isinstance(item, Map):
                    yield EksctlNodeGroup(self, (key, index), item, kind)


class EksctlNodeGroup(View):
    """An entry of `managedNodeGroups` or `nodeGroups` as it was written; a `NodeGroup` is what it means."""

    __slots__ = ("config",)
    config: ClusterConfig

    def __init__(self, config: ClusterConfig, path: tuple[str, int], node: Map, kind: str) -> None:
        name = node.get("name")
        super().__init__(
            f"node group {name}" if isinstance(name, str) and name else "unnamed node group",
            config.sheet,
            (*config.path, *path),
            node,
            resource=f"{kind}/{name if isinstance(name, str) and name else f'[{path[-1]}]'}",
            dialect=config.dialect,
        )
        self.config = config

    @property
    def is_managed(self) -> bool:
        """Whether EKS manages the group, so that it stands in `managedNodeGroups`."""
        return self.path[-2] == "managedNodeGroups"

    @property
    def cluster(self) -> Cluster:
        """The cluster of the file."""
        return self.config.cluster
