"""Every cause for which pods cannot run is reported by exactly one rule."""

import sys
from collections.abc import Iterator

from ekslint.engine.registry import registry
from ekslint.placement.causes import Cause


def owners() -> Iterator[tuple[str, Cause]]:
    """Every rule with each cause that it says it reports."""
    for rule in registry().load(registry().names):
        for cause in getattr(sys.modules[rule.check.__module__], "CAUSES", ()):
            yield rule.name, cause


def test_every_cause_has_an_owner() -> None:
    assert not set(Cause) - {cause for _, cause in owners()}


def test_no_cause_has_two_owners() -> None:
    by_cause: dict[Cause, list[str]] = {}
    for name, cause in owners():
        by_cause.setdefault(cause, []).append(name)
    assert {cause: names for cause, names in by_cause.items() if len(names) > 1} == {}
