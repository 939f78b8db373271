"""NodePools and Provisioners → pools.

Field by field: `karpenter.sh` v1, v1beta1 (NodePool) and v1alpha5 (Provisioner); the CRDs of Karpenter 1.14, 0.37 and
0.31.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ekslint.facts.node_labels import LabelOrigin, PoolKind, Presence, labels_of
from ekslint.loaders.loaded import ClusterReference, Loaded
from ekslint.loaders.view_readings import read, read_taints
from ekslint.model.kubernetes.nodepools import NodeClassObject, NodePoolObject
from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.pool import KarpenterPool, Requirement
from ekslint.model.reading import PartialMapping, PartialSequence, Reading, Source, Undecided, Unknown
from ekslint.source.tree import Path, Step

_AUTO_MODE_GROUP = "eks.amazonaws.com"
_KARPENTER_GROUP = "karpenter.k8s.aws"


@dataclass(frozen=True, slots=True)
class _Fields:
    """Where a version of the API keeps what."""

    labels: Path
    spec: Path
    """What is said of the nodes: requirements and taints."""
    reference: Path
    limits: Path
    expire_after: Path
    consolidate_after: Path
    default_class_kind: str


_V1 = _Fields(
    labels=("spec", "template", "metadata", "labels"),
    spec=("spec", "template", "spec"),
    reference=("spec", "template", "spec", "nodeClassRef"),
    limits=("spec", "limits"),
    expire_after=("spec", "template", "spec", "expireAfter"),
    consolidate_after=("spec", "disruption", "consolidateAfter"),
    default_class_kind="EC2NodeClass",
)
_V1BETA1 = _Fields(
    labels=_V1.labels,
    spec=_V1.spec,
    reference=_V1.reference,
    limits=_V1.limits,
    expire_after=("spec", "disruption", "expireAfter"),
    consolidate_after=_V1.consolidate_after,
    default_class_kind="EC2NodeClass",
)
_V1ALPHA5 = _Fields(
    labels=("spec", "labels"),
    spec=("spec",),
    reference=("spec", "providerRef"),
    limits=("spec", "limits", "resources"),
    expire_after=("spec", "ttlSecondsUntilExpired"),
    consolidate_after=("spec", "ttlSecondsAfterEmpty"),
    default_class_kind="AWSNodeTemplate",
)


def load_node_pool(object_: NodePoolObject, loaded: Loaded) -> None:
    """Append the pool that a NodePool or Provisioner declares to `loaded.pools`; `object_.pool` is that pool too.

    Which cluster it belongs to is left to the scope.
    """
    fields = _V1ALPHA5 if object_.kind == "Provisioner" else _V1BETA1 if object_.version == "v1beta1" else _V1
    pool = KarpenterPool(str(object_), object_.origin, dialect="karpenter", resource=object_.resource)
    reader = _Reader(object_, fields)
    kind = reader.kind()
    requirements = reader.requirements()
    pool.declare(
        kind=kind,
        name=reader.text(("metadata", "name")),
        labels=_labels(reader, kind, requirements),
        taints=read_taints(object_, (*fields.spec, "taints")),
        startup_taints=read_taints(object_, (*fields.spec, "startupTaints")),
        requirements=requirements,
        limits=reader.read(
            fields.limits, lambda: object_.mapping(*fields.limits) if object_.has(*fields.limits) else None
        ),
        weight=reader.read(("spec", "weight"), lambda: object_.integer("spec", "weight")),
        replicas=reader.read(("spec", "replicas"), lambda: object_.integer("spec", "replicas")),
        node_class_group=reader.class_group(),
        node_class_kind=reader.class_kind(),
        node_class_name=reader.text((*fields.reference, "name")),
        expire_after=reader.duration(fields.expire_after),
        consolidate_after=reader.duration(fields.consolidate_after),
        termination_grace_period=reader.text((*fields.spec, "terminationGracePeriod")),
        disruption_budgets=reader.read(
            ("spec", "disruption", "budgets"), lambda: object_.sequence("spec", "disruption", "budgets")
        ),
    )
    object_.pool = pool
    loaded.pools.append((pool, ClusterReference()))


def join_node_classes(loaded: Loaded) -> None:
    """Give every pool the node class that it names, where it is in the files; to be called when all are loaded.

    Of several with one name that of the same file is meant, else the nearest folder's; where that does not decide,
    nobody knows.
    """
    classes: dict[tuple[str, str, str], list[NodeClassObject]] = {}
    for each in loaded.objects:
        if isinstance(each, NodeClassObject) and each.known_name is not None:
            classes.setdefault((each.group, each.kind, each.known_name), []).append(each)
    for pool, _ in loaded.pools:
        if isinstance(pool, KarpenterPool) and pool.dialect == "karpenter":
            pool.declare(node_class=_node_class(pool, classes))


def _node_class(pool: KarpenterPool, classes: Mapping[tuple[str, str, str], Sequence[NodeClassObject]]) -> Reading:
    source = pool.at("node_class_name").source
    try:
        group, kind, name = pool.node_class_group, pool.node_class_kind, pool.node_class_name
    except Undecided as undecided:
        return Reading(Unknown(undecided.why), source)
    found = classes.get((group or "", kind or "", name or ""), ())
    path = _steps(pool.origin)
    best = max((_common(path, _steps(each.origin)) for each in found), default=0)
    nearest = [each for each in found if _common(path, _steps(each.origin)) == best]
    if len(nearest) > 1:
        return Reading(Unknown(f"several node classes are called {name}"), source)
    return Reading(nearest[0] if nearest else None, source)


class _Reader:
    """Reads the fields of one NodePool."""

    def __init__(self, object_: NodePoolObject, fields: _Fields) -> None:
        self.object = object_
        self.fields = fields

    def source(self, path: Path) -> Source:
        """The place of a path."""
        return self.object.at(*path).source

    def read(self, path: Path, get: Callable[[], Any]) -> Reading:
        """What `get` reads."""
        return read(self.object, path, get)

    def text(self, path: Path) -> Reading:
        """A string."""
        return self.read(path, lambda: self.object.text(*path))

    def duration(self, path: Path) -> Reading:
        """A duration in Go's words (`720h`, `Never`); v1alpha5 had seconds."""

        def get() -> str | None:
            value = self.object.scalar(*path)
            return f"{value}s" if isinstance(value, int) else None if value is None else str(value)

        return self.read(path, get)

    def class_group(self) -> Reading:
        """The API group of the node class; v1beta1 had an apiVersion in its place."""
        reference = self.fields.reference
        if self.object.kind == "Provisioner":
            return Reading(_KARPENTER_GROUP, self.source(reference))

        def get() -> str | None:
            if not self.object.has(*reference):
                return None
            group = self.object.text(*reference, "group")
            if group is None and (version := self.object.text(*reference, "apiVersion")) is not None:
                return version.rpartition("/")[0]
            return _KARPENTER_GROUP if group is None and self.object.version == "v1beta1" else group

        written = "group" if self.object.version != "v1beta1" else "apiVersion"
        return self.read((*reference, written), get)

    def class_kind(self) -> Reading:
        """The kind of the node class."""
        path = (*self.fields.reference, "kind")

        def get() -> str | None:
            kind = self.object.text(*path)
            may_be_left_out = self.object.version != "v1" and self.object.has(*self.fields.reference)
            return self.fields.default_class_kind if kind is None and may_be_left_out else kind

        return self.read(path, get)

    def kind(self) -> Reading:
        """`auto` or `karpenter`: the node class decides."""
        group = self.class_group()
        if isinstance(group.value, Unknown):
            return group
        return Reading("auto" if group.value == _AUTO_MODE_GROUP else "karpenter", group.source)

    def requirements(self) -> Reading:
        """The requirements."""
        return self.read(self.object.requirements_path, lambda: self.object.requirements)


def _labels(reader: _Reader, kind: Reading, requirements: Reading) -> Reading:
    """What the nodes carry: automatic labels, requirements that leave one value, and the template's own labels."""
    path = reader.fields.labels
    items: dict[Step, Reading] = {}
    further: tuple[Unknown, Source] | None = None
    if isinstance(kind.value, str):
        items.update(_automatic_labels(reader, PoolKind(kind.value)))
    else:
        further = (kind.value, kind.source)
    for index, requirement in _known(requirements):
        if requirement.operator == "In" and len(requirement.values) == 1 and requirement.key:
            place = reader.source((*reader.object.requirements_path, index, "values", 0))
            items[requirement.key] = Reading(requirement.values[0], place)
    if not isinstance(requirements.value, list | tuple):
        further = (Unknown("not all requirements are known"), requirements.source)
    try:
        written = reader.object.strings(*path)
        for key in reader.object.part(*path):
            if not is_template(key):
                items[key] = reader.read((*path, key), lambda key=key: written[key])  # type: ignore[misc]
        len(written)  # a template may fill in further keys
    except Undecided as undecided:
        further = (Unknown(undecided.why), undecided.source)
    if further is None and not any(isinstance(item.value, Unknown) for item in items.values()):
        return Reading({key: item.value for key, item in items.items()}, reader.source(path), items)
    return Reading(PartialMapping({str(key): item for key, item in items.items()}, further), reader.source(path))


def _known(requirements: Reading) -> Iterator[tuple[int, Requirement]]:
    value = requirements.value
    if isinstance(value, PartialSequence):
        for index, get in enumerate(value.readings()):
            with suppress(Undecided):
                yield index, get()
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def _automatic_labels(reader: _Reader, kind: PoolKind) -> Iterator[tuple[str, Reading]]:
    object_ = reader.object
    name = reader.text(("metadata", "name"))
    if object_.kind == "Provisioner":
        yield "karpenter.sh/provisioner-name", name
        yield "karpenter.sh/initialized", Reading("true", name.source)
        return
    for label in labels_of(kind):
        if label.presence is not Presence.ALWAYS:
            continue
        if label.origin is LabelOrigin.POOL_NAME:
            yield label.key, name
        elif label.origin is LabelOrigin.NODE_CLASS:
            yield label.key, reader.text((*reader.fields.reference, "name"))
        elif label.origin is LabelOrigin.FIXED and len(label.values) == 1:
            yield label.key, Reading(next(iter(label.values)), name.source)


def _steps(source: Source) -> list[str]:
    return source.document.source.path.split("/")


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next(
        (depth for depth, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs),
        min(len(one), len(other)),
    )
