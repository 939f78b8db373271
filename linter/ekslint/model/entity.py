"""The base of everything in the model: fields that know where they came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ekslint.model.condition import Condition
from ekslint.model.reading import (
    PartialMapping,
    PartialSequence,
    Reading,
    Source,
    Undecided,
    is_plain,
    possible,
)
from ekslint.model.world import Forked
from ekslint.source.location import Location
from ekslint.source.tree import Step


@dataclass(frozen=True, slots=True)
class Place:
    """A field of an entity, and where it was written. Lines and columns are worked out late, for findings alone."""

    entity: "Entity"
    path: tuple[Step, ...]
    source: Source

    @property
    def location(self) -> Location:
        """The one line of it, or of the nearest thing above it that exists."""
        source = self.source
        return source.document.locate(source.path, key=source.key, find=source.find)

    def within(self, piece: str) -> "Place":
        """The line of the first `piece` in it, where it is a text of many lines, as a script."""
        return Place(self.entity, self.path, replace(self.source, find=piece))

    @property
    def by_default(self) -> str | None:
        """The parameter whose default the value is, if it came that way."""
        return self.source.by_default

    @property
    def is_written(self) -> bool:
        """Whether it stands in the file itself, and its place is not merely where it could be written."""
        return self.source.document.holds(self.source.path)


class Entity:
    """Something that was declared: a cluster, a pool, a workload, a role.

    Known fields sit in slots. A field that is unknown, or that depends on a condition, leaves its slot empty, so that
    `__getattr__` decides: no unknown object ever reaches a rule, and types stay honest.
    """

    __slots__ = ("_readings", "_title", "dialect", "origin", "presence", "resource")

    defaults: ClassVar[Mapping[str, Any]] = {}
    """Fields that a loader need not declare, with what the API takes for them."""

    dialect: str
    """`eksctl`, `kubernetes`, `karpenter` or `cloudformation`."""
    origin: Source
    """Where the entity itself stands."""
    presence: Condition | None
    """The condition under which it exists at all."""
    resource: str
    """The dialect's own kind and name: `ManagedNodeGroup/general`, `Deployment.apps/shop/api`."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        merged: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            merged.update(base.__dict__.get("defaults", {}))
        cls.defaults = merged

    def __init__(
        self, title: str, origin: Source, *, dialect: str, resource: str, presence: Condition | None = None
    ) -> None:
        self._title = title
        self._readings: dict[str, Reading] = {}
        self.origin = origin
        self.dialect = dialect
        self.resource = resource
        self.presence = presence

    def __str__(self) -> str:
        """Kind and name as a sentence can use them: `node group general`."""
        return self._title

    def __repr__(self) -> str:
        return f"<{self._title}>"

    def declare(self, **fields: Reading) -> None:
        """Set fields from what a loader read. Later declarations win."""
        for name, reading in fields.items():
            self._readings[name] = reading
            if is_plain(reading.value):
                object.__setattr__(self, name, reading.value)
            else:
                try:
                    object.__delattr__(self, name)
                except AttributeError:
                    continue

    def __getattr__(self, name: str) -> Any:
        # Reached for empty slots only.
        if name in Entity.__slots__ or name.startswith("_"):
            raise AttributeError(name)
        reading = self._readings.get(name)
        if reading is not None:
            return reading.known()
        try:
            return type(self).defaults[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no field {name}") from None

    def reading(self, field: str) -> Reading | None:
        """How a field was declared; None where it was left to its default. For loaders, which join entities."""
        return self._readings.get(field)

    def at(self, *path: Step, key: bool = False) -> Place:
        """The place of a field, or of an item in it; of the nearest thing that exists, where that is missing.

        With `key`, the key is the place, not the value.
        """
        reading = self._readings.get(str(path[0])) if path else None
        if reading is None:
            source = self.origin
        else:
            source = reading.at(path[1:])
        if path == ("name",) and source.by_default is not None:
            # A name tells which entity is meant: what is wrong with it does not depend on what it is called.
            source = Source(source.document, source.path, None, source.find, source.key)
        if key and not source.key:
            source = Source(source.document, source.path, source.by_default, None, True)
        if self.presence is not None and source.by_default is None and self.presence.by_default is not None:
            source = Source(source.document, source.path, self.presence.by_default, source.find, source.key)
        return Place(self, path, source)

    def unknown(self, *path: Step) -> bool:
        """Whether a field, or an item of it, cannot be known here. Looks without raising.

        While a rule runs, a choice is not unknown: the engine makes it, and runs the rule again.
        """
        try:
            value = getattr(self, str(path[0]))
            for step in path[1:]:
                value = value[step]
        except Undecided:
            return True
        except Forked as fork:
            if fork.is_judging:
                raise
            return True
        except (LookupError, TypeError):
            return False
        return False

    def possible_items(self, field: str) -> Iterator[Any]:
        """Every item of a field in some world (the values of a mapping, the field itself if it is no collection).

        Never raises: what is unknown is left out. For what must see all that was declared, as a list of subjects.
        """
        reading = self.reading(field)
        for value in possible(reading) if reading is not None else (type(self).defaults.get(field),):
            if isinstance(value, PartialMapping | PartialSequence):
                yield from value.possible()
            elif isinstance(value, Mapping):
                yield from value.values()
            elif isinstance(value, Sequence) and not isinstance(value, str):
                yield from value
            elif value is not None:
                yield value

    @property
    def present(self) -> bool:
        """Whether it exists in the current world; Forked where that is a choice."""
        return self.presence is None or self.presence.holds()
