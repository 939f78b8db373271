"""Ignores that survive rendering: annotations of Kubernetes objects, and the metadata of CloudFormation resources."""

from collections.abc import Iterator
from typing import NamedTuple

from ekslint.engine.ignore_grammar import ENTRY_EXAMPLE, Ignore, Malformed, read_entries, shortened
from ekslint.source.location import Location
from ekslint.source.tree import Document, Map, Node, Path, Seq, TooManyNodes, walk

ANNOTATION = "ekslint/ignore"


class Carried(NamedTuple):
    """One ignore, and the object that it covers with everything below."""

    content: Ignore | Malformed
    covers: Path
    path: Path
    """Where it is written."""
    location: Location
    places: tuple[Location, ...]
    """Of each name."""


def carried_by(document: Document) -> Iterator[Carried]:
    """The ignores in the values of a document, in order.

    `metadata.annotations` belongs to the object around it, be it a whole manifest, an item of a List or a pod
    template; `Metadata` to the resource or the template around it.
    """
    if not isinstance(document.root, Map | Seq):
        return
    try:
        for path, node in walk(document.root):
            if isinstance(node, dict):
                yield from _annotation(document, path, node)
                yield from _metadata(document, path, node)
    except TooManyNodes:
        return


def _annotation(document: Document, path: Path, node: dict[str, Node]) -> Iterator[Carried]:
    metadata = node.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(annotations, dict):
        return
    for key, value in annotations.items():
        at = (*path, "metadata", "annotations", key)
        if key == ANNOTATION:
            yield from _entries(document, path, at, value)
        elif key.startswith("ekslint") and "ignore" in key.lower():
            malformed = Malformed(0, 0, f"annotation {shortened(key)} has no meaning", f"did you mean {ANNOTATION}?")
            yield Carried(malformed, path, at, document.locate(at, key=True), ())


def _metadata(document: Document, path: Path, node: dict[str, Node]) -> Iterator[Carried]:
    metadata = node.get("Metadata")
    ours = metadata.get("ekslint") if isinstance(metadata, dict) else None
    if ours is None:
        return
    base = (*path, "Metadata", "ekslint")
    ignore = ours.get("ignore") if isinstance(ours, dict) else None
    if ignore is None or (isinstance(ours, dict) and len(ours) > 1):
        malformed = Malformed(0, 0, "Metadata.ekslint has a single key, ignore", 'write {ignore: ["rule -- reason"]}')
        yield Carried(malformed, path, base, document.locate(base, key=True), ())
    if isinstance(ignore, list):
        for index, item in enumerate(ignore):
            yield from _entries(document, path, (*base, "ignore", index), item)
    elif ignore is not None:
        yield from _entries(document, path, (*base, "ignore"), ignore)


def _entries(document: Document, covers: Path, at: Path, value: Node) -> Iterator[Carried]:
    if not isinstance(value, str):
        # A number or a mapping; what a template fills in is a string.
        malformed = Malformed(0, 0, "an ignore is a string with the names of rules", ENTRY_EXAMPLE)
        yield Carried(malformed, covers, at, document.locate(at), ())
        return
    if "{{" in value or "${" in value:
        return
    written = _Written(document, at, value)
    for content in read_entries(value):
        if isinstance(content, Malformed):
            yield Carried(content, covers, at, written.place(content.start, content.end), ())
        else:
            places = tuple(written.place(name.start, name.end) for name in content.names)
            yield Carried(content, covers, at, places[0], places)


class _Written:
    """A scalar, and where the parts of its value stand in the file."""

    def __init__(self, document: Document, at: Path, value: str) -> None:
        self._source = document.source
        self._value = value
        self._whole = document.locate(at)
        self._start, self._end = _scalar_span(document, at)
        # Escapes and indentation make a value differ from its text: then its words are looked for, one after another.
        self._exact = self._source.text.find(value, self._start, self._end)

    def place(self, start: int, end: int) -> Location:
        """The line of a part of the value; of the whole scalar, where that cannot be told."""
        if self._exact >= 0:
            return self._source.location(self._exact + start, self._exact + end)
        words = self._value[start:end].strip()
        found = self._source.text.find(words, self._start, self._end)
        if found < 0:
            self._start = self._end  # whatever is written in an odd way here need not be searched again and again
            return self._whole
        self._start = found
        return self._source.location(found, found + len(words))


def _scalar_span(document: Document, at: Path) -> tuple[int, int]:
    parent, step = document.value(at[:-1]), at[-1]
    if isinstance(parent, Map) and isinstance(step, str):
        first = parent.base + 4 * list(parent).index(step) + 2
    elif isinstance(parent, Seq) and isinstance(step, int):
        first = parent.base + 2 * step
    else:
        return document.start, document.start
    return document.offsets[first], document.offsets[first + 1]
