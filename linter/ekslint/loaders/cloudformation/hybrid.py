"""EKS Hybrid Nodes of a cluster: `RemoteNetworkConfig`."""

from ekslint.facts.node_labels import PoolKind
from ekslint.loaders.cloudformation.conditions import all_of, branches
from ekslint.loaders.cloudformation.fields import listed, sequence_of, text
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.scheduling import labels
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import Listed, mapped, otherwise
from ekslint.loaders.loaded import ClusterReference
from ekslint.model.cluster import Cluster
from ekslint.model.pool import HybridNodes
from ekslint.model.reading import PartialSequence, Reading, Unknown


def load_hybrid_nodes(cluster: Cluster, resource: Resource, setting: Setting) -> None:
    """Add the machines outside of AWS, where the cluster makes room for them."""
    for condition, leaf in branches(resource.get("RemoteNetworkConfig")):
        if isinstance(leaf.value, Unknown):
            cluster.declare(has_hidden_parts=Reading(True, leaf.source))
        elif leaf.value is not None and not _is_empty(member(leaf, "RemoteNodeNetworks")):
            given = [each for each in (resource.presence, condition) if each is not None]
            pool = HybridNodes(
                f"hybrid nodes of {cluster}",
                leaf.source,
                dialect="cloudformation",
                resource=f"{resource.identity}/HybridNodes",
                presence=all_of(given) if given else None,
            )
            pool.kind = PoolKind.HYBRID.value
            _declare(pool, leaf)
            setting.add_pool(pool, ClusterReference(cluster=cluster))


def _is_empty(networks: Reading) -> bool:
    """Whether a list is there and empty, which takes hybrid nodes away again."""
    found = listed(networks).value
    return isinstance(found, Listed) and not found.items and found.open is None


def _declare(pool: HybridNodes, config: Reading) -> None:
    absent = Reading(None, config.source)
    nothing = Unknown("hybrid nodes bring labels and taints of their own")
    pool.declare(
        labels=labels(absent, Reading(nothing, config.source), PoolKind.HYBRID, {}, config.source),
        taints=Reading(PartialSequence((), (nothing, config.source)), config.source),
        node_networks=_blocks(member(config, "RemoteNodeNetworks")),
        pod_networks=_blocks(member(config, "RemotePodNetworks")),
    )


def _blocks(networks: Reading) -> Reading:
    """The CIDR blocks of a list of networks, of which the API takes one."""

    def of_list(leaf: Reading) -> Reading:
        blocks: list[Reading] = []
        is_open = leaf.value.open
        for network in leaf.value.items:
            found = listed(member(network, "Cidrs"))
            if isinstance(found.value, Listed):
                blocks += (text(block) for block in found.value.items)
                is_open = is_open or found.value.open
            elif found.value is not None:
                is_open = is_open or Unknown("its ranges are not in the template")
        return sequence_of(blocks, leaf.source, is_open)

    return otherwise(mapped(listed(networks), of_list), lambda: Reading((), networks.source))
