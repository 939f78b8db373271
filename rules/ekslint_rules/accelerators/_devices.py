"""Which pools have devices, and which components hand them out."""

from collections.abc import Iterator, Mapping

from ekslint import (
    Cause,
    Cluster,
    DaemonSet,
    KarpenterPool,
    NodeGroup,
    Placement,
    Pool,
    PoolVerdict,
    Requirement,
    Verdict,
    instance_types,
)
from ekslint_rules.scheduling._images import plugin_for

NVIDIA = "nvidia.com/gpu"
NEURON = ("aws.amazon.com/neuron", "aws.amazon.com/neuroncore", "aws.amazon.com/neurondevice")

PLUGINS: Mapping[str, tuple[str, ...]] = {
    "nvidia": ("nvidia-device-plugin", "nvidia-gpu-operator"),
    "neuron": ("neuron-device-plugin",),
}
"""The components that make the kubelet offer the devices of a manufacturer."""


def manufacturer_of(resource: str) -> str | None:
    """`nvidia` or `neuron` for a resource of theirs, else None."""
    if resource == NVIDIA or resource.startswith("nvidia.com/mig-"):
        return "nvidia"
    return "neuron" if resource in NEURON else None


def devices_of(pool: Pool) -> str | None:
    """`nvidia` or `neuron` where all nodes of a pool have such devices; None for others, and where nobody knows."""
    if isinstance(pool, NodeGroup) and not pool.unknown("instance_types"):
        found = {_of_type(name) for name in pool.instance_types}
        return found.pop() if len(found) == 1 else None
    if isinstance(pool, KarpenterPool) and not pool.unknown("requirements"):
        return next((maker for each in pool.requirements if (maker := _of_requirement(each)) is not None), None)
    return None


def _of_type(name: str) -> str | None:
    known = instance_types.instance_type(name)
    if known is None:
        return None
    return "nvidia" if known.gpu_count else "neuron" if known.neuron else None


def _of_requirement(requirement: Requirement) -> str | None:
    name = requirement.key.rpartition("/")[2]
    if name in {"instance-gpu-manufacturer", "instance-accelerator-manufacturer"} and requirement.operator == "In":
        makers = set(requirement.values)
        return "nvidia" if makers == {"nvidia"} else "neuron" if makers == {"aws"} else None
    if name.startswith("instance-gpu-") and requirement.operator in {"In", "Exists", "Gt", "Gte"}:
        return "nvidia"
    if requirement.operator != "In" or name not in {"instance-type", "instance-family"}:
        return None
    names = set(requirement.values)
    if name == "instance-family":
        all_types = instance_types.all_instance_types()
        found = {_of_type(each.name) for each in all_types if each.family in names}
    else:
        found = {_of_type(each) for each in names}
    return found.pop() if len(found) == 1 else None


def device_requests(placement: Placement) -> Iterator[tuple[str, str]]:
    """The manufacturers whose devices a workload asks for, each with the resource."""
    for container in placement.workload.pod.containers:
        for name in container.effective_requests:
            maker = manufacturer_of(name)
            if maker is not None:
                yield maker, name


def devices_out_of_reach(placement: Placement) -> list[PoolVerdict]:
    """The pools whose devices a device plugin should offer, and whose taints it does not tolerate; else none."""
    maker = plugin_for(placement.workload) if isinstance(placement.workload, DaemonSet) else None
    if maker is None:
        return []
    return [
        each
        for each in placement.pools
        if each.verdict is Verdict.REJECTED and each.cause is Cause.UNTOLERATED_TAINT and devices_of(each.pool) == maker
    ]


def has_plugin(cluster: Cluster, maker: str) -> bool:
    """Whether anything in the files hands out the devices of a manufacturer."""
    if any(cluster.estate.has_evidence_of(component, cluster) for component in PLUGINS[maker]):
        return True
    return any("device-plugin" in name or "gpu-operator" in name for name in cluster.addons)
