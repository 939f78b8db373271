"""What the configuration says, typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from ekslint.config.patterns import FilePatterns
from ekslint.engine.input_findings import CATEGORY as INPUT_CATEGORY
from ekslint.engine.severity import Severity
from ekslint.source.location import Location
from ekslint.source.tree import Document, Step

K = TypeVar("K")
V = TypeVar("V")


def frozen(mapping: Mapping[K, V]) -> Mapping[K, V]:
    """A mapping that nobody can change."""
    return MappingProxyType(dict(mapping))


@dataclass(frozen=True, slots=True)
class ConfiguredCluster:
    """What the configuration says of one cluster."""

    name: str
    files: FilePatterns | None = None
    """The files that go to it; None where the folders decide."""
    kubernetes_version: str | None = None
    """`1.33`."""
    profile: str | None = None
    """`production` or `dev`; None where names, tags and folders decide."""


@dataclass(frozen=True, slots=True)
class FileIgnore:
    """Rules or categories that are left out for some files."""

    files: FilePatterns
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """One `.ekslint.yaml`; everything has its default where there is none."""

    path: str | None = None
    """The file, as in Locations; None if there is none."""
    select: tuple[str, ...] | None = None
    """Rules and categories to run; None for all."""
    ignore: tuple[str, ...] = ()
    """Rules and categories to leave out."""
    severity: Mapping[str, Severity] = field(default_factory=lambda: frozen({}))
    """By rule."""
    rules: Mapping[str, Mapping[str, object]] = field(default_factory=lambda: frozen({}))
    """Options as they are written, by rule; `resolve_options` types them."""
    exclude: FilePatterns = field(default_factory=FilePatterns)
    """Files that are not read."""
    per_file_ignores: tuple[FileIgnore, ...] = ()
    clusters: tuple[ConfiguredCluster, ...] = ()
    known_node_labels: tuple[str, ...] = ()
    """Keys of labels, or beginnings of them that end in `*`."""
    require_ignore_reason: bool = False
    fail_on: Severity | None = Severity.WARNING
    """None for never."""
    minimum_severity: Severity = Severity.WARNING
    plugins: bool | tuple[str, ...] = False
    """Names of entry points; True for all."""
    baseline: str | None = None
    """Relative to the root, with `/`; never outside of it."""
    document: Document | None = field(default=None, compare=False, repr=False)
    """The text behind it, for places."""

    def at(self, *path: Step, key: bool = False) -> Location | None:
        """Where something stands in the file; None without a file."""
        return self.document.locate(path, key=key) if self.document is not None else None

    def enables(self, rule: str, category: str, *, preview: bool = False) -> bool:
        """Whether a rule runs. Its own name weighs more than its category, and `ignore` more than `select`.

        The engine's own findings do not have to be selected.
        """
        if rule in self.ignore:
            return False
        if self.select is not None and rule in self.select:
            return True
        if preview or category in self.ignore:
            return False
        return self.select is None or category in self.select or category == INPUT_CATEGORY

    def ignores_in(self, rule: str, category: str, path: str) -> bool:
        """Whether `per-file-ignores` leaves a rule out for the file at `path`."""
        return any(
            (rule in each.names or category in each.names) and each.files.match(path) for each in self.per_file_ignores
        )

    @property
    def profiles(self) -> Mapping[str, str]:
        """The profile of each cluster that has one, by name."""
        return {cluster.name: cluster.profile for cluster in self.clusters if cluster.profile is not None}
