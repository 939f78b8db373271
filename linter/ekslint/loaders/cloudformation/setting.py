"""What the parts of a template need to know of the whole."""

from dataclasses import dataclass

from ekslint.loaders.cloudformation.clusters import Clusters
from ekslint.loaders.cloudformation.identities import Identities
from ekslint.loaders.cloudformation.launches import Launches
from ekslint.loaders.cloudformation.network import Network
from ekslint.loaders.cloudformation.template import Template
from ekslint.loaders.loaded import ClusterReference, Loaded
from ekslint.model.pool import Pool


@dataclass(frozen=True, slots=True)
class Setting:
    """One template while it is being loaded."""

    template: Template
    identities: Identities
    network: Network
    launches: Launches
    clusters: Clusters
    loaded: Loaded

    def add_pool(self, pool: Pool, reference: ClusterReference) -> None:
        """Take up a pool, and the cluster that it names."""
        self.loaded.pools.append((pool, reference))
