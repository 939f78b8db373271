"""What findings a file asks to ignore: in comments, in annotations of objects, in CloudFormation metadata.

An ignore names its rules; it never covers everything. What is wrong with an ignore is a finding of its own.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ekslint.engine.carriers import carried_by
from ekslint.engine.comments import comments_in
from ekslint.engine.ignore_grammar import Ignore, Malformed, shortened
from ekslint.engine.input_findings import INPUT_FINDINGS, NEVER_IGNORED, InputFinding
from ekslint.source.location import Location
from ekslint.source.nearest import nearest
from ekslint.source.tree import Document, Path

_MARK = "ekslint"
_MOST_SUGGESTIONS = 200


@dataclass(eq=False, slots=True)
class _Suppression:
    ignore: Ignore
    document: Document | None
    path: Path
    places: dict[str, Location]
    """Where each name is written."""
    location: Location
    as_of: date
    judged: bool = True
    """Whether to say what is wrong with it."""
    hint: str | None = None
    """Why it may ignore nothing."""
    used: set[str] = field(default_factory=set)

    @property
    def expired(self) -> bool:
        return self.ignore.until is not None and self.ignore.until < self.as_of


class _File:
    """The suppressions of one file, found by the place of a finding without looking at all of them."""

    def __init__(self, document: Document) -> None:
        self._source = document.source
        self.everywhere: list[_Suppression] = []
        self.on_line: dict[int, list[_Suppression]] = defaultdict(list)
        self.below: dict[tuple[int, Path], list[_Suppression]] = defaultdict(list)
        """By document and key path of the object."""
        self.within: dict[tuple[int, int], list[_Suppression]] = defaultdict(list)
        """By start and end of a node. Nodes are nested or apart, never half inside each other."""
        self._enclosing: dict[tuple[int, int], tuple[int, int] | None] | None = None
        self._ordered: list[tuple[int, int]] = []

    def reaching(self, location: Location, document: Document | None, path: Path) -> Iterator[_Suppression]:
        """The suppressions whose place holds a finding."""
        yield from self.everywhere
        yield from self.on_line.get(location.line, ())
        if document is not None and self.below:
            for depth in range(len(path) + 1):
                yield from self.below.get((id(document), tuple(path[:depth])), ())
        if self.within and location.line <= self._source.line_count:
            for span in self._around(self._source.line_span(location.line)[0] + location.column - 1):
                yield from self.within[span]

    def _around(self, offset: int) -> Iterator[tuple[int, int]]:
        if self._enclosing is None:
            self._ordered = sorted(self.within, key=lambda span: (span[0], -span[1]))
            self._enclosing = {}
            open_spans: list[tuple[int, int]] = []
            for span in self._ordered:
                while open_spans and open_spans[-1][1] <= span[0]:
                    open_spans.pop()
                self._enclosing[span] = open_spans[-1] if open_spans else None
                open_spans.append(span)
        at = bisect_right(self._ordered, offset, key=lambda span: span[0]) - 1
        around = self._ordered[at] if at >= 0 else None
        while around is not None:
            if offset < around[1]:
                yield around
            around = self._enclosing[around]


class Suppressions:
    """All ignores of a run. Ask `covers` about every finding first, then take `findings`."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._all: list[_Suppression] = []
        self._mistakes: list[InputFinding] = []

    @classmethod
    def of(
        cls,
        documents_by_path: Mapping[str, Sequence[Document]],
        known_rules: Collection[str],
        as_of: date,
        *,
        categories: Collection[str] = (),
    ) -> "Suppressions":
        """Read the ignores of all files.

        `known_rules` are the names of all rules, enabled or not; the engine's own findings are known anyway. An ignore
        until a day before `as_of` has expired. `categories` only make for better words, as no ignore names one.
        """
        suppressions = cls()
        known = _Known((frozenset(known_rules) | INPUT_FINDINGS.keys()) - NEVER_IGNORED, frozenset(categories))
        for path in sorted(documents_by_path):
            documents = documents_by_path[path]
            if documents and _MARK in documents[0].source.text:
                suppressions._read(path, documents, known, as_of)
        return suppressions

    def covers(self, rule: str, location: Location, document: Document | None, path: Path) -> bool:
        """Whether a finding is ignored. `location` is the line of the finding, `document` and `path` its place.

        Whatever covers it counts as used. An expired ignore covers nothing, but has been of use.
        """
        file = self._files.get(location.path)
        if file is None or rule in NEVER_IGNORED:
            return False
        covered = False
        for suppression in file.reaching(location, document, path):
            if rule in suppression.places:
                suppression.used.add(rule)
                covered = covered or not suppression.expired
        return covered

    def findings(self, enabled_rules: Collection[str], *, require_reason: bool = False) -> list[InputFinding]:
        """What is wrong with the ignores, in order of path and place.

        `enabled_rules` are the names of the rules, and of the engine's own findings, that this run looked for: an
        ignore of any other may well be of use in another run.
        """
        found = list(self._mistakes)
        for suppression in self._all:
            if suppression.judged:
                found += _judged(suppression, enabled_rules, require_reason)
        return sorted(found, key=lambda finding: (finding.location, finding.kind, finding.message))

    def _read(self, path: str, documents: Sequence[Document], known: "_Known", as_of: date) -> None:
        file = self._files[path] = _File(documents[0])
        source = documents[0].source
        for comment in comments_in(documents):
            content = comment.content
            location = source.location(content.start, content.end)
            if isinstance(content, Malformed):
                if comment.readable:
                    self._mistake(content.message, location, content.help)
                continue
            places = {name.name: source.location(name.start, name.end) for name in content.names}
            suppression = _Suppression(content, None, (), places, location, as_of, comment.readable)
            self._add(suppression, known)
            if content.whole_file:
                file.everywhere.append(suppression)
                continue
            if comment.span is not None:
                file.within[comment.span].append(suppression)
            if not comment.own_line:
                file.on_line[comment.line].append(suppression)
            elif comment.span is None:
                suppression.hint = "no key and no list item begins below it at the same indentation"
        for document in documents:
            for carried in carried_by(document):
                content = carried.content
                if isinstance(content, Malformed):
                    self._mistake(content.message, carried.location, content.help, document, carried.path)
                    continue
                places = dict(zip((name.name for name in content.names), carried.places, strict=True))
                suppression = _Suppression(content, document, carried.path, places, carried.location, as_of)
                self._add(suppression, known)
                file.below[(id(document), carried.covers)].append(suppression)

    def _add(self, suppression: _Suppression, known: "_Known") -> None:
        unknown = [name for name in suppression.places if name not in known.ignorable]
        if unknown and suppression.judged:
            message, help_ = known.words(unknown)
            place = suppression.places[unknown[0]]
            self._mistake(message, place, help_, suppression.document, suppression.path)
        for name in unknown:
            del suppression.places[name]
        self._all.append(suppression)

    def _mistake(
        self,
        message: str,
        location: Location,
        help_: str,
        document: Document | None = None,
        path: Path = (),
    ) -> None:
        self._mistakes.append(InputFinding("unknown-ignore", message, location, help_, document, path))


@dataclass(frozen=True, slots=True)
class _Known:
    ignorable: frozenset[str]
    categories: frozenset[str]
    meant: dict[str, str | None] = field(default_factory=dict)

    def words(self, unknown: Sequence[str]) -> tuple[str, str]:
        """The message and the help for names that an ignore cannot have."""
        listed = _listed(shortened(name) for name in unknown)
        helps = []
        for name in unknown:
            if name in NEVER_IGNORED:
                helps.append(f"{name} can be set to another severity, or ignored, in .ekslint.yaml only")
            elif name in self.categories:
                helps.append(f"{name} is a category: name the rules that are meant")
            elif (meant := self._meant(name)) is not None:
                helps.append(f"did you mean {meant}?")
        message = f"{listed} cannot be ignored here: there is no such rule"
        if all(name in NEVER_IGNORED for name in unknown):
            message = f"{listed} cannot be ignored in a file"
        return message, "; ".join(dict.fromkeys(helps)) or "name rules, as findings show them in brackets"

    def _meant(self, name: str) -> str | None:
        # A file with a hundred thousand wrong names must not cost as many searches.
        if name not in self.meant and len(self.meant) < _MOST_SUGGESTIONS:
            self.meant[name] = nearest(name, self.ignorable)
        return self.meant.get(name)


def _judged(suppression: _Suppression, enabled_rules: Collection[str], require_reason: bool) -> Iterator[InputFinding]:
    ignore = suppression.ignore

    def finding(kind: str, message: str, location: Location, help_: str) -> InputFinding:
        return InputFinding(kind, message, location, help_, suppression.document, suppression.path)

    used = [name for name in suppression.places if name in suppression.used]
    unused = [name for name in suppression.places if name not in suppression.used and name in enabled_rules]
    if used and suppression.expired:
        message = f"the ignore of {_listed(used)} expired on {ignore.until}"
        help_ = "mend what is found, or set a new day with the reason for it"
        yield finding("expired-ignore", message, suppression.places[used[0]], help_)
    if unused:
        message = f"no finding of {_listed(unused)} is ignored here"
        help_ = "delete it"
        if suppression.hint is not None:
            message = f"{message}: {suppression.hint}"
            help_ = "indent the comment like the key or the dash that it is for"
        yield finding("unused-ignore", message, suppression.places[unused[0]], help_)
    if require_reason and ignore.reason is None and suppression.places:
        message = f"the ignore of {_listed(suppression.places)} has no reason"
        yield finding(
            "ignore-without-reason", message, suppression.location, "add the reason behind two dashes: -- why"
        )


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
