"""Flags of the kubelet that Kubernetes has removed: a kubelet that is started with one ends at once.

Source: Kubernetes CHANGELOG-1.24 (dockershim), CHANGELOG-1.27 (--container-runtime, --cloud-provider=aws),
CHANGELOG-1.31 (--keep-terminated-pod-volumes), EKS user guide, release notes of 1.27 and 1.35
(--pod-infra-container-image).
"""

from types import MappingProxyType

_REMOVED = MappingProxyType(
    {
        "cni-bin-dir": "1.24",
        "cni-cache-dir": "1.24",
        "cni-conf-dir": "1.24",
        "container-runtime": "1.27",
        "docker-endpoint": "1.24",
        "experimental-dockershim-root-directory": "1.24",
        "image-pull-progress-deadline": "1.24",
        "keep-terminated-pod-volumes": "1.31",
        "network-plugin": "1.24",
        "network-plugin-mtu": "1.24",
        "pod-infra-container-image": "1.35",
    }
)
_REMOVED_VALUES = MappingProxyType({("cloud-provider", "aws"): "1.27"})
FIRST_WITHOUT_DOCKER = "1.24"
"""The first version without dockershim: from it on nodes have no Docker."""
FIRST_WITHOUT_CGROUP_V1 = "1.35"
"""The first version whose kubelet refuses to start on cgroup v1 (`failCgroupV1` is true by default)."""


def removed_in(flag: str, value: str = "") -> str | None:
    """The first version without a flag, by its name without dashes; None while it is there.

    Some flags only lost a value: `cloud-provider` is there, but knows no `aws`.
    """
    return _REMOVED.get(flag) or _REMOVED_VALUES.get((flag, value))
