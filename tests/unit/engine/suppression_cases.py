"""What the tests of suppressions share: parsing a text, and asking about a place by the words that stand there."""

from collections.abc import Mapping, Sequence
from datetime import date

from ekslint.engine.input_findings import InputFinding
from ekslint.engine.suppression import Suppressions
from ekslint.source.parsing import parse
from ekslint.source.scalars import Typing, manifest
from ekslint.source.text import SourceText
from ekslint.source.tree import Document, Path

RULES = ("floating-image-tag", "privileged-container", "missing-readiness-probe", "single-node-group")
CATEGORIES = ("images", "security")
AS_OF = date(2026, 6, 30)
FILE = "apps/api.yaml"


class Case:
    """One file and its suppressions."""

    def __init__(self, text: str, *, file: str = FILE, typing: Typing = manifest, as_of: date = AS_OF) -> None:
        self.documents: list[Document] = parse(SourceText(file, text), typing)
        self.suppressions = of({file: self.documents}, as_of=as_of)

    def covers(self, rule: str, *path: str | int, document: int = 0) -> bool:
        """Whether a finding of `rule` at a key path is ignored."""
        found = self.documents[document]
        place: Path = tuple(path)
        return self.suppressions.covers(rule, found.locate(place), found, place)

    def findings(self, *, enabled: Sequence[str] = RULES, require_reason: bool = False) -> list[InputFinding]:
        return self.suppressions.findings(enabled, require_reason=require_reason)

    def told(self, *, enabled: Sequence[str] = RULES, require_reason: bool = False) -> list[str]:
        """The findings as `line:column kind`."""
        return [
            f"{finding.location.line}:{finding.location.column} {finding.kind}"
            for finding in self.findings(enabled=enabled, require_reason=require_reason)
        ]


def of(documents: Mapping[str, Sequence[Document]], *, as_of: date = AS_OF) -> Suppressions:
    return Suppressions.of(documents, RULES, as_of, categories=CATEGORIES)
