"""What EKS's own DaemonSets take of the nodes of a pool, as far as that is certain."""

from collections.abc import Sequence

from ekslint.facts.node_agents import NODE_AGENTS, SETTINGS_OF_PLACE_AND_SIZE, NodeAgent
from ekslint.facts.node_labels import PoolKind
from ekslint.model.cluster import Cluster
from ekslint.model.kubernetes.workloads import DaemonSet
from ekslint.model.pool import NodeGroup
from ekslint.model.reading import Undecided
from ekslint.placement.needs import Need
from ekslint.placement.shape import SYSTEM_LABEL, PoolShape

_LINUX = (Need(SYSTEM_LABEL, "In", ("linux",)),)


def agents_of(cluster: Cluster) -> Sequence[NodeAgent]:
    """EKS's own DaemonSets that a cluster certainly has, and that no file declares. Never raises Undecided."""
    return [agent for agent in NODE_AGENTS if _is_installed(agent, cluster)]


def runs_agents(shape: PoolShape) -> bool:
    """Whether such DaemonSets certainly run on the nodes of a pool: Linux on EC2, and not Auto Mode's."""
    if not isinstance(shape.pool, NodeGroup) and shape.kind is not PoolKind.KARPENTER:
        return False
    _, linux = shape.domain(SYSTEM_LABEL).judge(_LINUX)
    return not shape.types & ~linux


def _is_installed(agent: NodeAgent, cluster: Cluster) -> bool:
    try:
        if not cluster.has_addon(agent.addon) or _is_declared(agent, cluster):
            return False
        addon = cluster.addons.get(agent.addon)
        if addon is not None and addon.configuration_values is not None:
            configuration = addon.configuration
            if configuration is None or not SETTINGS_OF_PLACE_AND_SIZE.isdisjoint(configuration):
                return False
    except Undecided:
        return False
    return not any(cluster.estate.has_evidence_of(each, cluster) for each in agent.substitutes)


def _is_declared(agent: NodeAgent, cluster: Cluster) -> bool:
    """Whether the files hold the DaemonSet itself, which then counts as they say."""
    return any(isinstance(each, DaemonSet) and each.known_name in {agent.name, None} for each in cluster.workloads)
