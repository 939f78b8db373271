"""Objects of Kubernetes that follow each other without a line of `---`: to YAML, one mapping with every key twice."""

from collections.abc import Sequence
from dataclasses import replace

from ekslint.source.tree import Problem

_OF_EVERY_OBJECT = frozenset({"apiVersion", "kind"})


def with_missing_separators(problems: Sequence[Problem], repeated: Sequence[tuple[str, Problem]]) -> list[Problem]:
    """The problems of a document, with one alone for every object that starts without a separator.

    `repeated` are the keys that stand twice in its outermost mapping, in order, each with its problem among the others.
    """
    told: dict[int, Problem] = {}
    hidden: set[int] = set()
    for run in _runs(repeated):
        first, *others = run.values()
        if run.keys() >= _OF_EVERY_OBJECT:
            message = f"{first.message}, and no line of --- stands between the two objects"
            told[id(first)] = replace(first, message=message)
            hidden.update(map(id, others))
    return [told.get(id(each), each) for each in problems if id(each) not in hidden]


def _runs(repeated: Sequence[tuple[str, Problem]]) -> list[dict[str, Problem]]:
    """The keys of one object after the other: a key that comes again begins the next."""
    runs: list[dict[str, Problem]] = []
    for key, problem in repeated:
        if not runs or key in runs[-1]:
            runs.append({})
        runs[-1][key] = problem
    return runs
