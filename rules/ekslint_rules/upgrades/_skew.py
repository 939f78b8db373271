"""How far apart the versions of nodes and control plane are."""

from ekslint import Cluster, kubernetes_versions


def control_plane(cluster: Cluster | None) -> str | None:
    """The version of the control plane, where it is written down; None where it is not, or the cluster is elsewhere."""
    if cluster is None or cluster.is_implicit:
        return None
    return cluster.version


def versions_ahead(mine: str, theirs: str) -> int | None:
    """By how many minor versions `mine` is newer than `theirs`, negative where older; None if one is no version."""
    one, other = kubernetes_versions.minor(mine), kubernetes_versions.minor(theirs)
    if one is None or other is None or one[0] != other[0]:
        return None
    return one[1] - other[1]


def may_lag(control_plane: str) -> int:
    """By how many minor versions nodes may be older."""
    return kubernetes_versions.kubelet_may_lag(control_plane) or 0
