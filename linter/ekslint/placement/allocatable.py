"""What nodes offer to pods, by instance type and kubelet: at best, and usually.

At best is what no real node exceeds: the nominal size less what the kubelet surely keeps back. Usually is Karpenter's
figure, which takes 7.5 % of the memory for the hypervisor and the kernel.

Sources: EKS user guide (choosing-instance-type, cni-custom-network) and those of `facts.node_capacity`.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
from ekslint.placement.catalogue import Catalogue
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


def is_countable(resource: str) -> bool:
    """Whether the instance type tells how much of a resource there is."""
    return resource in {CPU, MEMORY, STORAGE, PODS} or resource in _DEVICES


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


@dataclass(slots=True)
class _Scale:
    """The types by how much of one resource they offer, twice: usually, and at best."""

    usual: list[int] = field(default_factory=list)
    usual_masks: list[int] = field(default_factory=list)
    best: list[int] = field(default_factory=list)
    best_masks: list[int] = field(default_factory=list)
    unknown: int = 0


class Ladder:
    """The types of a catalogue by what they offer under one kubelet configuration."""

    def __init__(self, catalogue: Catalogue, kubelet: Kubelet, *, shares_gpus: bool = False) -> None:
        self.catalogue = catalogue
        self.kubelet = kubelet
        self.shares_gpus = shares_gpus
        self._scales: dict[str, _Scale] = {}
        self._offered: dict[tuple[str, str], Range | None] = {}
        self._most: dict[tuple[str, int], tuple[int, int, str] | None] = {}
        self._size = len(catalogue.types)

    def at_least(self, resource: str, amount: int) -> tuple[int, int]:
        """The types that usually offer so much of a resource, and those that may at best."""
        scale = self._scale(resource)
        usual = bisect_left(scale.usual, amount)
        best = bisect_left(scale.best, amount)
        usual_mask = scale.usual_masks[usual] if usual < len(scale.usual) else 0
        best_mask = scale.best_masks[best] if best < len(scale.best) else 0
        return usual_mask, best_mask | scale.unknown

    def offered(self, each: InstanceType, resource: str) -> Range | None:
        """See `offered`."""
        key = (each.name, resource)
        if key not in self._offered:
            self._offered[key] = offered(each, resource, self.kubelet, shares_gpus=self.shares_gpus)
        return self._offered[key]

    def most(self, resource: str, mask: int) -> tuple[int, int, str] | None:
        """The most that a type of a mask offers, usually and at best, and its name; None where nobody knows of any."""
        key = (resource, mask)
        if key not in self._most:
            found: tuple[int, int, str] | None = None
            for _, each in self.catalogue.items(mask):
                offered = self.offered(each, resource) if isinstance(each, InstanceType) else None
                if offered is not None and (found is None or (offered[1], each.name or "") > (found[1], found[2])):
                    found = (*offered, each.name or "")
            self._most[key] = found
        return self._most[key]

    def _scale(self, resource: str) -> _Scale:
        if self._size != len(self.catalogue.types):
            self._scales.clear()
            self._size = len(self.catalogue.types)
        found = self._scales.get(resource)
        if found is None:
            found = self._scales[resource] = self._make_scale(resource)
        return found

    def _make_scale(self, resource: str) -> _Scale:
        scale = _Scale()
        usual: dict[int, int] = {}
        best: dict[int, int] = {}
        for number, each in enumerate(self.catalogue.types):
            bit = 1 << number
            amounts = self.offered(each, resource) if isinstance(each, InstanceType) else None
            if amounts is None:
                scale.unknown |= bit
                continue
            usual[amounts[0]] = usual.get(amounts[0], 0) | bit
            best[amounts[1]] = best.get(amounts[1], 0) | bit
        scale.usual, scale.usual_masks = _suffixes(usual)
        scale.best, scale.best_masks = _suffixes(best)
        return scale


def _suffixes(masks: Mapping[int, int]) -> tuple[list[int], list[int]]:
    """The amounts in order, and for each the types that offer it or more."""
    amounts = sorted(masks)
    suffixes = [0] * len(amounts)
    mask = 0
    for index in range(len(amounts) - 1, -1, -1):
        mask |= masks[amounts[index]]
        suffixes[index] = mask
    return amounts, suffixes
