"""The sizes and limits of EKS Fargate.

Source: EKS user guide (fargate, fargate-pod-configuration, fargate-profile, service-quotas).
"""

from typing import NamedTuple

MEMORY_OVERHEAD_MIB = 256
"""Added to every pod's memory for the kubelet, kube-proxy and containerd, before rounding up."""
MAX_EPHEMERAL_STORAGE_GIB = 175
MAX_PROFILES_PER_CLUSTER = 10
MAX_SELECTORS_PER_PROFILE = 5
MAX_LABELS_PER_SELECTOR = 5
MAX_NAME_LENGTH = 100
RESERVED_NAME_PREFIX = "eks-"
SCHEDULER_NAME = "fargate-scheduler"
PROFILE_LABEL = "eks.amazonaws.com/fargate-profile"
"""A label of pods: EKS sets it, and with it a pod can choose among the profiles that select it."""
COMPUTE_TYPE_ANNOTATION = "eks.amazonaws.com/compute-type"
"""With the value `ec2` on a pod template, no profile selects the pod (CoreDNS comes that way)."""

_GIB = 1024


class FargateSize(NamedTuple):
    """One of the sizes that a pod is rounded up to."""

    millicores: int
    memory_mib: int


def _steps(millicores: int, first: int, last: int, step: int = 1) -> list[FargateSize]:
    return [FargateSize(millicores, gib * _GIB) for gib in range(first, last + 1, step)]


SIZES: tuple[FargateSize, ...] = (
    FargateSize(250, 512),
    *_steps(250, 1, 2),
    *_steps(500, 1, 4),
    *_steps(1000, 2, 8),
    *_steps(2000, 4, 16),
    *_steps(4000, 8, 30),
    *_steps(8000, 16, 60, 4),
    *_steps(16000, 32, 120, 8),
)
"""Every combination of CPU and memory, smallest first."""

LARGEST = SIZES[-1]


def fargate_size(millicores: int, memory_mib: int) -> FargateSize | None:
    """The size that Fargate gives a pod with these requests (0 for none); None if the pod is too large.

    Memory is what the pod itself asks for: the overhead is added in here.
    """
    needed = memory_mib + MEMORY_OVERHEAD_MIB if memory_mib else 0
    return next((size for size in SIZES if size.millicores >= millicores and size.memory_mib >= needed), None)
