"""Which versions of cluster components go with which version of Kubernetes.

Sources: Cluster Autoscaler (README, releases: the minor version of the cluster), Kubernetes version skew policy
(kube-proxy), AWS Load Balancer Controller (installation, supported Kubernetes versions); for CoreDNS and the VPC CNI
see the facts.
"""

import re
from collections.abc import Callable, Mapping

from ekslint import component_versions, kubernetes_versions

Version = tuple[int, ...]

_VERSION = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,5}))?(?![0-9.])")

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


def _coredns(version: Version, cluster: Version) -> str | None:
    oldest = component_versions.oldest_coredns((cluster[0], cluster[1]))
    if oldest is None or version >= oldest:
        return None
    return f"EKS gives that version CoreDNS {version_text(oldest)} or later"


def _vpc_cni(version: Version, cluster: Version) -> str | None:
    oldest = component_versions.oldest_vpc_cni((cluster[0], cluster[1]))
    if oldest is None or version >= oldest:
        return None
    return f"{version_text(oldest)} is the oldest that its authors recommend there"


def _load_balancer_controller(version: Version, cluster: Version) -> str | None:
    if cluster > _LAST_WITH_OLD_APIS and version < _LOAD_BALANCER_CONTROLLER_WITH_NEW_APIS:
        return "before 2.4 it speaks an API of Ingresses that is gone since Kubernetes 1.22"
    return None


_JUDGES: Mapping[str, Callable[[Version, Version], str | None]] = {
    "aws-load-balancer-controller": _load_balancer_controller,
    "cluster-autoscaler": _cluster_autoscaler,
    "coredns": _coredns,
    "kube-proxy": _kube_proxy,
    "vpc-cni": _vpc_cni,
}
