"""The label values that Karpenter and EKS Auto Mode derive from an instance type.

Source: Karpenter for AWS 1.14 `pkg/providers/instancetype/types.go` (computeRequirements); the derived values were
compared with `website/content/en/docs/reference/instance-types.md`. Zones, capacity types, reservations and tenancy
belong to an offering or a request, not to the type, and are not in here.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from .instance_types import InstanceType
from .node_labels import PoolKind


@cache
def karpenter_labels(instance_type: InstanceType, kind: PoolKind = PoolKind.KARPENTER) -> Mapping[str, str]:
    """The labels that a node of this type carries in a pool of `kind`, where the type alone decides the value.

    Under `karpenter.k8s.aws/` for Karpenter, under `eks.amazonaws.com/` for the kinds of Auto Mode; ValueError for any
    other kind. A label that the type does not have (`instance-gpu-name` without GPU) is missing.
    """
    if not kind.is_provisioner:
        raise ValueError(f"nodes of {kind.value} pools have no such labels")
    prefix = "eks.amazonaws.com/" if kind.is_auto else "karpenter.k8s.aws/"
    labels = {"node.kubernetes.io/instance-type": instance_type.name}
    if architecture := architecture_of(instance_type):
        labels["kubernetes.io/arch"] = architecture
    for key, value in _facts(instance_type).items():
        if value is not None:
            labels[prefix + key] = str(value)
    return MappingProxyType(labels)


def has_unknown_value(instance_type: InstanceType, label: str) -> bool:
    """Whether such nodes may carry the instance label `label` with a value that this table does not know."""
    return label.endswith("/instance-network-bandwidth") and _network_bandwidth(instance_type) is None


def architecture_of(instance_type: InstanceType) -> str | None:
    """The one value of `kubernetes.io/arch` on such nodes; None for Mac hosts."""
    return next((name for name in ("amd64", "arm64") if name in instance_type.architectures), None)


def _facts(instance_type: InstanceType) -> dict[str, object]:
    facts: dict[str, object] = {
        "instance-capability-flex": _boolean(instance_type.is_flex),
        "instance-category": instance_type.category,
        "instance-cpu": instance_type.vcpus,
        "instance-cpu-manufacturer": _kebab(instance_type.cpu_manufacturer),
        # Karpenter writes 0 where EC2 does not say
        "instance-cpu-sustained-clock-speed-mhz": instance_type.clock_mhz or 0,
        "instance-ebs-bandwidth": instance_type.ebs_mbps,
        "instance-encryption-in-transit-supported": _boolean(instance_type.supports_in_transit_encryption),
        "instance-family": instance_type.family,
        "instance-generation": instance_type.generation,
        "instance-hypervisor": instance_type.hypervisor,
        "instance-local-nvme": instance_type.local_nvme_gb,
        "instance-memory": instance_type.memory_mib,
        "instance-network-bandwidth": _network_bandwidth(instance_type),
        "instance-size": instance_type.size,
        "nitro-sandbox": _boolean(instance_type.supports_nitro_enclaves),
    }
    if len(instance_type.gpus) == 1:
        [gpu] = instance_type.gpus
        facts["instance-gpu-count"] = gpu.number
        facts["instance-gpu-manufacturer"] = _kebab(gpu.manufacturer)
        facts["instance-gpu-memory"] = gpu.memory_mib
        facts["instance-gpu-name"] = _kebab(gpu.name)
    if len(instance_type.neuron) == 1:
        [device] = instance_type.neuron
        facts["instance-accelerator-count"] = device.devices
        facts["instance-accelerator-manufacturer"] = "aws"
        facts["instance-accelerator-name"] = _kebab(device.name)
    inference = [item for item in instance_type.accelerators if item.sort == "inference"]
    if len(inference) == 1:
        facts["instance-accelerator-count"] = inference[0].number
        facts["instance-accelerator-manufacturer"] = _kebab(inference[0].manufacturer)
        facts["instance-accelerator-name"] = _kebab(inference[0].name)
    return facts


def _network_bandwidth(instance_type: InstanceType) -> int | None:
    # Karpenter reads a page of the EC2 guide, which agrees with the API only for a single card on Nitro, has other
    # figures for two families, and sometimes cuts what is no multiple of 10 Mbps.
    megabits = instance_type.network_mbps
    comparable = instance_type.network_cards == 1 and instance_type.is_nitro
    if not megabits or not comparable or instance_type.family in {"g7", "vt1"}:
        return None
    return None if megabits > 10_000 and megabits % 10 else megabits


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _kebab(text: str) -> str:
    return text.lower().replace(" ", "-")
