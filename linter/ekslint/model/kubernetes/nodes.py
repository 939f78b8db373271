"""Nodes as the cluster shows them."""

from collections.abc import Mapping
from typing import Any

from ekslint.model.kubernetes.manifest import KubernetesObject


class Node(KubernetesObject):
    """`kind: Node`, as `kubectl get -o yaml` prints it; as a pool it is a `LiveNode`."""

    __slots__ = ()

    @property
    def allocatable(self) -> Mapping[str, Any]:
        """What pods may have of it, by resource: quantities as written."""
        return self.mapping("status", "allocatable")

    @property
    def is_unschedulable(self) -> bool:
        """Whether it is cordoned."""
        return self.boolean("spec", "unschedulable") is True
