"""Which places of a finding are quoted together, and which are only named."""

from dataclasses import dataclass, field

from ekslint.engine.diagnostic import Diagnostic, RelatedLocation
from ekslint.report.escaping import printable_place
from ekslint.report.layout import listed
from ekslint.report.sources import Sources
from ekslint.source.location import Location

# Places further apart than this are easier to open by their own `path:line:column` than to find in one long frame.
_NEAR_LINES = 10
_RELATED_IN_FULL = 5
_ALSO_NAMED = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to underline, and what to write beside it."""

    location: Location
    label: str
    primary: bool


@dataclass(slots=True)
class Frame:
    """Marks in one file, near each other; the first one is the place in the frame's title."""

    marks: list[Mark] = field(default_factory=list)

    @property
    def location(self) -> Location:
        """The place that opens the frame."""
        return self.marks[0].location

    @property
    def lines(self) -> list[int]:
        """The marked lines, ascending."""
        return sorted({mark.location.line for mark in self.marks})

    def takes(self, location: Location) -> bool:
        """Whether a place is near enough to be quoted here."""
        return location.path == self.location.path and any(
            abs(location.line - mark.location.line) <= _NEAR_LINES for mark in self.marks
        )


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What to quote of a finding, and the remarks on what is not quoted."""

    frames: tuple[Frame, ...]
    """The first one begins with the primary place; never empty."""
    remarks: tuple[str, ...]
    """Printable lines."""


def arrange(diagnostic: Diagnostic, sources: Sources, unicode: bool) -> Arrangement:
    """The frames of a finding.

    Equal labels stand for equal reasons: the first place is quoted, the others are named. Five reasons are quoted.
    """

    def place(location: Location) -> str:
        return printable_place(location.path, location.line, location.column, unicode)

    frames = [Frame([Mark(diagnostic.location, diagnostic.label or "", primary=True)])]
    remarks: list[str] = []
    if diagnostic.label and sources.line(diagnostic.location.path, diagnostic.location.line) is None:
        remarks.append(diagnostic.label)
    groups = _by_label(diagnostic)
    for label, locations in groups[:_RELATED_IN_FULL]:
        first, *others = locations
        if sources.line(first.path, first.line) is None:
            remarks.append(f"{label or 'see'}: {place(first)}")
        else:
            mark = Mark(first, label, primary=False)
            near = next((frame for frame in frames if frame.takes(first)), None)
            if near is None:
                frames.append(Frame([mark]))
            else:
                near.marks.append(mark)
        if others:
            also = listed([place(each) for each in others], _ALSO_NAMED)
            remarks.append(f"{label}: also at {also}" if label else f"see also {also}")
    rest = sum(len(locations) for _, locations in groups[_RELATED_IN_FULL:])
    if rest:
        remarks.append(f"and {rest} more related {'place' if rest == 1 else 'places'}")
    return Arrangement(tuple(frames), tuple(remarks))


def _by_label(diagnostic: Diagnostic) -> list[tuple[str, list[Location]]]:
    groups: dict[str, list[Location]] = {}
    for related in _distinct(diagnostic.related):
        groups.setdefault(related.label, []).append(related.location)
    return list(groups.items())


def _distinct(related: tuple[RelatedLocation, ...]) -> list[RelatedLocation]:
    return list(dict.fromkeys(related))
