"""All rules on all subjects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ekslint.engine.clusters import ClusterFindings, visited_cluster, with_note
from ekslint.engine.finding import Finding
from ekslint.engine.rule import Rule
from ekslint.engine.subjects import subjects_of
from ekslint.engine.worlds import Alternatives, judge
from ekslint.model.entity import Entity
from ekslint.model.estate import Estate
from ekslint.model.reading import Source, Undecided
from ekslint.model.world import Forked


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, with who said it."""

    rule: Rule
    finding: Finding
    is_for_every_cluster: bool


@dataclass(slots=True)
class Failure:
    """A rule that raised: once a rule, with how often."""

    rule: Rule
    error: str
    subject: str
    source: Source | None
    count: int = 1


@dataclass(slots=True)
class Findings:
    """What all rules said."""

    found: list[Found] = field(default_factory=list)
    undecided: dict[tuple[int, tuple[Any, ...]], Undecided] = field(default_factory=dict)
    """By document and key path: distinct places, not reads."""
    failures: dict[str, Failure] = field(default_factory=dict)


def run(rules: Sequence[Rule], estate: Estate, options: Mapping[str, Mapping[str, Any]]) -> Findings:
    """Run rules over an estate; `options` by rule name, each by option name. A rule that raises stops no other."""
    findings = Findings()
    for rule in rules:
        chosen = {name.replace("-", "_"): value for name, value in options.get(rule.name, {}).items()}
        check = partial(rule.check, **chosen) if chosen else rule.check
        of_clusters = ClusterFindings(estate)
        for subject in _subjects(rule, estate):
            try:
                judgement = judge(check, subject, estate.world, rule.severity)
            except Exception as error:
                _fail(findings, rule, subject, error)
                continue
            cluster = visited_cluster(subject)
            found = judgement.findings if cluster is None else of_clusters.certain(cluster, judgement.findings)
            if judgement.is_for_every_cluster:
                found = [with_note(finding, estate) for finding in found]
            findings.found += [Found(rule, finding, judgement.is_for_every_cluster) for finding in found]
            for undecided in judgement.undecided:
                key = (id(undecided.source.document), undecided.source.path)
                findings.undecided.setdefault(key, undecided)
        findings.found += [
            Found(rule, with_note(finding, estate), is_for_every_cluster=True)
            for finding in of_clusters.true_everywhere(rule.severity)
        ]
    return findings


def _subjects(rule: Rule, estate: Estate) -> Iterator[Any]:
    seen: set[int] = set()
    for kind in rule.subjects:
        for subject in subjects_of(estate, kind):
            # The kinds of a union may overlap.
            if len(rule.subjects) == 1 or id(subject) not in seen:
                seen.add(id(subject))
                yield subject


def _fail(findings: Findings, rule: Rule, subject: Any, error: Exception) -> None:
    failure = findings.failures.get(rule.name)
    if failure is not None:
        failure.count += 1
        return
    first = subject.options[0] if isinstance(subject, Alternatives) else subject
    source = first.origin if isinstance(first, Entity) else None
    try:
        title = str(first)
    except (Undecided, Forked):
        title = type(first).__name__
    findings.failures[rule.name] = Failure(rule, f"{type(error).__name__}: {error}", title, source)
