"""What the pools of one cluster have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ekslint.model.cluster import Cluster
from ekslint.placement.allocatable import Ladder
from ekslint.placement.catalogue import Catalogue
from ekslint.placement.cni import Networking
from ekslint.placement.kubelet import Kubelet


@dataclass(slots=True)
class Surroundings:
    """The cluster around a pool, as far as its nodes depend on it."""

    cluster: Cluster
    catalogue: Catalogue
    networking: Networking
    known_labels: Sequence[str] = ()
    """Labels that nodes get by other means, as the configuration says."""
    node_classes: frozenset[str] = frozenset()
    """The names of the node classes that are in the files."""
    shares_gpus: bool = False
    """Whether the device plugin may hand out more GPUs than there are (time-slicing, MPS, MIG)."""
    ladders: dict[tuple[Kubelet, bool], Ladder] = field(default_factory=dict)
    """The ladders that are made already; clusters that share a catalogue share them too."""

    def ladder(self, kubelet: Kubelet) -> Ladder:
        """The instance types by what they offer; the same ladder for equal kubelets."""
        key = (kubelet, self.shares_gpus)
        found = self.ladders.get(key)
        if found is None:
            found = self.ladders[key] = Ladder(self.catalogue, kubelet, shares_gpus=self.shares_gpus)
        return found
