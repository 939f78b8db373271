"""The base of all views: reading a manifest, three-valued, with places."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ekslint.model.entity import Entity, Place
from ekslint.model.reading import PartialMapping, PartialSequence, Reading, Source, Undecided, Unknown
from ekslint.source.tree import Document, Map, Path, Step

if TYPE_CHECKING:
    from ekslint.model.cluster import Cluster
    from ekslint.model.estate import Estate

T_Object = TypeVar("T_Object", bound="KubernetesObject")

# `${NAME}` is filled in by envsubst or Flux, `{{ … }}` by Helm, Jinja and their kin; `$(NAME)` is Kubernetes' own.
_MARKER = re.compile(r"\$\{[^}]*\}|\{\{")


def is_template(value: object) -> bool:
    """Whether a scalar holds a placeholder that some other tool fills in."""
    return isinstance(value, str) and ("{" in value) and _MARKER.search(value) is not None


@dataclass(frozen=True, slots=True)
class Hole:
    """A field that something outside of the manifest sets: a kustomization, as a rule."""

    path: Path
    """From the root of the document; everything below is unknown too."""
    why: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all views of one manifest share."""

    document: Document
    holes: tuple[Hole, ...] = ()
    has_markers: bool = False
    """Whether a placeholder occurs anywhere in the document, so that most documents never look for one."""

    def hole_at(self, path: Path) -> Hole | None:
        """The hole at `path` or above it."""
        for hole in self.holes:
            if path[: len(hole.path)] == hole.path:
                return hole
        return None

    def hole_below(self, path: Path) -> bool:
        """Whether there is a hole somewhere under `path`."""
        return any(hole.path[: len(path)] == path for hole in self.holes)


class View(Entity):
    """A part of a manifest: the object itself, its pod template, a container."""

    __slots__ = ("node", "path", "sheet")
    node: Map
    path: Path
    """From the root of the document."""
    sheet: Sheet

    def __init__(self, title: str, sheet: Sheet, path: Path, node: Map, *, origin: Source, resource: str) -> None:
        super().__init__(title, origin, dialect="kubernetes", resource=resource)
        self.sheet = sheet
        self.path = path
        self.node = node

    def get(self, *path: Step) -> Any:
        """The value at a path, None if absent; mappings and sequences may have holes. Undecided if unknown."""
        node: Any = self.node
        if self.sheet.holes and (hole := self.sheet.hole_at((*self.path, *path))) is not None:
            raise Undecided(hole.why, self._source(path))
        for depth, step in enumerate(path):
            if isinstance(node, dict) and isinstance(step, str):
                if step not in node:
                    if self.sheet.has_markers and any(is_template(key) for key in node):
                        raise Undecided("a template fills in further keys", self._source(path[:depth]))
                    return None
                node = node[step]
            elif isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
                node = node[step]
            elif is_template(node):
                raise Undecided("a template fills it in", self._source(path[:depth]))
            else:
                return None
        if isinstance(node, dict | list):
            return self._guarded(node, (*self.path, *path))
        if self.sheet.has_markers and is_template(node):
            raise Undecided("a template fills it in", self._source(path))
        return node

    def text(self, *path: Step) -> str | None:
        """A string; Undecided for anything else, as nobody knows what was meant."""
        return self._typed(path, str, "a string")  # type: ignore[no-any-return]

    def integer(self, *path: Step) -> int | None:
        """An integer; Undecided for anything else."""
        value = self._typed(path, int, "an integer")
        if isinstance(value, bool):
            raise Undecided("it is not an integer", self._source(path))
        return value  # type: ignore[no-any-return]

    def boolean(self, *path: Step) -> bool | None:
        """A boolean; Undecided for anything else."""
        return self._typed(path, bool, "a boolean")  # type: ignore[no-any-return]

    def mapping(self, *path: Step) -> Mapping[str, Any]:
        """A mapping, empty if absent; Undecided for anything else."""
        value = self._typed(path, Mapping, "a mapping")
        return {} if value is None else value

    def sequence(self, *path: Step) -> Sequence[Any]:
        """A sequence, empty if absent; Undecided for anything else."""
        value = self._typed(path, Sequence, "a list")
        if isinstance(value, str):
            raise Undecided("it is not a list", self._source(path))
        return () if value is None else value

    def indexes(self, *path: Step) -> range:
        """The indexes of the list at a path, for making one view an item; holes in the items do not matter here."""
        if self.sheet.holes and (hole := self.sheet.hole_at((*self.path, *path))) is not None:
            raise Undecided(hole.why, self._source(path))
        node: Any = self.node
        for step in path:
            node = node.get(step) if isinstance(node, dict) and isinstance(step, str) else None
        if is_template(node):
            raise Undecided("a template fills it in", self._source(path))
        return range(len(node)) if isinstance(node, list) else range(0)

    def at(self, *path: Step, key: bool = False) -> Place:
        """See `Entity.at`; every path of the manifest is a path of its view."""
        if not path:
            return Place(self, (), self.origin)
        return Place(self, path, self._source(path, key=key))

    def unknown(self, *path: Step) -> bool:
        """See `Entity.unknown`."""
        try:
            self.get(*path)
        except Undecided:
            return True
        return False

    def _source(self, path: Sequence[Step], *, key: bool = False) -> Source:
        return Source(self.sheet.document, (*self.path, *path), key=key)

    def _typed(self, path: Sequence[Step], kind: type, words: str) -> Any:
        value = self.get(*path)
        if value is not None and not isinstance(value, kind):
            raise Undecided(f"it is not {words}", self._source(path))
        return value

    def _guarded(self, node: Any, path: Path) -> Any:
        """The node itself where everything below is known, else a copy that keeps the holes."""
        if not self.sheet.has_markers and not self.sheet.hole_below(path):
            return node
        return self._reading(node, path).value

    def _reading(self, node: Any, path: Path) -> Reading:
        source = Source(self.sheet.document, path)
        hole = self.sheet.hole_at(path)
        if hole is not None:
            return Reading(Unknown(hole.why), source)
        if is_template(node):
            return Reading(Unknown("a template fills it in"), source)
        if isinstance(node, dict):
            items = {key: self._reading(value, (*path, key)) for key, value in node.items()}
            open_keys = any(is_template(key) for key in node)
            unknown = (Unknown("a template fills in further keys"), source) if open_keys else None
            below = [hole for hole in self.sheet.holes if hole.path[:-1] == path]
            for hole in below:
                if isinstance(hole.path[-1], str) and hole.path[-1] not in items:
                    items[hole.path[-1]] = Reading(Unknown(hole.why), source)
            if unknown is None and all(_is_whole(item.value) for item in items.values()):
                return Reading({key: item.value for key, item in items.items()}, source)
            return Reading(PartialMapping(items, unknown), source)
        if isinstance(node, list):
            readings = [self._reading(value, (*path, index)) for index, value in enumerate(node)]
            if all(_is_whole(item.value) for item in readings):
                return Reading([item.value for item in readings], source)
            return Reading(PartialSequence(readings), source)
        return Reading(node, source)


def _is_whole(value: object) -> bool:
    return not isinstance(value, Unknown | PartialMapping | PartialSequence)


class KubernetesObject(View):
    """One Kubernetes object of a file, whatever its kind."""

    __slots__ = ("api_version", "estate", "kind", "name")
    defaults: ClassVar[Mapping[str, Any]] = {"name": None}
    estate: "Estate"
    api_version: str
    kind: str
    name: str | None
    """`metadata.name`; None where it is generated."""

    @property
    def group(self) -> str:
        """The API group, "" for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def namespace(self) -> str:
        """The namespace, `default` where none is given."""
        return self.text("metadata", "namespace") or "default"

    @property
    def labels(self) -> Mapping[str, str]:
        """`metadata.labels`."""
        return self.mapping("metadata", "labels")

    @property
    def annotations(self) -> Mapping[str, str]:
        """`metadata.annotations`."""
        return self.mapping("metadata", "annotations")

    @property
    def clusters(self) -> "Sequence[Cluster]":
        """Every cluster that the object may go to; empty where no cluster is known."""
        return self.estate.scope.candidates(self.sheet.document.source.path)

    @property
    def cluster(self) -> "Cluster | None":
        """The cluster that the object goes to.

        With several candidates the engine runs the rule for every one, and keeps what holds for all.
        """
        return self.estate.scope.cluster_of(self.sheet.document.source.path)

    def beside(self, kind: type[T_Object]) -> Iterator[T_Object]:
        """The objects of a kind that go to the same cluster, or may."""
        return self.estate.beside(self, kind)
