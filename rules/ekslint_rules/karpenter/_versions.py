"""Which Karpenter a cluster runs, as far as the files tell."""

import re

from ekslint import Cluster, kubernetes_versions

_NUMBERS = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?(?:[-+].*)?", re.DOTALL)
_NEWEST_PATCH = 9999

Version = tuple[int, int, int]


def parsed(version: str) -> Version | None:
    """`1.9.0`, `v1.9` or `0.37.1-rc.1` as numbers; None for anything else."""
    found = _NUMBERS.fullmatch(version)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def newest_meant(version: str) -> Version | None:
    """The newest version that can be meant: of `1.9` Helm takes the last patch. None for ranges and other texts."""
    found = _NUMBERS.fullmatch(version)
    return (int(found[1]), int(found[2]), int(found[3] or _NEWEST_PATCH)) if found else None


def declared_version(cluster: Cluster | None) -> Version | None:
    """The version that eksctl is told to install."""
    if cluster is None or cluster.unknown("karpenter_version") or cluster.karpenter_version is None:
        return None
    return parsed(cluster.karpenter_version)


def needed_version(cluster: Cluster | None) -> Version | None:
    """The oldest Karpenter that supports the Kubernetes version of a cluster; None where nobody knows."""
    if cluster is None or cluster.version is None:
        return None
    support = kubernetes_versions.support(cluster.version)
    return parsed(support.karpenter) if support is not None and support.karpenter is not None else None


def least_version(cluster: Cluster | None) -> Version | None:
    """The oldest Karpenter that a cluster can run: the one that is declared, else what its Kubernetes needs."""
    declared = declared_version(cluster)
    if declared is not None or cluster is None or cluster.unknown("version"):
        return declared
    return needed_version(cluster)


def shown(version: Version) -> str:
    """As people write it: `1.9`, `1.0.5`."""
    return ".".join(map(str, version if version[2] else version[:2]))
