import re
from collections.abc import Iterator, Mapping
from typing import Any

from ekslint import Finding, NodePool, Severity, nearest, rule
from ekslint_rules.karpenter._budgets import BUDGETS, REASONS

_DURATION = re.compile(r"(?:[0-9]+[hm]|[0-9]+h[0-9]+m)(?:0s)?")
_NODES = re.compile(r"(?:100|[0-9]{1,2})%|[0-9]+")
_MACROS = frozenset({"@annually", "@yearly", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_ITEM = re.compile(r"(?P<first>\*|\?|[0-9]{1,4}|[a-z]{3})(?:-(?P<last>[0-9]{1,4}|[a-z]{3}))?(?:/(?P<step>[0-9]{1,4}))?")


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter",), dialects=("karpenter",))
def karpenter_budget_schedule_pair(node_pool: NodePool) -> Iterator[Finding]:
    """A disruption budget of a NodePool has a schedule without a duration, or is written wrong otherwise.

    ## Why is this bad?
    A schedule says when a budget begins, a duration for how long it holds: one without the other is refused. Durations
    are hours and minutes, schedules are cron expressions of five fields in UTC, `nodes` is a string, and there are
    three reasons.

    ## When it stays silent
    Values that a template or a kustomization fills in.

    ## References
    - Karpenter documentation, disruption, NodePool disruption budgets
    - Karpenter, pkg/apis/crds/karpenter.sh_nodepools.yaml
    """
    if not node_pool.has(*BUDGETS):
        return
    for index, budget in enumerate(node_pool.sequence(*BUDGETS)):
        if isinstance(budget, Mapping):
            yield from _judge(node_pool, (*BUDGETS, index), budget)


def _judge(node_pool: NodePool, path: tuple[str | int, ...], budget: Mapping[str, Any]) -> Iterator[Finding]:
    given = [field for field in ("schedule", "duration") if field in budget]
    if len(given) == 1:
        missing = "duration" if given == ["schedule"] else "schedule"
        yield Finding(
            node_pool.at(*path, given[0]),
            f"a disruption budget of {node_pool} has a {given[0]}, but no {missing}: one is refused without the other",
            label=f"no {missing}",
        )
    duration, schedule, nodes = (
        None if node_pool.unknown(*path, field) else budget.get(field) for field in ("duration", "schedule", "nodes")
    )
    if isinstance(duration, str) and not _DURATION.fullmatch(duration):
        yield Finding(
            node_pool.at(*path, "duration"),
            f"a disruption budget of {node_pool} has the duration {duration}, but only hours and minutes count",
            label="such as 8h or 1h30m",
        )
    if isinstance(schedule, str) and (fault := _fault(schedule)) is not None:
        yield Finding(
            node_pool.at(*path, "schedule"),
            f"a disruption budget of {node_pool} has the schedule {schedule}, but {fault}",
            label="no cron expression",
        )
    if isinstance(nodes, int) or (isinstance(nodes, str) and not _NODES.fullmatch(nodes)):
        yield Finding(
            node_pool.at(*path, "nodes"),
            f"a disruption budget of {node_pool} has nodes of {nodes}, but it is a string with a number or percentage",
            label='such as "10" or 10%',
        )
    for index, reason in enumerate(node_pool.sequence(*path, "reasons")):
        if isinstance(reason, str) and reason not in REASONS:
            meant = nearest(reason, REASONS)
            yield Finding(
                node_pool.at(*path, "reasons", index),
                f"a disruption budget of {node_pool} is for the reason {reason}, which there is not",
                label=f"did you mean {meant}?" if meant else "no such reason",
                help=f"one of {', '.join(REASONS)}",
            )


def _fault(schedule: str) -> str | None:
    """Why a schedule is no cron expression, as half a sentence; None if it is one."""
    text = schedule.strip().lower()
    if text.startswith("@"):
        return None if text in _MACROS else f"the only words are {', '.join(sorted(_MACROS))}"
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"a schedule has five fields, not {len(fields)}"
    for field, (name, least, most, words) in zip(fields, _FIELDS, strict=True):
        for item in field.split(","):
            if not _is_item(item, least, most, words):
                return f"{item or 'nothing'} is no {name}"
    return None


def _is_item(item: str, least: int, most: int, words: tuple[str, ...]) -> bool:
    found = _ITEM.fullmatch(item)
    if found is None or found["step"] == "0":
        return False
    if found["first"] in {"*", "?"}:
        return found["last"] is None
    numbers = [_number(text, least, words) for text in (found["first"], found["last"]) if text is not None]
    known = [number for number in numbers if number is not None and least <= number <= most]
    return len(known) == len(numbers) and known == sorted(known)


def _number(text: str, least: int, words: tuple[str, ...]) -> int | None:
    if text.isdigit():
        return int(text)
    return words.index(text) + least if text in words else None
