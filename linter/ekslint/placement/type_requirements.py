"""Which instance types meet the requirements of a NodePool: for rules about the NodePool itself.

What nobody can tell (a label that is not the type's, a value that may be newer than the facts) narrows nothing: the
answer is never too small.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from ekslint.facts import auto_mode, instance_types
from ekslint.facts.instance_types import InstanceType
from ekslint.facts.label_domains import NORMALIZED_LABELS
from ekslint.facts.node_labels import PoolKind
from ekslint.model.estate import Estate
from ekslint.model.pool import Requirement
from ekslint.placement.catalogue import ARCHITECTURE_LABEL, TYPE_LABEL, Catalogue
from ekslint.placement.needs import Need, integer

_FAMILY = re.compile(r"[a-z0-9-]*[a-z0-9]")
"""What every name of an instance family is like, and new ones will be."""
_OPERATORS = frozenset({"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"})


def decides_type(requirement: Requirement, *, is_auto: bool = False) -> bool:
    """Whether the facts tell for every instance type if it meets a requirement of a NodePool, of Auto Mode's or not."""
    key = NORMALIZED_LABELS.get(requirement.key, requirement.key)
    if requirement.operator not in _OPERATORS:
        return False
    prefix = "eks.amazonaws.com/instance-" if is_auto else "karpenter.k8s.aws/instance-"
    known = _KNOWN.get(key.removeprefix(prefix)) if key.startswith(prefix) else _KNOWN.get(key)
    if known is None:
        return False
    return requirement.operator in {"Exists", "DoesNotExist", "NotIn"} or all(map(known, requirement.values))


def types_meeting(
    estate: Estate, requirements: Iterable[Requirement], *, is_auto: bool = False
) -> Sequence[InstanceType]:
    """Every instance type that may meet all requirements of a NodePool, by name; of Auto Mode, those that it launches.

    Requirements that `decides_type` is not sure about, and those about zones and prices, narrow nothing.
    """
    catalogue: Catalogue | None = vars(estate).get("_type_catalogue")
    if catalogue is None:
        # Kept with the estate, so that its columns are worked out once a run.
        catalogue = vars(estate)["_type_catalogue"] = Catalogue()
    mask = catalogue.all_types()
    kind = PoolKind.AUTO if is_auto else PoolKind.KARPENTER
    for each in requirements:
        if decides_type(each, is_auto=is_auto):
            key = NORMALIZED_LABELS.get(each.key, each.key)
            mask &= catalogue.meeting(key, (Need(key, each.operator, tuple(each.values)),), kind)[0]
    found = [each for _, each in catalogue.items(mask) if isinstance(each, InstanceType)]
    if is_auto:
        found = [each for each in found if auto_mode.is_supported(each) is not False]
    return sorted(found, key=lambda each: each.name)


def _anything(_value: str) -> bool:
    return True


def _is_number(value: str) -> bool:
    return integer(value) is not None


def _is_old_type(value: str) -> bool:
    """A name that EC2 has facts for, a size that an old family does not have, or what can be no name of a type.

    A new family has no facts yet.
    """
    if instance_types.instance_type(value) is not None:
        return True
    family, _, size = value.partition(".")
    if _is_placeholder(family):
        return False
    if _FAMILY.fullmatch(family) is None or not size:
        return True
    return not instance_types.known_name(value) and family in instance_types.families()


def _is_old_family(value: str) -> bool:
    """A family with facts, or what can be no name of a family."""
    if _FAMILY.fullmatch(value) is None:
        return not _is_placeholder(value)
    return any(each.family == value for each in instance_types.all_instance_types())


def _is_placeholder(family: str) -> bool:
    """Whether it is a word in capitals that a script replaces (`FAMILY`), and no family in capitals."""
    return family.isupper() and family.lower() not in instance_types.families()


def _is_old_generation(value: str) -> bool:
    number = integer(value)
    newest = max((each.generation or 0 for each in instance_types.all_instance_types()), default=0)
    return number is not None and number < newest


_KNOWN: dict[str, Callable[[str], bool]] = {
    ARCHITECTURE_LABEL: _anything,
    TYPE_LABEL: _is_old_type,
    "category": _anything,
    "cpu": _is_number,
    "family": _is_old_family,
    "generation": _is_old_generation,
    "gpu-count": _is_number,
    "hypervisor": _anything,
    "local-nvme": _is_number,
    "memory": _is_number,
    "size": _anything,
}
"""For every label that the instance type decides (behind its prefix): whether the facts cover a value."""
