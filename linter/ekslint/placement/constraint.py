"""What a pod requires of a node, without names and places, so that equal pods are judged once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from ekslint.facts.label_domains import NORMALIZED_LABELS
from ekslint.placement.needs import Need
from ekslint.placement.shape import Term
from ekslint.placement.taints import Tolerance

NODE_NAME_FIELD = "metadata.name"
"""The one field that `matchFields` knows; told apart from a label of that name by `field_key`."""

MAXIMUM_TERMS = 64
"""Alternatives beyond this are not multiplied out: nobody writes them by hand."""


def field_key(field_name: str) -> str:
    """How a need on a field of the node is keyed; no label can be called so."""
    return f"@{field_name}"


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


@dataclass(slots=True)
class Interner:
    """Makes equal parts of constraints the same object."""

    _alternatives: dict[tuple[Term, ...], Alternatives] = field(default_factory=dict)
    _tolerances: dict[tuple[Tolerance, ...], Tolerances] = field(default_factory=dict)
    _requests: dict[tuple[tuple[str, int], ...], Requests] = field(default_factory=dict)

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
        terms = tuple(dict.fromkeys(_term(need for part in chosen for need in part) for chosen in product(*choices)))
        return self._alternatives.setdefault(terms, Alternatives(terms))

    def tolerances(self, items: Iterable[Tolerance]) -> Tolerances:
        """The tolerations, sorted and without doubles."""
        key = tuple(sorted(set(items)))
        return self._tolerances.setdefault(key, Tolerances(key))

    def requests(self, amounts: dict[str, int]) -> Requests:
        """The requests, without those of nothing."""
        key = tuple(sorted((name, amount) for name, amount in amounts.items() if amount))
        return self._requests.setdefault(key, Requests(key))


def _term(needs: Iterable[Need]) -> Term:
    groups: dict[str, dict[Need, None]] = {}
    for need in needs:
        key = NORMALIZED_LABELS.get(need.key, need.key)
        groups.setdefault(key, {})[need] = None
    return Term(tuple((key, tuple(sorted(groups[key], key=_order))) for key in sorted(groups)))


def _order(need: Need) -> tuple[str, str, tuple[str, ...], str]:
    return need.key, need.operator, need.values, need.part.value
