from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ekslint import Finding, NodePool, Place, Severity, label_domains, label_syntax, nearest, rule

_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte")
_COMPARISONS = frozenset({"Gt", "Lt", "Gte", "Lte"})
_MOST = 100
_MOST_MIN_VALUES = 50
_LARGEST = 2**63


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter",), dialects=("karpenter",))
def karpenter_requirement_syntax(node_pool: NodePool) -> Iterator[Finding]:
    """A requirement of a NodePool is not written as requirements are, or contradicts another one.

    ## Why is this bad?
    The API server refuses the NodePool: no list of requirements at all, an operator that there is not, `In` without
    values, `Gt` with anything but one whole number, numbers without quotes, `minValues` above the number of values. Two
    `In` requirements on one label that share no value are accepted, but no node can meet both. Values beside `Exists`
    are ignored (a warning).

    ## When it stays silent
    Requirements that a template or a kustomization fills in.

    ## References
    - Karpenter, pkg/apis/crds/karpenter.sh_nodepools.yaml and pkg/apis/v1/nodeclaim_validation.go
    """
    path = node_pool.requirements_path
    if node_pool.unknown(*path):
        return
    if not node_pool.has(*path):
        # Without anything around it, karpenter-nodeclassref tells that the template is missing.
        if node_pool.version != "v1" or not node_pool.mapping(*path[:-1]):
            return
        yield Finding(
            node_pool.at(*path, key=True),
            f"{node_pool} has no requirements, which v1 wants, be it an empty list: the API server refuses it",
            label="no requirements",
            discriminator="requirements",
        )
        return
    items = node_pool.sequence(*path)
    if len(items) > _MOST:
        yield Finding(
            node_pool.at(*path, key=True),
            f"{node_pool} has {len(items)} requirements, of which there can be {_MOST}",
            label=f"{_MOST} at most",
        )
    seen: dict[str, tuple[Place, frozenset[str]]] = {}
    for index in range(len(items)):
        if node_pool.unknown(*path, index) or not isinstance(items[index], Mapping):
            continue
        entry = items[index]
        fields = [field for field in ("key", "operator", "values", "minValues") if field in entry]
        if any(node_pool.unknown(*path, index, field) for field in fields):
            continue
        yield from _judge(node_pool, index, {field: entry[field] for field in fields})
        yield from _contradiction(node_pool, index, entry, seen)


def _judge(node_pool: NodePool, index: int, entry: Mapping[str, Any]) -> Iterator[Finding]:
    path = (*node_pool.requirements_path, index)
    key, operator = entry.get("key"), entry.get("operator")
    values = entry.get("values") or []
    for field in ("key", "operator"):
        if not isinstance(entry.get(field), str):
            yield Finding(
                node_pool.at(*path, field),
                f"requirement {index + 1} of {node_pool} has no {field}",
                label=f"no {field}",
                discriminator=field,
            )
    if not isinstance(key, str) or not isinstance(operator, str) or isinstance(values, Mapping):
        return
    if not isinstance(values, Sequence) or isinstance(values, str):
        if "$" not in str(values):
            yield Finding(
                node_pool.at(*path, "values"),
                f"{node_pool} requires {key} with the values {values}, but values are a list",
                label=f"write [{values}]",
            )
        return
    if fault := label_syntax.key_fault(key):
        yield Finding(node_pool.at(*path, "key"), f"{node_pool} requires {key}, but {fault}", label="no label key")
    if operator not in _OPERATORS:
        meant = next((each for each in _OPERATORS if each.lower() == operator.lower()), nearest(operator, _OPERATORS))
        yield Finding(
            node_pool.at(*path, "operator"),
            f"{node_pool} requires {key} with the operator {operator}, which there is not",
            label=f"did you mean {meant}?" if meant else "no such operator",
            help=f"one of {', '.join(_OPERATORS)}",
        )
        return
    yield from _values(node_pool, index, f"{key} {operator}", operator, list(values))
    yield from _min_values(node_pool, index, f"{key} {operator}", operator, len(values), entry.get("minValues"))


def _values(node_pool: NodePool, index: int, what: str, operator: str, values: list[Any]) -> Iterator[Finding]:
    path = (*node_pool.requirements_path, index)
    strangers = [number for number, value in enumerate(values) if not isinstance(value, str)]
    if strangers:
        yield Finding(
            node_pool.at(*path, "values", strangers[0]),
            f"{node_pool} requires {what} with the value {_raw(node_pool, index, strangers[0])} without quotes, but "
            "values are strings: the API server refuses it",
            label="needs quotes",
        )
    elif operator == "In" and not values:
        yield Finding(node_pool.at(*path), f"{node_pool} requires {what}, but lists no values", label="no values")
    elif operator in {"Exists", "DoesNotExist"} and values:
        yield Finding(
            node_pool.at(*path, "values", key=True),
            f"{node_pool} requires {what} with values, which Karpenter ignores: this operator takes none",
            label="ignored",
            help="write In or NotIn, if the values are meant",
            lower=1,
        )
    elif operator in _COMPARISONS and not (len(values) == 1 and _is_whole(values[0])):
        yield Finding(
            node_pool.at(*path, "values"),
            f"{node_pool} requires {what} with {', '.join(values) or 'no value'}, but it takes one whole number",
            label="one whole number",
        )
    else:
        for number, value in enumerate(values):
            if fault := label_syntax.value_fault(value):
                yield Finding(
                    node_pool.at(*path, "values", number),
                    f"{node_pool} requires {what} {value}, but {fault}",
                    label="no label value",
                )


def _min_values(
    node_pool: NodePool, index: int, what: str, operator: str, count: int, minimum: object
) -> Iterator[Finding]:
    if type(minimum) is not int:
        return
    place = node_pool.at(*node_pool.requirements_path, index, "minValues")
    if not 1 <= minimum <= _MOST_MIN_VALUES:
        yield Finding(
            place,
            f"{node_pool} requires {what} with minValues of {minimum}, which can be 1 to {_MOST_MIN_VALUES}",
            label=f"1 to {_MOST_MIN_VALUES}",
        )
    elif operator == "In" and count < minimum:
        yield Finding(
            place,
            f"{node_pool} requires {what} with minValues of {minimum}, but lists {count}",
            label=f"more than the {count} listed",
        )


def _contradiction(
    node_pool: NodePool, index: int, entry: Mapping[str, Any], seen: dict[str, tuple[Place, frozenset[str]]]
) -> Iterator[Finding]:
    key, values = entry.get("key"), entry.get("values")
    if not isinstance(key, str) or entry.get("operator") != "In" or not isinstance(values, Sequence) or not values:
        return
    if isinstance(values, str):
        return
    key = label_domains.NORMALIZED_LABELS.get(key, key)
    mine = frozenset(value for value in values if isinstance(value, str))
    place = node_pool.at(*node_pool.requirements_path, index, "values")
    if key not in seen:
        seen[key] = (place, mine)
        return
    before, theirs = seen[key]
    common = mine & theirs
    if not common:
        yield Finding(
            place,
            f"{node_pool} requires {key} twice, and no value is in both lists: no node can meet it",
            label="shares no value",
            related=[(before, "with this requirement")],
        )
    seen[key] = (place, common or mine)


def _is_whole(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 20 and int(value) < _LARGEST


def _raw(node_pool: NodePool, index: int, number: int) -> str:
    value = node_pool.get(*node_pool.requirements_path, index, "values", number)
    return str(value).lower() if isinstance(value, bool) else str(value)
