"""Running one rule on one subject, in every world that matters.

A rule reads values. Where one is unknown the rule abstains from there on; where one depends on a choice (a
CloudFormation condition, the cluster of an ambiguous manifest) the rule is run again for every option, and only what
holds in all of them is said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from ekslint.engine.finding import Finding
from ekslint.engine.severity import Severity
from ekslint.model.entity import Entity
from ekslint.model.reading import Undecided
from ekslint.model.world import ChoicePoint, Forked, World

MAXIMUM_CONDITIONS = 3
"""More open conditions than these under one rule and subject: it abstains (8 worlds are read at most)."""
MAXIMUM_WORLDS = 512
"""Clusters multiply worlds too; past this many the rule abstains."""

Run = Callable[[Any], Iterator[Finding]]
T = TypeVar("T")


class TooManyWorlds(Exception):
    """More choices are open than anybody can weigh."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Subjects of which exactly one is real, and nobody knows which: the placements of an ambiguous manifest."""

    options: Sequence[Any]


@dataclass(slots=True)
class Judgement:
    """What a rule says of a subject in all worlds, and what kept it from saying more."""

    findings: list[Finding] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    is_for_every_cluster: bool = False
    """Whether the cluster was a choice, so that the findings belong to none in particular."""


def judge(run: Run, subject: Any, world: World, usual: Severity) -> Judgement:
    """Run a rule on a subject, or on alternatives of it; `usual` is the rule's severity.

    Where worlds find the same thing, but not equally bad, the mildest is kept: no more than that is certain. Among
    equals it is that of the first world.
    """
    options = subject.options if isinstance(subject, Alternatives) else (subject,)
    judgement = Judgement(is_for_every_cluster=len(options) > 1)
    common: dict[object, Finding] | None = None
    for option in options:
        try:
            for chosen, found in in_every_world(world, partial(_findings, run, option, judgement)):
                judgement.is_for_every_cluster |= any(point.name == "cluster" for point in chosen)
                if found is None:
                    continue
                keyed = _keyed(found)
                common = keyed if common is None else _mildest(common, keyed, usual)
                if not common:
                    return judgement
        except TooManyWorlds:
            return judgement
    judgement.findings = list((common or {}).values())
    return judgement


def in_every_world(world: World, read: Callable[[], T]) -> Iterator[tuple[Mapping[ChoicePoint, int], T]]:
    """What `read` returns under every set of choices that it turns out to depend on, with the choices.

    TooManyWorlds where nobody would want to wait for the answer.
    """
    waiting: list[Mapping[ChoicePoint, int]] = [{}]
    worlds = 0
    while waiting:
        chosen = waiting.pop()
        worlds += 1
        try:
            with world.assuming(chosen):
                result = read()
        except Forked as fork:
            point = fork.point
            conditions = sum(each.name != "cluster" for each in (*chosen, point))
            if conditions > MAXIMUM_CONDITIONS or worlds + point.options > MAXIMUM_WORLDS:
                raise TooManyWorlds from None
            waiting += [{**chosen, point: option} for option in reversed(range(point.options))]
            continue
        yield chosen, result


def _findings(run: Run, subject: Any, judgement: Judgement) -> list[Finding] | None:
    """What a rule says in the current world; None where there is nothing to judge."""
    if isinstance(subject, Entity) and not subject.present:
        return None
    found: list[Finding] = []
    try:
        for finding in run(subject):
            found.append(finding)  # noqa: PERF402 - what was said before an Undecided must be kept
    except Undecided as undecided:
        judgement.undecided.append(undecided)
    return found


def _keyed(findings: Iterable[Finding]) -> dict[object, Finding]:
    """By identity, and by position among those of one identity."""
    keyed: dict[object, Finding] = {}
    for finding in findings:
        identity = identity_of(finding)
        number = 0
        while (identity, number) in keyed:
            number += 1
        keyed[identity, number] = finding
    return keyed


def _mildest(
    ones: Mapping[object, Finding], others: Mapping[object, Finding], usual: Severity
) -> dict[object, Finding]:
    """What both have, each as it counts least."""
    return {key: mildest((one, others[key]), usual) for key, one in ones.items() if key in others}


def mildest(findings: Iterable[Finding], usual: Severity) -> Finding:
    """The first of those that count least."""

    def weight(finding: Finding) -> tuple[Severity, int]:
        # The configuration may replace the severities of a rule, and then `lower` alone tells them apart.
        return finding.counts_as(usual), -finding.lower

    return min(findings, key=weight)


def identity_of(finding: Finding) -> object:
    """What is wrong with which field, wherever a world took its value from: `!If` gives every branch its own place."""
    place = finding.place
    origin = place.entity.origin
    return (id(origin.document), origin.path, place.entity.resource, place.path, finding.discriminator)
