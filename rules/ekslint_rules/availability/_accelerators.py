"""Whether a pool is there for GPUs and their like, which AWS has in few zones."""

from collections.abc import Iterable

from ekslint import KarpenterPool, NodeGroup, Requirement, instance_types

_CHOOSING = ("In", "Exists", "Gt", "Gte")


def is_accelerated(pool: NodeGroup | KarpenterPool) -> bool:
    """Whether all nodes of a pool have a GPU, a Neuron device or another accelerator, as far as that is known."""
    if isinstance(pool, KarpenterPool):
        return not pool.unknown("requirements") and any(_asks_for_one(each) for each in pool.requirements)
    if pool.unknown("instance_types"):
        return False
    return _are_accelerated(instance_types.instance_type(name) for name in pool.instance_types)


def _asks_for_one(requirement: Requirement) -> bool:
    name = requirement.key.rpartition("/")[2]
    if name.startswith(("instance-gpu-", "instance-accelerator-")):
        return requirement.operator in _CHOOSING
    if requirement.operator != "In":
        return False
    values = set(requirement.values)
    if name == "instance-type":
        return _are_accelerated(instance_types.instance_type(value) for value in requirement.values)
    if name == "instance-family":
        return _are_accelerated(each for each in instance_types.all_instance_types() if each.family in values)
    if name == "instance-category":
        return _are_accelerated(each for each in instance_types.all_instance_types() if each.category in values)
    return False


def _are_accelerated(types: "Iterable[instance_types.InstanceType | None]") -> bool:
    found = list(types)
    return bool(found) and all(
        each is not None and bool(each.gpus or each.neuron or each.accelerators) for each in found
    )
