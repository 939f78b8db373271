"""One run, from files to an outcome."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from time import perf_counter

from ekslint.cli.session import Session
from ekslint.engine.diagnostic import Outcome, RelatedLocation, RuleDescription, Summary
from ekslint.engine.input_findings import INPUT_FINDINGS, InputFinding, findings_of
from ekslint.engine.registry import Registry
from ekslint.engine.rule import Rule
from ekslint.engine.run import Failure, Findings, run
from ekslint.engine.settle import Settings, settle
from ekslint.engine.severity import Severity
from ekslint.engine.subjects import kinds_in
from ekslint.engine.suppression import Suppressions
from ekslint.loaders.intake import Intake, Standing
from ekslint.loaders.loaded import Loaded
from ekslint.loaders.loading import load
from ekslint.model.estate import Estate
from ekslint.source.location import Location


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for."""

    as_of: date
    enabled: frozenset[str]
    """Names of rules, and of the engine's own findings."""
    minimum: Severity
    """The least severity that is shown."""


def lint(session: Session, request: Request, started: float) -> Outcome:
    """Lint the files of a session; `started` is the `perf_counter()` from which the run's time counts."""
    configuration = session.configuration
    intake = session.take_in()
    estate, loaded = load(intake, request.as_of, session.clusters, configuration.known_node_labels)
    rules = session.registry.load(request.enabled - INPUT_FINDINGS.keys(), kinds_in(estate))
    findings = run(rules, estate, session.options)
    suppressions = Suppressions.of(
        intake.documents, session.registry.names, request.as_of, categories=session.categories
    )
    settings = Settings(
        configuration.severity,
        lambda rule, path: configuration.ignores_in(rule, session.category_of(rule), path),
        suppressions.covers,
    )
    own = [each for each in _own_findings(intake, loaded) if each.kind in request.enabled]
    kept = [each for each in own if not _is_covered(each, settings)]
    extra = [each.settled(configuration.severity.get(each.kind)) for each in kept]
    # Nothing switches these off, or lowers them: where a rule failed, the job was not done.
    extra += [_internal_error(failure).settled(None) for failure in findings.failures.values()]
    settled = settle(findings.found, extra, settings)
    about_ignores = [
        each.settled(configuration.severity.get(each.kind))
        for each in suppressions.findings(request.enabled, require_reason=configuration.require_ignore_reason)
        if each.kind in request.enabled and not settings.is_ignored_in(each.kind, each.location.path)
    ]
    everything = settle([], [*settled.diagnostics, *about_ignores], settings).diagnostics
    shown = tuple(each for each in everything if each.severity >= request.minimum)
    undecided = _undecided(findings)
    counts = Counter(each.severity for each in shown)
    return Outcome(
        diagnostics=shown,
        describe_rules=lambda: _descriptions(session.registry, request.enabled | {"internal-error"}),
        summary=Summary(
            files=sum(record.standing is Standing.LINTED for record in intake.records.values()),
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
            infos=counts[Severity.INFO],
            undecided=len(undecided),
            seconds=round(perf_counter() - started, 3),
            skipped=sum(record.standing is Standing.SKIPPED for record in intake.records.values()),
            ignored=settled.ignored + len(own) - len(kept),
            hidden=len(everything) - len(shown),
            worst=max((each.severity for each in everything), default=None),
            clusters=tuple(_clusters(estate)),
        ),
        text_of=lambda path: intake.texts[path].text if path in intake.texts else None,
        undecided=tuple(undecided),
    )


def _own_findings(intake: Intake, loaded: Loaded) -> Iterator[InputFinding]:
    """What the engine itself has to say: about files, texts, and what loaders met."""
    for problem in intake.problems:
        yield InputFinding(problem.kind, problem.message, problem.location)
    for document in intake.every_document():
        yield from findings_of(document)
    for each in loaded.problems:
        yield InputFinding.at_source(each.kind, each.source, each.message)


def _internal_error(failure: Failure) -> InputFinding:
    times = "" if failure.count == 1 else f" ({failure.count} times)"
    message = f"rule {failure.rule.name} failed on {failure.subject}{times}: {failure.error}"
    help_ = "this is a mistake in the rule, not in your files: please report it"
    if failure.source is None:
        return InputFinding("internal-error", message, Location("", 1, 1, 1, 1), help_)
    source = failure.source
    return InputFinding(
        "internal-error", message, source.document.locate(source.path), help_, source.document, source.path
    )


def _is_covered(finding: InputFinding, settings: Settings) -> bool:
    if settings.is_ignored_in(finding.kind, finding.location.path):
        return True
    return finding.document is not None and settings.covers(
        finding.kind, finding.location, finding.document, finding.path
    )


def _undecided(findings: Findings) -> list[RelatedLocation]:
    places = (
        RelatedLocation(each.source.document.locate(each.source.path, key=each.source.key), each.why)
        for each in findings.undecided.values()
    )
    return sorted(set(places), key=lambda each: (each.location, each.label))


def _descriptions(registry: Registry, enabled: Iterable[str]) -> Iterator[RuleDescription]:
    """All enabled rules, whether they found anything or not: a report must not differ in its rules between runs."""
    names = sorted(enabled)
    loaded: dict[str, Rule] = {rule.name: rule for rule in registry.load(n for n in names if n in registry.names)}
    for name in names:
        yield INPUT_FINDINGS[name] if name in INPUT_FINDINGS else loaded[name].describe()


def _clusters(estate: Estate) -> list[str]:
    found: dict[str, None] = {}
    for cluster in estate.clusters:
        if not cluster.is_implicit and not cluster.unknown("name") and cluster.name is not None:
            version = None if cluster.unknown("version") else cluster.version
            found[f"{cluster.name} {version}" if version is not None else cluster.name] = None
    return sorted(found)
