"""Values of a ClusterConfig, as eksctl decodes them: each against the type of its field.

eksctl decodes a file twice (`ParseConfig` in eksctl 0.231 `pkg/eks/api.go`). The first time, sigs.k8s.io/yaml turns
numbers and booleans into text where a struct wants a string; the second time, apimachinery's decoder does not, so that
`version: 1.30` and `labels: {gpu: true}` are refused. What the author meant is the text as written: the model takes
that, and the file's own fault is a problem of its own.
"""

from collections.abc import Mapping, Sequence

from ekslint.loaders.loaded import LoadProblem
from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.reading import PartialMapping, PartialSequence, Reading, Source, Unknown
from ekslint.source.scalars import key_text
from ekslint.source.tree import MAXIMUM_VISITS, Document, Map, Node, Path, Step, TooManyNodes, walk

TEMPLATED = Unknown("a template fills it in")
TEMPLATED_KEYS = Unknown("a template fills in further keys")
TOO_LARGE = Unknown("it is too large to read")


class Decoder:
    """Reads the values of one document, and notes what eksctl would refuse."""

    def __init__(self, document: Document, problems: list[LoadProblem]) -> None:
        self.document = document
        self._problems = problems
        self._noted: set[tuple[str, Path]] = set()
        self._visits = MAXIMUM_VISITS

    def may_read(self, items: int) -> bool:
        """Whether so many more items can be read: aliases let a short file stand for millions of them."""
        self._visits -= items
        return self._visits >= 0

    def source(self, path: Path, *, key: bool = False) -> Source:
        """The place of `path` in the document."""
        return Source(self.document, path, key=key)

    def text(self, value: Node, path: Path, *, verbatim: bool = False) -> Reading:
        """A string; "" for null, as Go leaves it. `verbatim` takes `${…}` and `{{…}}` for a part of the text."""
        if isinstance(value, str):
            return Reading(TEMPLATED if not verbatim and is_template(value) else value, self.source(path))
        if value is None:
            return Reading("", self.source(path))
        if isinstance(value, bool | int | float):
            written = self.document.raw(path) or ""
            if not written or written.startswith("*"):
                written = key_text(value)
            meant = f"the {'boolean' if isinstance(value, bool) else 'number'} {key_text(value)}"
            self._note(
                "unquoted-string",
                path,
                f'{dotted(path)} is {meant} to eksctl, which wants a string and refuses the file: write "{written}"',
            )
            return Reading(written, self.source(path))
        return self.mismatch("a string", value, path)

    def integer(self, value: Node, path: Path) -> Reading:
        """A whole number; None for null. A fraction of zero is no fraction to JSON."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return Reading(value, self.source(path))
        return self._other("an integer", value, path)

    def number(self, value: Node, path: Path) -> Reading:
        """Any number; None for null."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Reading(value, self.source(path))
        return self._other("a number", value, path)

    def boolean(self, value: Node, path: Path) -> Reading:
        """A boolean; None for null."""
        if isinstance(value, bool):
            return Reading(value, self.source(path))
        return self._other("a boolean", value, path)

    def texts(self, value: Node, path: Path, *, verbatim: bool = False) -> Reading:
        """A tuple of strings, or a sequence with holes; None for null."""
        if not isinstance(value, list):
            return self._other("a list of strings", value, path)
        if not self.may_read(len(value)):
            return Reading(TOO_LARGE, self.source(path))
        items = [self.text(item, (*path, index), verbatim=verbatim) for index, item in enumerate(value)]
        return sequence(items, self.source(path))

    def text_map(self, value: Node, path: Path) -> Reading:
        """A mapping of strings to strings, or one with holes; None for null."""
        if not isinstance(value, dict):
            return self._other("a mapping of strings", value, path)
        if not self.may_read(len(value)):
            return Reading(TOO_LARGE, self.source(path))
        items = {key: self.text(each, (*path, key)) for key, each in value.items()}
        return mapping(items, self.source(path), has_open_keys=any(map(is_template, value)))

    def inline(self, value: Node, path: Path) -> Reading:
        """A document of its own (a policy, kubelet configuration); None for null."""
        return self.anything(value, path) if isinstance(value, dict) else self._other("a mapping", value, path)

    def anything(self, value: Node, path: Path) -> Reading:
        """A value of any shape, with holes where a template fills it in."""
        try:
            whole = not any(
                is_template(each) or (isinstance(each, dict) and any(map(is_template, each)))
                for _, each in walk(value, budget=MAXIMUM_VISITS)
            )
        except TooManyNodes:
            return Reading(TOO_LARGE, self.source(path))
        return Reading(value, self.source(path)) if whole else self._guarded(value, path)

    def mismatch(self, expected: str, value: Node, path: Path) -> Reading:
        """Note a value of the wrong type, and read it as unknown."""
        self._note("wrong-type", path, f"{dotted(path)} must be {expected}, not {described(value)}")
        return Reading(Unknown(f"it is not {expected}"), self.source(path))

    def _other(self, expected: str, value: Node, path: Path) -> Reading:
        if value is None:
            return Reading(None, self.source(path))
        if is_template(value):
            return Reading(TEMPLATED, self.source(path))
        return self.mismatch(expected, value, path)

    def _guarded(self, node: Node, path: Path) -> Reading:
        if isinstance(node, dict):
            items = {key: self._guarded(value, (*path, key)) for key, value in node.items()}
            return mapping(items, self.source(path), has_open_keys=any(map(is_template, node)))
        if isinstance(node, list):
            parts = [self._guarded(value, (*path, index)) for index, value in enumerate(node)]
            return sequence(parts, self.source(path))
        return Reading(TEMPLATED if is_template(node) else node, self.source(path))

    def _note(self, kind: str, path: Path, message: str) -> None:
        # Several fields of the model may come from one value.
        if (kind, path) not in self._noted:
            self._noted.add((kind, path))
            self._problems.append(LoadProblem(kind, self.source(path), message))


def sequence(items: Sequence[Reading], source: Source, hole: Reading | None = None) -> Reading:
    """A tuple, with the place of each item; with holes where an item, or whether there are more, is unknown."""
    if hole is None and not any(_has_hole(item) for item in items):
        return Reading(tuple(item.value for item in items), source, dict(enumerate(items)))
    opening = (hole.value, hole.source) if hole is not None else None
    return Reading(PartialSequence(items, opening), source, dict(enumerate(items)))


def mapping(items: Mapping[str, Reading], source: Source, *, has_open_keys: bool = False) -> Reading:
    """A dict, with the place of each value; a mapping with holes where a value, or the keys, are unknown."""
    if not has_open_keys and not any(_has_hole(item) for item in items.values()):
        return Reading({key: item.value for key, item in items.items()}, source, parts_of(items))
    return Reading(PartialMapping(items, (TEMPLATED_KEYS, source) if has_open_keys else None), source, parts_of(items))


def parts_of(items: Mapping[str, Reading]) -> Mapping[Step, Reading]:
    """The items of a mapping as the parts of its reading."""
    return dict[Step, Reading](items.items())


def _has_hole(item: Reading) -> bool:
    return isinstance(item.value, Unknown | PartialMapping | PartialSequence)


def dotted(path: Path) -> str:
    """A path as a person writes it: `managedNodeGroups[0].labels.gpu`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the document"


def described(value: Node) -> str:
    """What a value is, for a sentence."""
    if isinstance(value, Map):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return f"the boolean {key_text(value)}"
    if isinstance(value, int | float):
        return f"the number {key_text(value)}"
    return f"the text {value}" if isinstance(value, str) else "empty"
