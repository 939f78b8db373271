"""How far apart the versions of nodes and control plane are."""

from typing import NamedTuple

from ekslint import Cluster, NodeGroup, Place, kubernetes_versions
from ekslint_rules.upgrades._node_version import asked_version


class Skew(NamedTuple):
    """What a node group asks for beside what its cluster runs."""

    place: Place
    """Where the group says its version."""
    mine: str
    cluster: Cluster
    control_plane: str
    ahead: int
    """By how many minor versions the group is newer, negative where it is older."""


def skew_of(group: NodeGroup) -> Skew | None:
    """None where a group asks for no version itself, or where that of its cluster is not written down."""
    asked = asked_version(group)
    if asked is None:
        return None
    cluster = group.cluster
    version = control_plane(cluster)
    if version is None or cluster is None:
        return None
    field, mine = asked
    return Skew(group.at(field), mine, cluster, version, versions_ahead(mine, version) or 0)


def control_plane(cluster: Cluster | None) -> str | None:
    """The version of the control plane, where it is written down; None where it is not, or the cluster is elsewhere."""
    if cluster is None or cluster.is_implicit:
        return None
    return cluster.version


def version_of_nodes(group: NodeGroup) -> tuple[str, Place] | None:
    """The version that nodes are of, and where it is said: their own, else the control plane's; None for neither."""
    if not group.unknown("version") and group.version is not None:
        return group.version, group.at("version")
    cluster = group.cluster
    version = control_plane(cluster)
    return None if version is None or cluster is None else (version, cluster.at("version"))


def versions_ahead(mine: str, theirs: str) -> int | None:
    """By how many minor versions `mine` is newer than `theirs`, negative where older; None if one is no version."""
    one, other = kubernetes_versions.minor(mine), kubernetes_versions.minor(theirs)
    if one is None or other is None or one[0] != other[0]:
        return None
    return one[1] - other[1]


def may_lag(control_plane: str) -> int:
    """By how many minor versions nodes may be older."""
    return kubernetes_versions.kubelet_may_lag(control_plane) or 0
