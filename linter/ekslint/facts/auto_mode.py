"""What EKS Auto Mode can launch: instance families, least sizes, and its two built-in pools.

Source: EKS user guide, automode/automode-learn-instances (as of 2026-08) and automode/set-builtin-node-pools.
"""

from typing import NamedTuple

from .hardware import InstanceType
from .kubernetes_versions import minor

FIRST_KUBERNETES_VERSION = "1.29"
MAX_PODS = 110
DEFAULT_NODE_CLASS = "default"
"""Made by EKS together with the first built-in pool, and only then."""

SUPPORTED_FAMILIES = frozenset(
    {
        *("c8id", "c8i", "c8i-flex", "c8gd", "c8gn", "c8g", "c8a", "c8gb", "c7a", "c7g", "c7gn", "c7gd", "c7i"),
        *("c7i-flex", "c6a", "c6g", "c6i", "c6gn", "c6id", "c6in", "c6gd", "c5", "c5a", "c5d", "c5ad", "c5n", "c4"),
        *("m8id", "m8i", "m8i-flex", "m8a", "m8azn", "m8gn", "m8gb", "m8gd", "m8g", "m7i", "m7a", "m7g", "m7gd"),
        *("m7i-flex", "m6a", "m6i", "m6in", "m6g", "m6idn", "m6id", "m6gd", "m5", "m5a", "m5ad", "m5n", "m5dn"),
        *("m5d", "m5zn", "m4"),
        *("r8id", "r8i", "r8i-flex", "r8gn", "r8gb", "r8gd", "r8g", "r8a", "r7a", "r7iz", "r7gd", "r7i", "r7g"),
        *("r6a", "r6i", "r6id", "r6in", "r6idn", "r6g", "r6gd", "r5", "r5n", "r5a", "r5dn", "r5b", "r5ad", "r5d"),
        *("r4", "t4g", "t3", "t3a", "t2", "z1d", "x8aedz", "x8g", "x8i", "x2gd"),
        *("i8ge", "i7i", "i8g", "i7ie", "i4g", "i4i", "i3", "i3en", "is4gen", "d3", "d3en", "im4gn"),
        *("p6-b200", "p6-b300", "p5", "p5e", "p5en", "p4d", "p4de", "p3dn", "g7e", "g6", "gr6", "g6e", "g5g", "g5"),
        *("g4dn", "g4ad", "inf2", "inf1", "trn1", "trn1n", "trn2", "hpc8a", "x2iezn", "x2iedn", "x2idn"),
    }
)
"""AWS adds families all the time: outside this set the answer is unknown for families newer than the list."""

_TOO_SMALL = frozenset({"nano", "micro", "small"})


class BuiltinPool(NamedTuple):
    """One of the pools that Auto Mode brings."""

    name: str
    architectures: frozenset[str]
    categories: frozenset[str]
    least_generation: int
    capacity_types: frozenset[str]
    is_tainted: bool
    """Whether its nodes carry `CriticalAddonsOnly`."""


BUILTIN_POOLS = {
    pool.name: pool
    for pool in (
        BuiltinPool("general-purpose", frozenset({"amd64"}), frozenset("cmr"), 5, frozenset({"on-demand"}), False),
        BuiltinPool("system", frozenset({"amd64", "arm64"}), frozenset("cmr"), 5, frozenset({"on-demand"}), True),
    )
}
"""By name, as `nodePools` lists them."""


def supports_version(version: str) -> bool | None:
    """Whether Auto Mode can be turned on for a Kubernetes version (`1.34`); None where that is no version."""
    number, first = minor(version), minor(FIRST_KUBERNETES_VERSION)
    return None if number is None or first is None else number >= first


def is_large_enough(instance_type: InstanceType) -> bool:
    """Whether Auto Mode would launch the size: more than one vCPU, and not nano, micro or small."""
    return instance_type.vcpus > 1 and instance_type.size not in _TOO_SMALL


def is_supported(instance_type: InstanceType) -> bool | None:
    """Whether Auto Mode launches the type.

    None for families that came after the list was made, and for bare metal, about which the guide says nothing.
    """
    if not is_large_enough(instance_type):
        return False
    if instance_type.family in SUPPORTED_FAMILIES:
        return None if instance_type.is_bare_metal else True
    return None if instance_type.is_current_generation else False
