"""The engine's own findings, category `input`: what they are called, how bad they are, and what they mean.

They stand beside the rules: the same severities, the same documentation, the same configuration.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import cleandoc
from types import MappingProxyType

from ekslint.engine.diagnostic import Diagnostic, RuleDescription
from ekslint.engine.identity import fingerprint, stable_path
from ekslint.engine.input_documentation import DOCUMENTATION
from ekslint.engine.node_spans import paths_at
from ekslint.engine.severity import Severity
from ekslint.model.reading import Source
from ekslint.source.location import Location
from ekslint.source.tree import Document, Path

CATEGORY = "input"

# An error is what keeps content from being linted, or what the tools that apply the file reject.
_SEVERITIES = {
    "complex-key": Severity.ERROR,
    "duplicate-key": Severity.ERROR,
    "expired-ignore": Severity.WARNING,
    "ignore-without-reason": Severity.WARNING,
    "internal-error": Severity.ERROR,
    "invalid-alias": Severity.ERROR,
    "invalid-encoding": Severity.ERROR,
    "syntax-error": Severity.ERROR,
    "template-not-rendered": Severity.INFO,
    "too-deep": Severity.ERROR,
    "too-large": Severity.ERROR,
    "unknown-ignore": Severity.WARNING,
    "unquoted-string": Severity.ERROR,
    "unreadable-file": Severity.ERROR,
    "unused-ignore": Severity.WARNING,
    "wrong-type": Severity.ERROR,
}

NEVER_IGNORED = frozenset(
    {"expired-ignore", "ignore-without-reason", "internal-error", "unknown-ignore", "unused-ignore"}
)
"""What no comment or annotation can silence: an ignore about ignores would hide its own mistakes, and a rule that
failed has not judged the file."""


def _described(name: str) -> RuleDescription:
    documentation = cleandoc(DOCUMENTATION[name])
    return RuleDescription(
        name=name,
        category=CATEGORY,
        severity=_SEVERITIES[name],
        summary=documentation.split("\n", 1)[0],
        documentation=documentation,
        since="0.1.0",
    )


INPUT_FINDINGS: Mapping[str, RuleDescription] = MappingProxyType({name: _described(name) for name in _SEVERITIES})
"""Every finding that the engine makes itself, by name, in order of name."""


@dataclass(frozen=True, slots=True)
class InputFinding:
    """One finding of the engine itself, before it is settled."""

    kind: str
    """A name of `INPUT_FINDINGS`."""
    message: str
    """A full sentence without a closing period; may contain anything a user typed."""
    location: Location
    help: str | None = None
    document: Document | None = None
    """None where there is no document to speak of: the file cannot be read."""
    path: Path = ()
    """Key path in the document: what an annotation above it can cover."""

    @classmethod
    def at_source(cls, kind: str, source: Source, message: str) -> "InputFinding":
        """What a loader said about a place that it could not make sense of."""
        return cls(
            kind=kind,
            message=message,
            location=source.document.locate(source.path, key=source.key, find=source.find),
            document=source.document,
            path=source.path,
        )

    def settled(self, severity: Severity | None = None) -> Diagnostic:
        """The diagnostic of it; `severity` is the configuration's, where it has one for this kind."""
        description = INPUT_FINDINGS[self.kind]
        path = stable_path(self.document, self.path) if self.document is not None else []
        return Diagnostic(
            rule=self.kind,
            category=CATEGORY,
            severity=severity or description.severity,
            message=self.message,
            location=self.location,
            resource="",
            cluster=None,
            # Nothing was declared, so that the file is all there is to tell one from another.
            fingerprint=fingerprint(self.kind, None, "", path, self.location.path),
            help=self.help,
        )


def findings_of(document: Document) -> list[InputFinding]:
    """What the parser said about the text of a document."""
    paths = paths_at(document, (problem.start for problem in document.problems))
    return [
        InputFinding(
            kind=problem.kind,
            message=problem.message,
            location=document.source.location(problem.start, problem.end),
            document=document,
            path=paths[problem.start],
        )
        for problem in document.problems
    ]
