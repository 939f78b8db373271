"""What a node keeps for itself: reserved resources, eviction thresholds, and the overhead that Karpenter assumes.

Sources: amazon-eks-ami `nodeadm/internal/kubelet` and its AL2 `bootstrap.sh`, Bottlerocket's kubernetes settings (all
three the same figures), Karpenter for AWS 1.14 `pkg/providers/instancetype/types.go`.
"""

from fractions import Fraction
from math import ceil

_MEBI = 1024 * 1024
_RESERVED_CPU = ((1000, Fraction(6, 100)), (1000, Fraction(1, 100)), (2000, Fraction(5, 1000)))
"""Slices of millicores from the first core on, and the share of each that is reserved; 0.25 % of the rest."""
_RESERVED_CPU_REST = Fraction(25, 10000)

RESERVED_MEMORY_BASE_MIB = 255
RESERVED_MEMORY_PER_POD_MIB = 11
RESERVED_EPHEMERAL_STORAGE_MIB = 1024
EVICTION_MEMORY_MIB = 100
"""`memory.available` below which the kubelet evicts, so that this much is never allocatable."""
EVICTION_NODEFS = Fraction(1, 10)
"""The share of the volume below which the kubelet evicts."""
KARPENTER_MEMORY_OVERHEAD = Fraction(75, 1000)
"""The share of nominal memory that Karpenter takes for firmware and kernel (`vmMemoryOverheadPercent`)."""
ARM64_MEMORY_OVERHEAD_MIB = 64
"""Contiguous memory that the kernel of Graviton types keeps; Karpenter subtracts it before the overhead."""


def reserved_cpu_millicores(vcpus: int) -> int:
    """The CPU that the kubelet reserves on a node with `vcpus`, in millicores."""
    left, reserved = vcpus * 1000, Fraction(0)
    for width, share in _RESERVED_CPU:
        reserved += min(left, width) * share
        left = max(0, left - width)
    return int(reserved + left * _RESERVED_CPU_REST)


def reserved_memory_mib(max_pods: int) -> int:
    """The memory that the kubelet reserves where `max_pods` may run, in MiB."""
    return RESERVED_MEMORY_BASE_MIB + RESERVED_MEMORY_PER_POD_MIB * max_pods


def allocatable_cpu_millicores(vcpus: int) -> int:
    """The CPU for pods on a node with `vcpus`, in millicores."""
    return vcpus * 1000 - reserved_cpu_millicores(vcpus)


def most_allocatable_memory_mib(memory_mib: int, max_pods: int) -> int:
    """An upper bound on the memory for pods, in MiB: real nodes have less, by what firmware and kernel take."""
    return max(0, memory_mib - reserved_memory_mib(max_pods) - EVICTION_MEMORY_MIB)


def karpenter_allocatable_memory_mib(memory_mib: int, max_pods: int, *, arm64: bool = False) -> int:
    """The memory for pods that Karpenter assumes before it has seen such a node, in MiB."""
    memory = memory_mib - (ARM64_MEMORY_OVERHEAD_MIB if arm64 else 0)
    memory -= ceil(memory * KARPENTER_MEMORY_OVERHEAD)
    return max(0, memory - reserved_memory_mib(max_pods) - EVICTION_MEMORY_MIB)


def most_allocatable_ephemeral_storage_bytes(volume_gib: int) -> int:
    """An upper bound on the ephemeral storage for pods on a volume of `volume_gib`, in bytes."""
    volume = volume_gib * 1024 * _MEBI
    return max(0, volume - RESERVED_EPHEMERAL_STORAGE_MIB * _MEBI - ceil(volume * EVICTION_NODEFS))
