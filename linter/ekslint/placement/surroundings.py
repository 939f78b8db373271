"""What the pools of one cluster have in common."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ekslint.model.cluster import Cluster
from ekslint.model.reading import Undecided
from ekslint.placement.cni import Networking
from ekslint.placement.domains import Doubt
from ekslint.placement.ladders import Ladders

if TYPE_CHECKING:
    from ekslint.placement.shape import PoolShape


@dataclass(slots=True)
class Surroundings:
    """The cluster around a pool, as far as its nodes depend on it."""

    cluster: Cluster
    ladders: Ladders
    """By what instance types offer; clusters share them."""
    networking: Networking
    known_labels: Sequence[str] = ()
    """Labels that nodes get by other means, as the configuration says."""
    node_classes: frozenset[str] = frozenset()
    """The names of the node classes that are in the files."""
    shares_gpus: bool = False
    """Whether the device plugin may hand out more GPUs than there are (time-slicing, MPS, MIG)."""
    provisioned: "dict[Hashable, PoolShape]" = field(default_factory=dict)
    """The shapes of NodePools that are made already: one whose cluster nobody knows is a pool of many."""

    @property
    def of_provisioners(self) -> Hashable:
        """What the nodes of a NodePool depend on; equal for clusters that would get the same nodes."""
        region = known_text(self.cluster, "region")
        return region, self.networking, self.node_classes, self.shares_gpus


def known_text(entity: object, name: str) -> tuple[str | None, Doubt | None]:
    """A text field, or why it is not known."""
    try:
        value = getattr(entity, name)
    except Undecided as error:
        return None, Doubt(error.why, error.source)
    return (value, None) if isinstance(value, str) else (None, None)
