"""Whether a pool is there for GPUs and their like, which AWS has in few zones."""

import re
from collections.abc import Iterable

from ekslint import KarpenterPool, NodeGroup, Requirement, instance_types

_CHOOSING = ("In", "Exists", "Gt", "Gte")
_ACCELERATED_NAME = re.compile(r"(?:dl|f|g|gr|inf|p|trn|vt)[0-9]")
"""For types of which the table has no facts, because AWS has retired them or is about to offer them."""


def is_accelerated(pool: NodeGroup | KarpenterPool) -> bool:
    """Whether all nodes of a pool have a GPU, a Neuron device or another accelerator, as far as that is known."""
    if isinstance(pool, KarpenterPool):
        return not pool.unknown("requirements") and any(_asks_for_one(each) for each in pool.requirements)
    return not pool.unknown("instance_types") and _all(_has_one(name) for name in pool.instance_types)


def _asks_for_one(requirement: Requirement) -> bool:
    name = requirement.key.rpartition("/")[2]
    if name.startswith(("instance-gpu-", "instance-accelerator-")):
        return requirement.operator in _CHOOSING
    if requirement.operator != "In":
        return False
    if name == "instance-type":
        return _all(_has_one(value) for value in requirement.values)
    if name == "instance-family":
        return _all(_has_one(f"{value}.") for value in requirement.values)
    return name == "instance-category" and _all(_has_one(f"{value}1.") for value in requirement.values)


def _has_one(name: str) -> bool:
    known = instance_types.instance_type(name)
    if known is None:
        return _ACCELERATED_NAME.match(name) is not None
    return bool(known.gpus or known.neuron or known.accelerators)


def _all(answers: Iterable[bool]) -> bool:
    found = list(answers)
    return bool(found) and all(found)
