"""Reading kustomization files, and finding what they name among the files of a run."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ekslint.loaders.patching import Patch, Target, field_path, patch_of, target_of
from ekslint.loaders.recognise import is_kustomization
from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.reading import Reading, Source, Unknown
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText
from ekslint.source.tree import Document, Map, Node, Path

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git::|git@|(?:github|gitlab|bitbucket)\.[a-z]+[/:]|.*\?(?:ref|version)=")
_CANONICAL = ("kustomization.yaml", "kustomization.yml", "Kustomization")


@dataclass(frozen=True, slots=True)
class Generator:
    """An entry of `configMapGenerator` or `secretGenerator`."""

    path: Path
    name: str
    namespace: str | None
    creates: bool
    """Whether it makes a new object, and does not merge into or replace an existing one."""


@dataclass(eq=False, slots=True)
class Unit:
    """One kustomization."""

    document: Document
    root: Map
    path: str
    folder: str
    """"" for the root."""
    files: list[str] = field(default_factory=list)
    """Its own resources, as far as they are among the files of the run."""
    patch_files: list[str] = field(default_factory=list)
    children: "list[Unit]" = field(default_factory=list)
    parents: "list[Unit]" = field(default_factory=list)
    components: "list[Unit]" = field(default_factory=list)
    remote_resources: list[str] = field(default_factory=list)
    helm_charts: list[str] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    generators: list[Generator] = field(default_factory=list)
    namespace: Reading | None = None
    labels: dict[str, Reading] = field(default_factory=dict)
    template_labels: dict[str, Reading] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)
    replicas: list[str] = field(default_factory=list)
    prefix: str = ""
    suffix: str = ""
    has_transformers: bool = False

    @property
    def why(self) -> str:
        """Why a field that it sets is unknown."""
        return f"{self.path} patches it"


def read_units(by_path: Mapping[str, Sequence[Document]]) -> list[Unit]:
    """All kustomizations among the files of a run, linked with each other, in order of path."""
    units: list[Unit] = []
    in_folder: dict[str, Unit] = {}
    for path in sorted(by_path):
        folder, _, name = path.rpartition("/")
        for document in by_path[path]:
            root = document.root
            if is_kustomization(document) and isinstance(root, Map):
                unit = Unit(document, root, path, folder)
                units.append(unit)
                if name in _CANONICAL:
                    in_folder.setdefault(folder, unit)
    for unit in units:
        _Reader(unit, by_path, in_folder).read()
    return units


class _Reader:
    def __init__(self, unit: Unit, by_path: Mapping[str, Sequence[Document]], in_folder: Mapping[str, Unit]) -> None:
        self._unit = unit
        self._by_path = by_path
        self._in_folder = in_folder

    def read(self) -> None:
        """Everything that the file says."""
        unit = self._unit
        for key in ("resources", "bases", "components"):
            for entry in self._list(key):
                self._include(entry, is_component=key == "components")
        # Their entries are files with generators and transformers, or folders of such: no resources.
        unit.has_transformers = any(self._list("transformers"))
        unit.remote_resources = [
            entry
            for key in ("resources", "bases", "components")
            for entry in self._list(key)
            if isinstance(entry, str) and _REMOTE.match(entry)
        ]
        unit.helm_charts = [name for name in self._named("helmCharts") if name]
        unit.images = list(self._named("images"))
        unit.replicas = list(self._named("replicas"))
        unit.prefix, unit.suffix = self._word("namePrefix"), self._word("nameSuffix")
        namespace = unit.root.get("namespace")
        if isinstance(namespace, str) and namespace:
            source = Source(unit.document, ("namespace",))
            unit.namespace = Reading(Unknown("a template fills it in") if is_template(namespace) else namespace, source)
        self._read_labels()
        self._read_patches()
        self._read_replacements()
        self._read_generators()

    def _include(self, entry: Node, *, is_component: bool) -> None:
        path = self._resolve(entry)
        if path is None:
            return
        child = self._in_folder.get(path)
        if child is not None and child is not self._unit:
            self._unit.children.append(child)
            child.parents.append(self._unit)
            if is_component:
                self._unit.components.append(child)
        elif path in self._by_path:
            self._unit.files.append(path)

    def _read_labels(self) -> None:
        unit = self._unit
        common = unit.root.get("commonLabels")
        if isinstance(common, dict):
            for key, value in common.items():
                reading = self._label(("commonLabels", key), value)
                unit.labels[key] = unit.template_labels[key] = reading
        for index, entry in enumerate(self._list("labels")):
            pairs = entry.get("pairs") if isinstance(entry, dict) else None
            if not isinstance(entry, dict) or not isinstance(pairs, dict):
                continue
            for key, value in pairs.items():
                reading = self._label(("labels", index, "pairs", key), value)
                unit.labels[key] = reading
                if entry.get("includeSelectors") is True or entry.get("includeTemplates") is True:
                    unit.template_labels[key] = reading

    def _label(self, path: Path, value: Node) -> Reading:
        source = Source(self._unit.document, path)
        if not isinstance(value, str):
            return Reading(self._unit.document.raw(path) or "", source)
        return Reading(Unknown("a template fills it in") if is_template(value) else value, source)

    def _read_patches(self) -> None:
        for entry in self._list("patchesStrategicMerge"):
            self._patch(entry if isinstance(entry, str) and "\n" not in entry else None, entry, None)
        for key in ("patches", "patchesJson6902"):
            for entry in self._list(key):
                if isinstance(entry, dict):
                    self._patch(entry.get("path"), entry.get("patch"), target_of(entry.get("target")))
                elif isinstance(entry, str):
                    self._patch(entry, None, None)

    def _patch(self, file: Node, text: Node, target: Target | None) -> None:
        unit = self._unit
        path = self._resolve(file)
        if path is not None and path in self._by_path:
            unit.patch_files.append(path)
            for document in self._by_path[path]:
                unit.patches += patch_of(document.root, target, unit.why)
        elif isinstance(text, str):
            for document in parse(SourceText(unit.path, text)):
                unit.patches += patch_of(document.root, target, unit.why)
        elif isinstance(text, dict | list):
            unit.patches += patch_of(text, target, unit.why)

    def _read_replacements(self) -> None:
        for entry in self._list("replacements"):
            path = self._resolve(entry.get("path")) if isinstance(entry, dict) else None
            if path is not None:
                roots = [document.root for document in self._by_path.get(path, ())]
                self._unit.patch_files += [path] if roots else []
            else:
                roots = [entry]
            for root in roots:
                for replacement in root if isinstance(root, list) else [root]:
                    self._unit.patches += self._replacement(replacement)

    def _replacement(self, replacement: Node) -> Iterator[Patch]:
        targets = replacement.get("targets") if isinstance(replacement, dict) else None
        for target in targets if isinstance(targets, list) else ():
            if not isinstance(target, dict):
                continue
            fields = target.get("fieldPaths")
            # Without a path the name is meant, which is not what rules are about.
            paths = [field_path(each) for each in fields if isinstance(each, str)] if isinstance(fields, list) else []
            yield Patch(target_of(target.get("select")) or Target(), self._unit.why, paths=paths)

    def _read_generators(self) -> None:
        for key, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            for index, entry in enumerate(self._list(key)):
                name = entry.get("name") if isinstance(entry, dict) else None
                if not isinstance(entry, dict) or not isinstance(name, str):
                    continue
                namespace = entry.get("namespace")
                creates = entry.get("behavior", "create") in ("create", "", None)
                self._unit.generators.append(
                    Generator((key, index), name, namespace if isinstance(namespace, str) else None, creates)
                )
                if not creates:
                    paths = [("data",), ("binaryData",), ("stringData",)]
                    self._unit.patches.append(Patch(Target("", kind, name), self._unit.why, paths=paths))

    def _resolve(self, entry: Any) -> str | None:
        """The path of a file or folder that an entry names; None for what lies elsewhere."""
        if not isinstance(entry, str) or not entry or entry.startswith("/") or "\n" in entry or _REMOTE.match(entry):
            return None
        path = posixpath.normpath(posixpath.join(self._unit.folder, entry))
        if path == "." or path.startswith("../") or path == "..":
            return "" if path == "." else None
        return path

    def _list(self, key: str) -> Sequence[Node]:
        value = self._unit.root.get(key)
        return value if isinstance(value, list) else ()

    def _named(self, key: str) -> Iterator[str]:
        for entry in self._list(key):
            name = entry.get("name") if isinstance(entry, dict) else None
            if isinstance(name, str):
                yield name

    def _word(self, key: str) -> str:
        value = self._unit.root.get(key)
        return value if isinstance(value, str) else ""
