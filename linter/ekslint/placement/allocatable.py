"""What nodes offer to pods, by instance type and kubelet: at best, and usually.

At best is what no real node exceeds: the nominal size less what the kubelet surely keeps back. Usually is Karpenter's
figure, which takes 7.5 % of the memory for the hypervisor and the kernel.

Sources: EKS user guide (choosing-instance-type, cni-custom-network) and those of `facts.node_capacity`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from ekslint.facts.auto_mode import MAX_PODS
from ekslint.facts.instance_types import InstanceType
from ekslint.facts.node_capacity import (
    ARM64_MEMORY_OVERHEAD_MIB,
    EVICTION_MEMORY_MIB,
    EVICTION_NODEFS,
    KARPENTER_MEMORY_OVERHEAD,
    RESERVED_EPHEMERAL_STORAGE_MIB,
    reserved_cpu_millicores,
    reserved_memory_mib,
)
from ekslint.placement.kubelet import Kubelet

CPU = "cpu"
MEMORY = "memory"
STORAGE = "ephemeral-storage"
PODS = "pods"
GPU = "nvidia.com/gpu"

_MEBIBYTE = 1 << 20
_HOST_NETWORK_PODS = 2
_ADDRESSES_PER_PREFIX = 16
_RESERVED_DISK = RESERVED_EPHEMERAL_STORAGE_MIB * _MEBIBYTE
_reserved_cpu = cache(reserved_cpu_millicores)

_NO_LIMIT = 1 << 62

Range = tuple[int, int]
"""What is offered usually, and at best."""

_DEVICES: Mapping[str, Callable[[InstanceType], int]] = {
    "amd.com/gpu": lambda each: sum(gpu.number for gpu in each.gpus if gpu.manufacturer == "AMD"),
    "aws.amazon.com/neuron": lambda each: each.neuron_devices,
    "aws.amazon.com/neuroncore": lambda each: each.neuron_cores,
    "aws.amazon.com/neurondevice": lambda each: each.neuron_devices,
    "habana.ai/gaudi": lambda each: sum(gpu.number for gpu in each.gpus if gpu.manufacturer == "Habana"),
    "vpc.amazonaws.com/efa": lambda each: each.efa_interfaces,
    GPU: lambda each: each.gpu_count,
}


def is_device(resource: str) -> bool:
    """Whether it is an extended resource, and not CPU, memory, disk or pods."""
    return resource not in {CPU, MEMORY, STORAGE, PODS}


def pods_range(each: InstanceType, kubelet: Kubelet) -> Range:
    """The fewest and the most pods that a node may take; the host network's included."""
    if kubelet.most_pods is not None:
        return kubelet.most_pods, kubelet.most_pods
    if kubelet.is_auto:
        most = min(MAX_PODS, _pods(each, prefixes=True, own_network=False))
        return most, most
    options = [
        _pods(each, prefixes=prefixes, own_network=own_network)
        for prefixes in _options(kubelet.uses_prefixes)
        for own_network in _options(kubelet.has_own_pod_network)
    ]
    cap = each.recommended_max_pods if kubelet.is_capped else _NO_LIMIT
    return min(*options, cap), min(max(options), cap)


def _usual_pods(each: InstanceType, kubelet: Kubelet) -> int:
    """The pods of a node where what nobody knows is as it comes."""
    if kubelet.uses_prefixes is not None and kubelet.has_own_pod_network is not None:
        return pods_range(each, kubelet)[0]
    plain = replace(
        kubelet,
        uses_prefixes=bool(kubelet.uses_prefixes),
        has_own_pod_network=bool(kubelet.has_own_pod_network),
    )
    return pods_range(each, plain)[0]


def _options(setting: bool | None) -> tuple[bool, ...]:
    return (False, True) if setting is None else (setting,)


def _pods(each: InstanceType, *, prefixes: bool, own_network: bool) -> int:
    interfaces = max(each.default_card_enis - 1, 0) if own_network else each.default_card_enis
    addresses = interfaces * (each.ipv4_per_eni - 1)
    if not prefixes or not each.is_nitro:
        return addresses + _HOST_NETWORK_PODS
    return min(addresses * _ADDRESSES_PER_PREFIX + _HOST_NETWORK_PODS, each.recommended_max_pods)


def cpu_range(each: InstanceType, kubelet: Kubelet) -> Range:
    """Allocatable thousandths of a CPU."""
    nominal = each.vcpus * 1000
    reserved = _reserved_cpu(each.vcpus) if kubelet.reserved_cpu is None else kubelet.reserved_cpu
    usual = nominal - reserved - kubelet.system_cpu
    if kubelet.reserved_cpu is None and not kubelet.reserves_as_advised:
        return usual, nominal
    return usual, usual


def memory_range(each: InstanceType, kubelet: Kubelet) -> Range:
    """Allocatable bytes of memory."""
    nominal = each.memory_mib * _MEBIBYTE
    visible = each.memory_mib - (ARM64_MEMORY_OVERHEAD_MIB if "arm64" in each.architectures else 0)
    visible += -visible * KARPENTER_MEMORY_OVERHEAD.numerator // KARPENTER_MEMORY_OVERHEAD.denominator
    kept = EVICTION_MEMORY_MIB * _MEBIBYTE if kubelet.evicts_at is None else kubelet.evicts_at
    kept += kubelet.system_memory
    if kubelet.reserved_memory is not None:
        kept += kubelet.reserved_memory
        return visible * _MEBIBYTE - kept, nominal - kept
    usual = (visible - reserved_memory_mib(_usual_pods(each, kubelet))) * _MEBIBYTE - kept
    if not kubelet.reserves_as_advised:
        return usual, nominal
    # Some images reserve by the type's own limit, whatever the kubelet is told.
    least = min(pods_range(each, kubelet)[0], _pods(each, prefixes=False, own_network=False))
    return usual, nominal - reserved_memory_mib(least) * _MEBIBYTE - kept


def storage_range(each: InstanceType, kubelet: Kubelet) -> Range | None:
    """Allocatable bytes of ephemeral storage; None where nobody knows the disk."""
    if kubelet.disk is None or (kubelet.may_use_local_disks and each.local_nvme_gb):
        return None
    kept = kubelet.disk * EVICTION_NODEFS.numerator // EVICTION_NODEFS.denominator
    usual = kubelet.disk - kept - _RESERVED_DISK
    return (usual, usual) if kubelet.reserves_as_advised else (usual, kubelet.disk)


def offered(each: InstanceType, resource: str, kubelet: Kubelet, *, shares_gpus: bool = False) -> Range | None:
    """How much of a resource a node offers usually, and at best; None where nobody knows."""
    match resource:
        case "cpu":
            return cpu_range(each, kubelet)
        case "memory":
            return memory_range(each, kubelet)
        case "ephemeral-storage":
            return storage_range(each, kubelet)
        case "pods":
            return pods_range(each, kubelet)
        case "vpc.amazonaws.com/pod-eni":
            return (0, 0) if each.supports_pod_security_groups is False else None
    if resource not in _DEVICES:
        return None
    number = _DEVICES[resource](each)
    if resource != GPU:
        return number, number
    if shares_gpus and each.gpus:
        return None
    # What the driver makes of a part of a GPU is one GPU, or none.
    return number, sum(gpu.logical_number for gpu in each.gpus) if each.has_partial_gpu else number


def decisive(kubelet: Kubelet, resource: str) -> Kubelet:
    """The settings that decide how much of a resource nodes offer, and the usual ones for all others."""
    match resource:
        case "cpu":
            return Kubelet(
                reserved_cpu=kubelet.reserved_cpu,
                system_cpu=kubelet.system_cpu,
                reserves_as_advised=kubelet.reserves_as_advised,
            )
        case "memory":
            return replace(kubelet, reserved_cpu=None, system_cpu=0, disk=None, may_use_local_disks=False)
        case "ephemeral-storage":
            return Kubelet(
                disk=kubelet.disk,
                may_use_local_disks=kubelet.may_use_local_disks,
                reserves_as_advised=kubelet.reserves_as_advised,
            )
        case "pods":
            return Kubelet(
                most_pods=kubelet.most_pods,
                is_auto=kubelet.is_auto,
                is_capped=kubelet.is_capped,
                uses_prefixes=kubelet.uses_prefixes,
                has_own_pod_network=kubelet.has_own_pod_network,
            )
    return Kubelet()
