"""How the kubelet of a pool is set up, as far as that decides what a node offers to pods.

Sources: EKS user guide (choosing-instance-type), amazon-eks-ami nodeadm/internal/kubelet, Karpenter for AWS 1.14
`pkg/providers/instancetype/types.go`, which all reserve alike.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ekslint.facts.ami_families import AmiFamily
from ekslint.facts.node_labels import PoolKind
from ekslint.model.kubernetes.quantity import parse_quantity
from ekslint.model.pool import KarpenterPool, NodeGroup
from ekslint.model.reading import Undecided
from ekslint.placement.cni import Networking

_RESERVING = frozenset({"bootstrap.sh", "nodeadm", "toml"})
"""How those images start that reserve as EKS advises; Windows does sums of its own."""
_GIBIBYTE = 1 << 30
_AUTO_MODE_DISK = "80Gi"


@dataclass(frozen=True, slots=True)
class Kubelet:
    """What a node of a pool reserves, and how many pods it takes; equal ones share their sums."""

    most_pods: int | None = None
    """Set by the user; None where the instance type decides."""
    is_auto: bool = False
    """Whether Auto Mode runs the node: no more than 110 pods, whatever the type."""
    is_capped: bool = False
    """Whether EKS caps the pods at 110 or 250."""
    uses_prefixes: bool | None = False
    has_own_pod_network: bool | None = False
    reserves_as_advised: bool = True
    """Whether the image reserves by the formula of EKS; if not, the reservation may be anything."""
    reserved_cpu: int | None = None
    """Thousandths of a CPU that the user reserves in place of the formula."""
    reserved_memory: int | None = None
    """Bytes that the user reserves in place of the formula."""
    system_cpu: int = 0
    """Thousandths of a CPU that the user reserves besides."""
    system_memory: int = 0
    evicts_at: int | None = None
    """Bytes of memory that are kept free; None for the usual 100 Mi."""
    disk: int | None = None
    """Bytes of the volume for ephemeral storage; None where nobody knows."""
    may_use_local_disks: bool = False
    """Whether local NVMe disks may hold ephemeral storage instead."""


def kubelet_of_group(pool: NodeGroup, image: AmiFamily | None, networking: Networking) -> Kubelet:
    """The kubelet of a node group. Never raises Undecided."""
    is_sure = image is not None and image.bootstrap in _RESERVING
    settings: Mapping[str, Any] = {}
    most_pods = None
    try:
        is_sure = is_sure and not _changes_reservations(pool)
        settings = pool.kubelet_configuration or {}
        most_pods = pool.max_pods
        if most_pods is None and pool.user_data is not None:
            most_pods = pool.user_data.max_pods
    except Undecided:
        is_sure = False
    is_capped = pool.kind == "managed" and _is_none(pool, "ami_id")
    return _with_settings(
        settings,
        Kubelet(
            most_pods=_positive(most_pods),
            is_capped=is_capped,
            # EKS reckons with prefixes where it starts the nodes itself; elsewhere the user has to, and may not.
            uses_prefixes=networking.uses_prefixes if is_capped or not networking.uses_prefixes else None,
            has_own_pod_network=networking.has_own_pod_network,
            reserves_as_advised=is_sure,
            disk=_disk_of_group(pool),
            may_use_local_disks=True,
        ),
    )


def kubelet_of_node_pool(
    pool: KarpenterPool, kind: PoolKind, image: AmiFamily | None, networking: Networking
) -> Kubelet:
    """The kubelet of the nodes that Karpenter or Auto Mode makes. Never raises Undecided."""
    if kind.is_auto:
        return Kubelet(is_auto=True, uses_prefixes=True, disk=_auto_mode_disk(pool), may_use_local_disks=True)
    settings: Mapping[str, Any] = {}
    is_sure = image is None or image.bootstrap in _RESERVING
    try:
        if pool.node_class is not None:
            settings = pool.node_class.mapping("spec", "kubelet")
    except Undecided:
        is_sure = False
    disk, may_use_local_disks = _node_class_disk(pool)
    return _with_settings(
        settings,
        Kubelet(
            most_pods=_positive(settings.get("maxPods")),
            # Karpenter reckons without prefixes unless maxPods says otherwise.
            uses_prefixes=False if networking.uses_prefixes is False else None,
            has_own_pod_network=networking.has_own_pod_network,
            reserves_as_advised=is_sure,
            disk=disk,
            may_use_local_disks=may_use_local_disks,
        ),
    )


def _changes_reservations(pool: NodeGroup) -> bool:
    """Whether scripts start the kubelet in a way that may change what it reserves."""
    if any("reserved" in script or "eviction" in script for script in pool.startup_scripts):
        return True
    if pool.user_data is None:
        return False
    return any("reserved" in flag or "eviction" in flag for flag in pool.user_data.kubelet_flags)


def _with_settings(settings: Mapping[str, Any], kubelet: Kubelet) -> Kubelet:
    """The kubelet with the user's own reservations."""
    try:
        reserved, system = _section(settings, "kubeReserved"), _section(settings, "systemReserved")
        threshold = _section(settings, "evictionHard").get("memory.available")
        per_core = settings.get("podsPerCore")
        return replace(
            kubelet,
            reserved_cpu=_amount(reserved.get("cpu"), 1000),
            reserved_memory=_amount(reserved.get("memory")),
            system_cpu=_amount(system.get("cpu"), 1000) or 0,
            system_memory=_amount(system.get("memory")) or 0,
            evicts_at=_amount(threshold),
            reserves_as_advised=kubelet.reserves_as_advised and not per_core,
        )
    except (Undecided, ValueError):
        return replace(kubelet, reserves_as_advised=False)


def _section(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = settings.get(name)
    return section if isinstance(section, Mapping) else {}


def _amount(value: object, factor: int = 1) -> int | None:
    """A quantity as an integer; None if there is none, ValueError for percentages, expressions and the like."""
    if value is None:
        return None
    amount = parse_quantity(value)
    if amount is None:
        raise ValueError(value)
    return math.ceil(amount * factor)


def _positive(value: object) -> int | None:
    return value if type(value) is int and value > 0 else None


def _is_none(pool: NodeGroup, name: str) -> bool:
    try:
        return getattr(pool, name) is None
    except Undecided:
        return False


def _disk_of_group(pool: NodeGroup) -> int | None:
    try:
        size = pool.volume_size
    except Undecided:
        return None
    return size * _GIBIBYTE if isinstance(size, int) else None


def _auto_mode_disk(pool: KarpenterPool) -> int | None:
    try:
        size = pool.node_class.get("spec", "ephemeralStorage", "size") if pool.node_class is not None else None
        builtin = pool.kind == "auto-builtin" or pool.node_class is not None
        return _amount(size or _AUTO_MODE_DISK) if builtin else None
    except (Undecided, ValueError):
        return None


def _node_class_disk(pool: KarpenterPool) -> tuple[int | None, bool]:
    """The volume for ephemeral storage in bytes, and whether local disks may take its place."""
    try:
        node_class = pool.node_class
        if node_class is None:
            return None, True
        if node_class.get("spec", "instanceStorePolicy") is not None:
            return None, True
        sizes = [_amount(each["ebs"]["volumeSize"]) for each in node_class.sequence("spec", "blockDeviceMappings")]
    except (Undecided, ValueError, LookupError, TypeError):
        return None, True
    # Whichever of them holds ephemeral storage, it is no larger than the largest.
    return max((size for size in sizes if size is not None), default=None), False
