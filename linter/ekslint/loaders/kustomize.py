"""Kustomizations: which files are patches, and which fields of which manifests are not the last word.

Nothing is built: an object is judged once, where it stands, and rules abstain on the fields that some kustomization
sets. Only files that are among the given ones take part; nothing else is ever read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from ekslint.loaders.fragments import is_fragment
from ekslint.loaders.helm import chart_versions
from ekslint.loaders.kubernetes import Manifest, TooManyObjects, manifests_in
from ekslint.loaders.kustomization_files import Unit, read_units
from ekslint.loaders.loaded import Loaded
from ekslint.loaders.patching import Patch
from ekslint.loaders.recognise import Dialect, Recognition
from ekslint.loaders.renderings import namespaces_of, rendering_of
from ekslint.model.kubernetes.configuration import GeneratedConfigMap, GeneratedSecret
from ekslint.model.kubernetes.images import parse_image
from ekslint.model.kubernetes.kinds import class_of
from ekslint.model.kubernetes.packaging import Kustomization
from ekslint.model.kubernetes.sheet import Hole, Rendering, Sheet, has_markers
from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.reading import Reading, Source
from ekslint.source.tree import Document, Map, Path

_REPLICATED = frozenset({"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"})
_POD_CONTROLLERS = frozenset({"CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"})
_CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")
_MOST_HOLES = 64
"""Changed fields of one object; one with more is unknown as a whole."""
_MOST_VISITS = 200_000
"""Steps from kustomizations to those that include them: hostile ones include each other without end."""
_MOST_NAMESPACES = 8
_MOST_NODES = 5_000
"""Nodes of a manifest that are looked through for a `$patch`."""


class _Effects:
    """What all kustomizations that include a file do to the objects in it."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.exact: dict[tuple[str, str], list[Patch]] = {}
        self.loose: list[Patch] = []
        self.images: dict[str, str] = {}
        self.replicas: dict[str, str] = {}
        self.affixes: dict[tuple[str, str], None] = {}
        self.opaque: str | None = None
        for unit in units:
            for patch in unit.patches:
                key = patch.target.key
                if key is None:
                    self.loose.append(patch)
                else:
                    self.exact.setdefault(key, []).append(patch)
            self.images.update(dict.fromkeys(unit.images, unit.why))
            self.replicas.update(dict.fromkeys(unit.replicas, unit.why))
            if unit.prefix or unit.suffix:
                self.affixes[unit.prefix, unit.suffix] = None
            if unit.has_transformers:
                self.opaque = f"a transformer of {unit.path} may change it"

    def changes(self, manifest: Manifest) -> Iterator[tuple[Path, str]]:
        """The fields of an object that change, and why."""
        if self.opaque is not None:
            yield (), self.opaque
            return
        kind, name = manifest.kind, manifest.name or ""
        names = [name, *(f"{prefix}{name}{suffix}" for prefix, suffix in self.affixes)]
        patches = [patch for each in dict.fromkeys(names) for patch in self.exact.get((kind, each), ())]
        patches += [patch for patch in self.loose if patch.target.may_mean(manifest)]
        for patch in patches:
            if patch.target.group in {None, manifest.group}:
                for path in patch.changes(manifest):
                    yield path, patch.why
        if kind in _REPLICATED:
            for each in names:
                if each in self.replicas:
                    yield ("spec", "replicas"), self.replicas[each]
        if self.images:
            yield from self._images(manifest)

    def _images(self, manifest: Manifest) -> Iterator[tuple[Path, str]]:
        found = class_of(manifest.group, manifest.kind, manifest.node)
        if not issubclass(found, Workload):
            return
        node: object = manifest.node
        spec = (*found.template_path, "spec")
        for step in spec:
            node = node.get(step) if isinstance(node, dict) else None
        for field in _CONTAINER_LISTS:
            containers = node.get(field) if isinstance(node, dict) else None
            for index, container in enumerate(containers if isinstance(containers, list) else ()):
                image = container.get("image") if isinstance(container, dict) else None
                if isinstance(image, str) and (why := self.images.get(_without_tag(image))) is not None:
                    yield (*spec, field, index, "image"), why


class Kustomizations:
    """All kustomizations of a run."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """`documents` are all that were parsed, in order of path."""
        self._by_path: dict[str, list[Document]] = {}
        for document in documents:
            self._by_path.setdefault(document.source.path, []).append(document)
        self.units = read_units(self._by_path)
        self._units_of: dict[str, list[Unit]] = {}
        self._patch_files: dict[str, Unit] = {}
        for unit in self.units:
            for path in unit.files:
                self._units_of.setdefault(path, []).append(unit)
            for path in unit.patch_files:
                self._patch_files.setdefault(path, unit)
        self._folders = frozenset(unit.folder for unit in self.units)
        self._visits = 0
        self._effects: dict[int, _Effects] = {}
        self._renderings: dict[tuple[int, ...], Rendering | None] = {}
        self._namespaces = namespaces_of(self.units)

    def recognise(self, document: Document) -> Recognition | None:
        """What a document is to the kustomizations: a patch, or None for anything else."""
        path = document.source.path
        if path in self._patch_files and path not in self._units_of:
            return Recognition(Dialect.KUSTOMIZE_PATCH, f"a patch of {self._patch_files[path].path}")
        if path not in self._units_of and is_fragment(document, self._folders):
            return Recognition(Dialect.KUSTOMIZE_PATCH, "a kustomize patch: a part of an object, to be merged")
        return None

    def sheet(self, document: Document) -> Sheet:
        """What the views of a document share: its holes, its namespace, labels that are added."""
        sheet = Sheet(document, has_markers=has_markers(document))
        units = self._units_of.get(document.source.path)
        if not units:
            return sheet
        return replace(sheet, holes=tuple(self._holes(document, units)), rendering=self._rendering(units))

    def load(self, loaded: Loaded) -> None:
        """Append the kustomizations themselves, and the ConfigMaps and Secrets that they generate."""
        for unit in self.units:
            entity = Kustomization(
                f"kustomization {unit.folder or '.'}",
                Source(unit.document, ()),
                dialect="kubernetes",
                resource=f"Kustomization/{unit.folder or '.'}",
            )
            entity.declare(
                helm_charts=Reading(tuple(unit.helm_charts), Source(unit.document, ("helmCharts",))),
                chart_versions=chart_versions(unit.document, "helmCharts"),
                remote_resources=Reading(tuple(unit.remote_resources), Source(unit.document, ("resources",))),
            )
            loaded.entities.append(entity)
            for generator in unit.generators:
                if generator.creates:
                    loaded.objects.append(self._generated(unit, generator.path, generator.name, generator.namespace))

    def _generated(
        self, unit: Unit, path: Path, name: str, namespace: str | None
    ) -> GeneratedConfigMap | GeneratedSecret:
        why = "kustomize generates it"
        fields = ("data", "binaryData", "stringData", "immutable")
        holes = [
            *(Hole((*path, field), why) for field in fields),
            *(Hole((*path, "metadata", field), why) for field in ("annotations", "labels")),
        ]
        sheet = Sheet(unit.document, tuple(holes), has_markers(unit.document), self._rendering([unit]))
        node = Map(metadata=Map(name=name, **({"namespace": namespace} if namespace else {})))
        if path[0] == "secretGenerator":
            return GeneratedSecret(sheet, path, node, "v1", "Secret")
        return GeneratedConfigMap(sheet, path, node, "v1", "ConfigMap")

    def _holes(self, document: Document, units: Iterable[Unit]) -> Iterator[Hole]:
        effects = [self._effects_of(unit) for unit in units]
        try:
            for manifest in manifests_in(document):
                changes: dict[Path, str] = {}
                for path, why in chain.from_iterable(each.changes(manifest) for each in effects):
                    changes.setdefault(path, why)
                    if len(changes) > _MOST_HOLES:
                        changes = {(): why}
                        break
                for path, why in changes.items():
                    yield Hole((*manifest.path, *path), why)
        except TooManyObjects:
            yield Hole((), "the document stands for more objects than anybody wrote")

    def _effects_of(self, unit: Unit) -> _Effects:
        if id(unit) not in self._effects:
            self._effects[id(unit)] = _Effects(self._including(unit))
            if self._visits > _MOST_VISITS:
                self._effects[id(unit)].opaque = "too many kustomizations include each other to tell what changes"
        return self._effects[id(unit)]

    def _including(self, unit: Unit) -> list[Unit]:
        """The unit, everything that includes it, and the components that those apply to what they include."""
        seen: dict[int, Unit] = {id(unit): unit}
        queue = [unit]
        while queue:
            current = queue.pop()
            for each in (*current.parents, *current.components):
                self._visits += 1
                if self._visits > _MOST_VISITS:
                    return list(seen.values())
                if id(each) not in seen:
                    seen[id(each)] = each
                    queue.append(each)
        return list(seen.values())

    def _rendering(self, units: Sequence[Unit]) -> Rendering | None:
        key = tuple(id(unit) for unit in units)
        if key not in self._renderings:
            including = {id(each): each for unit in units for each in self._including(unit)}
            self._renderings[key] = rendering_of(units, list(including.values()), self._namespaces)
        return self._renderings[key]


def _without_tag(image: str) -> str:
    reference = parse_image(image)
    name = image.partition("@")[0]
    return name.removesuffix(f":{reference.tag}") if reference.tag is not None else name
