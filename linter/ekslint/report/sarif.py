"""SARIF 2.1.0, as GitHub code scanning reads it.

Requirements and limits: GitHub's documentation, "SARIF support for code scanning"; OASIS SARIF 2.1.0.
"""

from typing import Any, TextIO
from urllib.parse import quote

from ekslint._version import __version__
from ekslint.engine.diagnostic import Diagnostic, Outcome, RelatedLocation
from ekslint.report.escaping import json_text, printable
from ekslint.report.line_hash import LineHashes
from ekslint.report.sarif_message import link_label, message_text
from ekslint.report.sarif_rules import LEVELS, describe, described_by
from ekslint.report.sarif_serializer import plain
from ekslint.report.settings import ReportSettings
from ekslint.report.sources import Sources
from ekslint.source.location import Location

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"

_MOST_RESULTS = 25_000
_MOST_SHOWN = 5_000
_MOST_RELATED = 100


def render(outcome: Outcome, stream: TextIO, settings: ReportSettings) -> None:
    """Write one log with one run."""
    stream.write(json_text(plain(_log(outcome, settings)), settings.unicode) + "\n")


def _log(outcome: Outcome, settings: ReportSettings) -> Any:
    import sarif_om

    groups = _one_for_each_rule_and_line(outcome.diagnostics)
    kept = _most_severe(groups, _MOST_RESULTS)
    rules = {rule.name: rule for rule in sorted(outcome.describe_rules(), key=lambda rule: rule.name)}
    for group in kept:
        rules.setdefault(group[0].rule, described_by(group[0]))
    results = _Results(Sources(outcome.text_of), {name: index for index, name in enumerate(rules)})
    driver = sarif_om.ToolComponent(
        name="ekslint",
        semantic_version=__version__,
        information_uri=settings.homepage,
        rules=[describe(rule, settings) for rule in rules.values()],
    )
    run = sarif_om.Run(
        tool=sarif_om.Tool(driver=driver),
        results=[results.result(group) for group in kept],
        column_kind="unicodeCodePoints",
        automation_details=sarif_om.RunAutomationDetails(id="ekslint/"),
        original_uri_base_ids={
            # No address: where the checkout lies is nobody's business, and differs from machine to machine.
            _ROOT: sarif_om.ArtifactLocation(description=sarif_om.Message(text="The root of the repository."))
        },
        invocations=[_invocation(outcome, len(groups))],
    )
    return sarif_om.SarifLog(schema_uri=_SCHEMA, version="2.1.0", runs=[run])


def _one_for_each_rule_and_line(diagnostics: tuple[Diagnostic, ...]) -> list[list[Diagnostic]]:
    """Findings that would share rule and line hash, and that GitHub would take for one alert, together."""
    groups: dict[tuple[str, str, int], list[Diagnostic]] = {}
    for each in diagnostics:
        groups.setdefault((each.rule, each.location.path, each.location.line), []).append(each)
    return list(groups.values())


def _most_severe(groups: list[list[Diagnostic]], most: int) -> list[list[Diagnostic]]:
    """At most `most` groups, in their order; the least severe ones go first."""
    if len(groups) <= most:
        return groups
    ranked = sorted(range(len(groups)), key=lambda index: -_severity(groups[index]))
    return [groups[index] for index in sorted(ranked[:most])]


def _severity(group: list[Diagnostic]) -> int:
    return max(each.severity for each in group)


def _invocation(outcome: Outcome, number: int) -> Any:
    import sarif_om

    notifications = []
    if number > _MOST_RESULTS:
        text = f"Only the {_MOST_RESULTS} most severe of {number} results are in this log: GitHub takes no more."
        notifications.append(sarif_om.Notification(message=sarif_om.Message(text=text), level="warning"))
    if number > _MOST_SHOWN:
        text = f"GitHub shows the {_MOST_SHOWN} most severe of {number} results."
        notifications.append(sarif_om.Notification(message=sarif_om.Message(text=text), level="note"))
    return sarif_om.Invocation(
        # A rule that crashed has looked at nothing: whoever reads "successful" would believe its silence.
        execution_successful=all(each.rule != "internal-error" for each in outcome.diagnostics),
        tool_execution_notifications=notifications or None,
    )


class _Results:
    """Diagnostics → results, with what all of them need."""

    def __init__(self, sources: Sources, rule_indexes: dict[str, int]) -> None:
        self._sources = sources
        self._rule_indexes = rule_indexes
        self._hashes: tuple[str, LineHashes | None] = ("", None)

    def result(self, group: list[Diagnostic]) -> Any:
        """One result for findings of one rule on one line."""
        import sarif_om

        first = group[0]
        related = list(dict.fromkeys(each for diagnostic in group for each in diagnostic.related))[:_MOST_RELATED]
        location = sarif_om.Location(physical_location=self._physical(first.location))
        resources = list(dict.fromkeys(each.resource for each in group if each.resource))
        location.logical_locations = [
            sarif_om.LogicalLocation(fully_qualified_name=printable(each), kind="resource") for each in resources
        ] or None
        return sarif_om.Result(
            rule_id=first.rule,
            rule_index=self._rule_indexes[first.rule],
            level=LEVELS[max(each.severity for each in group)],
            message=sarif_om.Message(text=message_text(group, related)),
            locations=[location],
            related_locations=[self._related(number, each) for number, each in enumerate(related, 1)] or None,
            partial_fingerprints=self._fingerprints(first),
            properties={"category": first.category, "cluster": printable(first.cluster) if first.cluster else None},
        )

    def _related(self, number: int, related: RelatedLocation) -> Any:
        import sarif_om

        return sarif_om.Location(
            id=number,
            message=sarif_om.Message(text=link_label(related)),
            physical_location=self._physical(related.location),
        )

    def _physical(self, location: Location) -> Any:
        import sarif_om

        inside = self._sources.inside(location)
        return sarif_om.PhysicalLocation(
            artifact_location=sarif_om.ArtifactLocation(uri=relative_uri(location.path), uri_base_id=_ROOT),
            region=sarif_om.Region(
                start_line=inside.line,
                start_column=inside.column,
                end_line=inside.end_line,
                end_column=inside.end_column,
            ),
        )

    def _fingerprints(self, diagnostic: Diagnostic) -> dict[str, str | None]:
        inside = self._sources.inside(diagnostic.location)
        hashes = self._line_hashes(inside.path)
        return {
            "primaryLocationLineHash": None if hashes is None else hashes.of(inside.line),
            "ekslint/v1": diagnostic.fingerprint,
        }

    def _line_hashes(self, path: str) -> LineHashes | None:
        # Findings come sorted by path: the last file is the one that is asked for again.
        if self._hashes[0] != path:
            file = self._sources.file(path)
            self._hashes = (path, None if file is None else LineHashes(file.text))
        return self._hashes[1]


def relative_uri(path: str) -> str:
    """A path relative to the root as a URI reference: percent-encoded UTF-8, or the bytes that it stands for."""
    try:
        encoded = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        encoded = path.encode("utf-8", "surrogatepass")
    return quote(encoded, safe="/")
