"""Flags of the kubelet that Kubernetes has removed: a kubelet that is started with one ends at once.

Source: Kubernetes CHANGELOG-1.24 (dockershim), CHANGELOG-1.26 (the flags of klog, #112120), CHANGELOG-1.27
(--container-runtime, --master-service-namespace, --cloud-provider=aws), CHANGELOG-1.31 (--keep-terminated-pod-volumes,
#122082, and the bits of iptables, #122363), CHANGELOG-1.34 (--cloud-config, #130161), CHANGELOG-1.35
(--pod-infra-container-image, #133779); EKS user guide, release notes of 1.27 and 1.35.
"""

from types import MappingProxyType

_REMOVED = MappingProxyType(
    {
        "add-dir-header": "1.26",
        "alsologtostderr": "1.26",
        "cloud-config": "1.34",
        "cni-bin-dir": "1.24",
        "cni-cache-dir": "1.24",
        "cni-conf-dir": "1.24",
        "container-runtime": "1.27",
        "docker-endpoint": "1.24",
        "experimental-dockershim-root-directory": "1.24",
        "image-pull-progress-deadline": "1.24",
        "iptables-drop-bit": "1.31",
        "iptables-masquerade-bit": "1.31",
        "keep-terminated-pod-volumes": "1.31",
        "log-backtrace-at": "1.26",
        "log-dir": "1.26",
        "log-file": "1.26",
        "log-file-max-size": "1.26",
        "logtostderr": "1.26",
        "master-service-namespace": "1.27",
        "network-plugin": "1.24",
        "network-plugin-mtu": "1.24",
        "one-output": "1.26",
        "pod-infra-container-image": "1.35",
        "skip-headers": "1.26",
        "skip-log-headers": "1.26",
        "stderrthreshold": "1.26",
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
