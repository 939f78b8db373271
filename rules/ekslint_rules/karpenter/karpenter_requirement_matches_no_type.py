from collections.abc import Iterator

from ekslint import (
    Finding,
    NodePool,
    Requirement,
    Severity,
    decides_type,
    label_syntax,
    nearest,
    node_labels,
    rule,
    types_meeting,
)
from ekslint_rules.automode._machines import unsupported_values


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "instances"), dialects=("karpenter",))
def karpenter_requirement_matches_no_type(node_pool: NodePool) -> Iterator[Finding]:
    """No instance type of EC2 meets all requirements of a NodePool.

    ## Why is this bad?
    The NodePool is accepted, and never makes a node: an architecture that the families do not have, a size that is
    misspelt, a category that there is not. Pods that wait for it stay pending.

    ## When it stays silent
    Labels that the instance type does not decide. Families, types and generations that may be newer than the facts.
    What Auto Mode does not support, which the rule auto-unsupported-requirement tells, and words that a label never
    has (`arch In [arm]`), which reserved-label-value-spelling tells.

    ## References
    - Karpenter documentation, instance types
    - Karpenter documentation, scheduling, selecting nodes
    """
    is_auto = node_pool.is_auto_mode
    requirements = [
        (index, each)
        for index, each in enumerate(node_pool.requirements)
        if decides_type(each, is_auto=is_auto) and not _is_told_elsewhere(each)
    ]
    if is_auto and any(unsupported_values(each) for _, each in requirements):
        return
    estate = node_pool.estate
    if types_meeting(estate, [each for _, each in requirements], is_auto=is_auto):
        return
    alone = [(index, each) for index, each in requirements if not types_meeting(estate, [each], is_auto=is_auto)]
    for index, each in alone:
        meant = _meant(node_pool, each, is_auto)
        yield Finding(
            node_pool.at(*node_pool.requirements_path, index, "values"),
            f"{node_pool} requires {each}, which no instance type meets: it never makes a node",
            label=f"did you mean {meant}?" if meant else "no such instance type",
        )
    if not alone and requirements:
        blamed = _conflict(node_pool, requirements, is_auto)
        (index, each), others = blamed[-1], blamed[:-1]
        yield Finding(
            node_pool.at(*node_pool.requirements_path, index),
            f"no instance type meets {' and '.join(str(requirement) for _, requirement in blamed)}: {node_pool} never "
            "makes a node",
            label="not with the others",
            related=[(node_pool.at(*node_pool.requirements_path, other), "with this one") for other, _ in others],
        )


def _is_told_elsewhere(requirement: Requirement) -> bool:
    """Whether karpenter-requirement-syntax or reserved-label-value-spelling tells what is wrong with it."""
    if requirement.operator in {"Exists", "DoesNotExist"}:
        return False
    if requirement.operator == "In" and requirement.key in label_syntax.CLOSED_LABELS:
        return node_labels.label_values(requirement.key).isdisjoint(requirement.values)
    if any(label_syntax.value_fault(value) for value in requirement.values):
        return True
    return not requirement.values or (requirement.operator not in {"In", "NotIn"} and len(requirement.values) != 1)


def _conflict(
    node_pool: NodePool, requirements: list[tuple[int, Requirement]], is_auto: bool
) -> list[tuple[int, Requirement]]:
    """The requirements that exclude each other: without any one of them some type would be left."""
    needed = list(requirements)
    for each in requirements:
        without = [other for other in needed if other is not each]
        if not types_meeting(node_pool.estate, [other for _, other in without], is_auto=is_auto):
            needed = without
    return needed


def _meant(node_pool: NodePool, requirement: Requirement, is_auto: bool) -> str | None:
    if requirement.operator != "In" or len(requirement.values) != 1:
        return None
    return nearest(requirement.values[0], _values_of(node_pool, requirement.key, is_auto))


def _values_of(node_pool: NodePool, key: str, is_auto: bool) -> list[str]:
    name = key.rpartition("-")[2]
    known = types_meeting(node_pool.estate, [], is_auto=is_auto)
    match name:
        case "type":
            return [each.name for each in known]
        case "size":
            return sorted({each.size for each in known})
        case "family":
            return sorted({each.family for each in known})
    return []
