"""What a pod requires of a node, without names and places, so that equal pods are judged once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from ekslint.facts.label_domains import NORMALIZED_LABELS
from ekslint.placement.needs import Need
from ekslint.placement.shape import LabelNeeds, Term
from ekslint.placement.taints import Tolerance

MAXIMUM_TERMS = 64
"""Alternatives beyond this are not multiplied out: nobody writes them by hand."""


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """The terms of which a node has to meet one. No term at all is met by no node."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tolerances:
    """The tolerations of a pod, sorted."""

    items: tuple[Tolerance, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """What a pod requests, by resource: CPU in thousandths, memory and storage in bytes, everything else as counted."""

    amounts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A pod as the scheduler sees it. Parts are interned, so that comparing constraints is comparing identities."""

    alternatives: Alternatives
    tolerances: Tolerances
    requests: Requests
    is_daemonset: bool = False
    labels_open: bool = False
    """Whether further requirements on labels may exist, so that no node certainly meets them."""
    tolerances_open: bool = False
    """Whether further tolerations may exist."""
    requests_open: bool = False
    """Whether it may request more than is known."""


class Interner:
    """Makes equal parts of constraints the same object."""

    def __init__(self) -> None:
        self._labels: dict[tuple[str, tuple[Need, ...]], LabelNeeds] = {}
        self._alternatives: dict[tuple[Term, ...], Alternatives] = {}
        self._tolerances: dict[tuple[Tolerance, ...], Tolerances] = {}
        self._requests: dict[tuple[tuple[str, int], ...], Requests] = {}

    def alternatives(self, groups: Iterable[Iterable[Iterable[Need]]]) -> Alternatives | None:
        """The alternatives of several groups, each a choice of terms; None if there are too many.

        `groups` is read as AND of OR of AND: a node has to meet one term of every group.
        """
        choices = [tuple(dict.fromkeys(tuple(term) for term in group)) for group in groups]
        number = 1
        for choice in choices:
            number *= len(choice)
        if number > MAXIMUM_TERMS:
            return None
        terms = tuple(dict.fromkeys(self._term(chosen) for chosen in product(*choices)))
        return self._alternatives.setdefault(terms, Alternatives(terms))

    def tolerances(self, items: Iterable[Tolerance]) -> Tolerances:
        """The tolerations, sorted and without doubles."""
        key = tuple(sorted(set(items)))
        return self._tolerances.setdefault(key, Tolerances(key))

    def requests(self, amounts: Mapping[str, int]) -> Requests:
        """The requests, without those of nothing."""
        key = tuple(sorted((name, amount) for name, amount in amounts.items() if amount))
        return self._requests.setdefault(key, Requests(key))

    def _term(self, parts: Iterable[Iterable[Need]]) -> Term:
        by_key: dict[str, list[Need]] = {}
        for part in parts:
            for need in part:
                by_key.setdefault(NORMALIZED_LABELS.get(need.key, need.key), []).append(need)
        return Term(tuple(self._label(key, by_key[key]) for key in sorted(by_key)))

    def _label(self, key: str, needs: list[Need]) -> LabelNeeds:
        ordered = tuple(needs) if len(needs) == 1 else tuple(sorted(dict.fromkeys(needs), key=_order))
        found = self._labels.get((key, ordered))
        if found is None:
            found = self._labels[key, ordered] = LabelNeeds(key, ordered)
        return found


def _order(need: Need) -> tuple[str, str, tuple[str, ...], str]:
    return need.key, need.operator, need.values, need.part.value
