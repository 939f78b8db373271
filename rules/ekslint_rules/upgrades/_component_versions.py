"""Which versions of cluster components go with which version of Kubernetes.

Sources: Cluster Autoscaler (README, releases: the minor version of the cluster), Kubernetes version skew policy
(kube-proxy), amazon-vpc-cni-k8s (README, oldest recommended versions), AWS Load Balancer Controller (installation,
supported Kubernetes versions), Karpenter (compatibility matrix, among the facts).
"""

import re
from collections.abc import Callable, Mapping

from ekslint import kubernetes_versions

Version = tuple[int, ...]

_VERSION = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,5}))?(?![0-9.])")

_OLDEST_VPC_CNI: Mapping[Version, Version] = {
    (1, 24): (1, 9, 3),
    (1, 25): (1, 11, 4),
    (1, 26): (1, 12, 0),
    (1, 27): (1, 12, 5),
    (1, 28): (1, 13, 4),
    (1, 29): (1, 14, 1),
    (1, 30): (1, 16, 0),
    (1, 31): (1, 16, 4),
}
"""By Kubernetes version; what comes after needs at least what the last one needs."""
_LAST_WITH_OLD_APIS: Version = (1, 21)
_LOAD_BALANCER_CONTROLLER_WITH_NEW_APIS: Version = (2, 4, 0)


def parse_version(text: str) -> Version | None:
    """Major, minor and patch of `v1.30.2-eksbuild.1` (0 for a patch that is not said); None for anything else."""
    found = _VERSION.match(text)
    return None if found is None else tuple(int(part or 0) for part in found.groups())


def version_text(version: Version) -> str:
    """`1.30.2`."""
    return ".".join(str(part) for part in version)


def complaint(component: str, version: Version, cluster_version: str) -> str | None:
    """What is wrong with a version of a component on a version of Kubernetes, None if nothing is.

    Components are called as in the table of installations: `cluster-autoscaler`, `kube-proxy`, `vpc-cni` …
    """
    number = kubernetes_versions.minor(cluster_version)
    judge = _JUDGES.get(component)
    return None if number is None or judge is None else judge(version, number)


def _cluster_autoscaler(version: Version, cluster: Version) -> str | None:
    if version[:2] == cluster:
        return None
    return f"its scheduler decides as that of Kubernetes {version_text(version[:2])} would"


def _kube_proxy(version: Version, cluster: Version) -> str | None:
    lag = kubernetes_versions.kubelet_may_lag(version_text(cluster)) or 0
    if version[:2] > cluster:
        return "it must not be newer than the control plane"
    if version[0] == cluster[0] and cluster[1] - version[1] > lag:
        return f"it may be at most {lag} minor versions older than the control plane"
    return None


def _vpc_cni(version: Version, cluster: Version) -> str | None:
    known = [kubernetes for kubernetes in _OLDEST_VPC_CNI if kubernetes <= cluster]
    if not known or version >= _OLDEST_VPC_CNI[max(known)]:
        return None
    return f"{version_text(_OLDEST_VPC_CNI[max(known)])} is the oldest that its authors recommend there"


def _load_balancer_controller(version: Version, cluster: Version) -> str | None:
    if cluster > _LAST_WITH_OLD_APIS and version < _LOAD_BALANCER_CONTROLLER_WITH_NEW_APIS:
        return "before 2.4 it speaks an API of Ingresses that is gone since Kubernetes 1.22"
    return None


def _karpenter(version: Version, cluster: Version) -> str | None:
    support = kubernetes_versions.support(version_text(cluster))
    name = support.karpenter if support is not None else None
    oldest = parse_version(name) if name is not None else None
    if oldest is None or version >= oldest:
        return None
    return f"{name} is the oldest that supports it"


_JUDGES: Mapping[str, Callable[[Version, Version], str | None]] = {
    "aws-load-balancer-controller": _load_balancer_controller,
    "cluster-autoscaler": _cluster_autoscaler,
    "karpenter": _karpenter,
    "kube-proxy": _kube_proxy,
    "vpc-cni": _vpc_cni,
}
