"""Reading a manifest, three-valued and with places: nothing is converted, nothing is read before somebody asks."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ekslint.model.entity import Entity, Place
from ekslint.model.kubernetes.sheet import Sheet, is_template
from ekslint.model.reading import PartialMapping, PartialSequence, Reading, Source, Undecided, Unknown
from ekslint.source.tree import Map, Path, Step

if TYPE_CHECKING:
    from ekslint.model.cluster import Cluster
    from ekslint.model.estate import Estate
    from ekslint.model.kubernetes.manifest import KubernetesObject

T = TypeVar("T")

_FILLED_IN = "a template fills it in"
_FURTHER_KEYS = "a template fills in further keys"
_MAXIMUM_GUARDED = 20_000
"""Nodes that one read may copy to keep their holes: aliases can make a small text stand for billions of them."""


class View(Entity):
    """A part of a manifest: the object itself, its pod template, a container."""

    __slots__ = ("node", "path", "sheet")
    node: Map
    path: Path
    """From the root of the document."""
    sheet: Sheet

    part_names: ClassVar[tuple[str, ...]] = ()
    """Names of the classes whose instances an object of this class may have among its `parts`."""

    def __init__(
        self, title: str, sheet: Sheet, path: Path, node: Map, *, resource: str, dialect: str = "kubernetes"
    ) -> None:
        super().__init__(title, Source(sheet.document, path), dialect=dialect, resource=resource)
        self.sheet = sheet
        self.path = path
        self.node = node

    def get(self, *path: Step) -> Any:
        """The value at a path, None if absent; mappings and sequences may have holes. Undecided if unknown."""
        node = self._walk(path)
        if isinstance(node, dict | list):
            return self._guarded(node, (*self.path, *path))
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

    def scalar(self, *path: Step) -> str | int | float | None:
        """A number or a text, for fields that take both (`25%` or `1`); Undecided for anything else."""
        value = self.get(*path)
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise Undecided("it is neither a number nor a string", self._source(path))
        return value

    def mapping(self, *path: Step) -> Mapping[str, Any]:
        """A mapping, empty if absent; Undecided for anything else."""
        value = self._typed(path, Mapping, "a mapping")
        return {} if value is None else value

    def strings(self, *path: Step, added: Mapping[str, Reading] | None = None) -> Mapping[str, str]:
        """A mapping of strings, as labels are, with those that something else adds and that win over written ones.

        Other scalars, which the API refuses, are as they were written.
        """
        value = self.mapping(*path)
        document, at = self.sheet.document, (*self.path, *path)
        if not isinstance(value, PartialMapping) and not all(type(item) is str for item in value.values()):
            value = {
                key: item if isinstance(item, str) else "" if item is None else document.raw((*at, key)) or ""
                for key, item in value.items()
            }
        if not added:
            return value
        keys = [*self.part(*path), *(hole.path[-1] for hole in self.sheet.holes if hole.path[:-1] == at)]
        items = {str(key): self._item_of(value, str(key), path) for key in keys if not is_template(key)} | dict(added)
        further = (Unknown(_FURTHER_KEYS), self._source(path)) if any(is_template(key) for key in keys) else None
        if further is None and not any(isinstance(item.value, Unknown) for item in items.values()):
            return {key: item.value for key, item in items.items() if item.value is not None}
        return PartialMapping(items, further)

    def sequence(self, *path: Step) -> Sequence[Any]:
        """A sequence, empty if absent; Undecided for anything else."""
        value = self._typed(path, Sequence, "a list")
        if isinstance(value, str):
            raise Undecided("it is not a list", self._source(path))
        return () if value is None else value

    def part(self, *path: Step) -> Map:
        """The mapping at a path itself, to make a view of; empty if absent, Undecided for anything else."""
        node = self._walk(path)
        if node is None:
            return Map()
        if not isinstance(node, Map):
            raise Undecided("it is not a mapping", self._source(path))
        return node

    def each(self, path: Path, make: Callable[[int, Any], T]) -> Sequence[T]:
        """What `make` makes of the index and value of every item of a list, empty if absent.

        An item that is unknown, or that `make` is undecided about, is a hole in the result.
        """
        node = self._walk(path)
        if node is None:
            return ()
        if not isinstance(node, list):
            raise Undecided("it is not a list", self._source(path))
        made: list[T] = []
        readings: list[Reading] = []
        whole = True
        for index, item in enumerate(node):
            try:
                value = make(index, item)
            except Undecided as undecided:
                whole = False
                readings.append(Reading(Unknown(undecided.why), undecided.source))
            else:
                made.append(value)
                readings.append(Reading(value, self._source((*path, index))))
        added = self.sheet.added_items((*self.path, *path), len(node)) if self.sheet.holes else None
        if whole and added is None:
            return made
        return PartialSequence(readings, (Unknown(added.why), self._source(path)) if added is not None else None)

    def item(self, path: Path, node: Any) -> Map:
        """An item of a list as the mapping that it should be; Undecided for anything else."""
        if isinstance(node, Map):
            return node
        raise Undecided(_FILLED_IN if is_template(node) else "it is not a mapping", self._source(path))

    def has(self, *path: Step) -> bool:
        """Whether something other than null stands at a path."""
        return self.get(*path) is not None

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

    def _walk(self, path: Sequence[Step]) -> Any:
        sheet = self.sheet
        if sheet.holes and (hole := sheet.hole_at((*self.path, *path))) is not None:
            raise Undecided(hole.why, self._source(path))
        node: Any = self.node
        for depth, step in enumerate(path):
            if isinstance(node, dict) and isinstance(step, str):
                if step not in node:
                    if sheet.has_markers and any(is_template(key) for key in node):
                        raise Undecided(_FURTHER_KEYS, self._source(path[:depth]))
                    return None
                node = node[step]
            elif isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
                node = node[step]
            elif is_template(node):
                raise Undecided(_FILLED_IN, self._source(path[:depth]))
            else:
                return None
        if sheet.has_markers and is_template(node):
            raise Undecided(_FILLED_IN, self._source(path))
        return node

    def _item_of(self, value: Mapping[str, Any], key: str, path: Path) -> Reading:
        if isinstance(value, PartialMapping):
            return value.part(key) or Reading(None, self._source((*path, key)))
        return Reading(value.get(key), self._source((*path, key)))

    def _source(self, path: Sequence[Step], *, key: bool = False) -> Source:
        return Source(self.sheet.document, (*self.path, *path), key=key)

    def _typed(self, path: Sequence[Step], kind: type, words: str) -> Any:
        value = self.get(*path)
        if value is not None and not isinstance(value, kind):
            raise Undecided(f"it is not {words}", self._source(path))
        return value

    def _guarded(self, node: Any, path: Path) -> Any:
        """The node itself where everything below is known, else a copy that keeps the holes."""
        if not self.sheet.has_markers and not (self.sheet.holes and self.sheet.hole_below(path)):
            return node
        return _Guard(self.sheet).reading(node, path).value


class _Guard:
    """Copies a part of a manifest, so that what is unknown in it stays so."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._budget = _MAXIMUM_GUARDED

    def reading(self, node: Any, path: Path) -> Reading:
        source = Source(self._sheet.document, path)
        self._budget -= 1
        if self._budget < 0:
            raise Undecided("it stands for more than anybody wrote", source)
        hole = self._sheet.hole_at(path) if self._sheet.holes else None
        if hole is not None:
            return Reading(Unknown(hole.why), source)
        if isinstance(node, dict):
            return self._mapping(node, path, source)
        if isinstance(node, list):
            return self._sequence(node, path, source)
        return Reading(Unknown(_FILLED_IN) if is_template(node) else node, source)

    def _mapping(self, node: dict[str, Any], path: Path, source: Source) -> Reading:
        items = {key: self.reading(value, (*path, key)) for key, value in node.items() if not is_template(key)}
        for hole in self._sheet.holes:
            last = hole.path[-1] if hole.path else None
            if isinstance(last, str) and hole.path[:-1] == path and last not in items:
                items[last] = Reading(Unknown(hole.why), source)
        further = (Unknown(_FURTHER_KEYS), source) if any(is_template(key) for key in node) else None
        if further is None and all(_is_whole(item.value) for item in items.values()):
            return Reading(node, source)
        return Reading(PartialMapping(items, further), source)

    def _sequence(self, node: list[Any], path: Path, source: Source) -> Reading:
        items = [self.reading(value, (*path, index)) for index, value in enumerate(node)]
        added = self._sheet.added_items(path, len(node)) if self._sheet.holes else None
        if added is None and all(_is_whole(item.value) for item in items):
            return Reading(node, source)
        return Reading(PartialSequence(items, (Unknown(added.why), source) if added is not None else None), source)


def _is_whole(value: object) -> bool:
    return not isinstance(value, Unknown | PartialMapping | PartialSequence)


class Part(View):
    """A part of an object that a rule may visit or point to: a pod template, a container, a selector."""

    __slots__ = ("owner",)
    owner: "KubernetesObject"
    """The object that it is a part of."""

    def __init__(self, parent: "Part | KubernetesObject", title: str, path: Path, node: Map) -> None:
        """`path` is relative to the parent's."""
        super().__init__(
            title, parent.sheet, (*parent.path, *path), node, resource=parent.resource, dialect=parent.dialect
        )
        self.owner = parent.owner if isinstance(parent, Part) else parent

    @property
    def estate(self) -> "Estate":
        """The estate of its object."""
        return self.owner.estate

    @property
    def clusters(self) -> "Sequence[Cluster]":
        """Every cluster that its object may go to."""
        return self.owner.clusters

    @property
    def cluster(self) -> "Cluster | None":
        """The cluster that its object goes to; see `KubernetesObject.cluster`."""
        return self.owner.cluster
