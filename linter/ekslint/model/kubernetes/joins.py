"""Which objects belong together: autoscalers and their targets, budgets and Services and the pods that they select.

Everything is looked up in indexes that are made once, so that the cost does not grow with the square of the estate.
Two objects belong together if they may go to one cluster and stand in one namespace. Where several objects have one
identity (a `dev` and a `prod` folder with the same names), that of the same file is meant, else the nearest.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ekslint.model.kubernetes.disruption import Autoscaler
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.selecting import PodSelecting
from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.reading import PartialMapping, PartialSequence, Reading, Undecided, Unknown

if TYPE_CHECKING:
    from ekslint.model.estate import Estate
    from ekslint.model.kubernetes.pods import PodTemplate

T = TypeVar("T", bound=KubernetesObject)
T_Selecting = TypeVar("T_Selecting", bound=PodSelecting)

_MOST_UNCERTAIN = 200
"""Objects that are tried although no index leads to them; past these the answer is that nobody knows."""

_MOST_TWINS = 20
"""Objects of one identity that stand equally near; which of more than these is meant makes no difference to rules."""

_ANYWHERE = "*"
_ALL = ("*", "*")


class Joins:
    """The indexes of one estate, each made when it is first needed."""

    def __init__(self, estate: "Estate") -> None:
        self._estate = estate
        # Each index holds objects of its key's class, which no type can say.
        self._by_name: dict[type[KubernetesObject], _Index[Any]] = {}
        self._by_selector: dict[type[PodSelecting], _Index[Any]] = {}
        self._workloads: _Index[Workload] | None = None
        self._autoscalers: _Index[Autoscaler] | None = None
        self._twins = _Twins(estate)
        self._clusters: dict[str, frozenset[int]] = {}
        self._neighbours: dict[Hashable, Sequence[Any]] = {}
        self._selecting: dict[tuple[int, type], Sequence[Any]] = {}

    def named(self, anchor: KubernetesObject, kind: type[T], name: str) -> Sequence[T]:
        """The objects of a kind and name that `anchor` means when it refers to them."""
        candidates = self._index_by_name(kind).candidates(anchor, [name])
        return self._joined(anchor, candidates, lambda each: each.name == name)

    def autoscalers_of(self, workload: Workload) -> Sequence[Autoscaler]:
        """The autoscalers that target a workload."""
        if self._autoscalers is None:
            self._autoscalers = _Index(self._estate.of(Autoscaler), _target_name, self._twins)
        if workload.name is None:
            return ()
        candidates = self._autoscalers.candidates(workload, [workload.name])
        return self._joined(workload, candidates, lambda each: _targets(each, workload))

    def targets_of(self, autoscaler: Autoscaler) -> Sequence[Workload]:
        """The workloads that an autoscaler targets."""
        target = autoscaler.target
        if target is None:
            return ()
        candidates = self._index_by_name(Workload).candidates(autoscaler, [target.name])
        return self._joined(autoscaler, candidates, lambda each: _targets(autoscaler, each))

    def selecting(self, workload: Workload, kind: type[T_Selecting]) -> Sequence[T_Selecting]:
        """The objects of a kind (budgets, Services, network policies) that select a workload's pods."""
        key = (id(workload), kind)
        found = self._selecting.get(key)
        if found is None:
            index = self._by_selector.get(kind)
            if index is None:
                index = self._by_selector[kind] = _Index(self._estate.of(kind), _selector_pair, self._twins)
            pod = workload.pod
            candidates = index.candidates(workload, _label_pairs(pod))
            found = self._selecting[key] = self._joined(workload, candidates, lambda each: each.selects(pod))
        return found

    def selected_by(self, selecting: PodSelecting) -> Sequence[Workload]:
        """The workloads whose pods an object selects."""
        if self._workloads is None:
            self._workloads = _Index(self._estate.of(Workload), lambda each: _label_pairs(each.pod), self._twins)
        candidates = self._workloads.candidates(selecting, _selector_pair(selecting))
        return self._joined(selecting, candidates, lambda each: selecting.selects(each.pod))

    def neighbours(self, anchor: KubernetesObject, kind: type[T]) -> Sequence[T]:
        """The objects of a kind in the namespace of `anchor`; for all of one namespace and folder looked for once."""
        path = anchor.sheet.document.source.path
        folder, rendering = path.rpartition("/")[0], anchor.sheet.rendering
        key = (kind, folder, anchor.text("metadata", "namespace"), id(rendering), self._clusters_of(anchor))
        found = self._neighbours.get(key)
        if found is None:
            found = self._neighbours[key] = self._sharing_namespace(anchor, self._estate.of(kind))
        return found

    def has_twin(self, each: KubernetesObject) -> bool:
        """Whether a further object has its identity and may go to its cluster: one cluster cannot hold both."""
        twins = self._twins.of(each.resource)
        return any(other is not each and self._may_share_cluster(each, other) for other in twins)

    def _sharing_namespace(self, anchor: KubernetesObject, objects: Iterable[T]) -> Sequence[T]:
        found: list[T] = []
        unknown: Undecided | None = None
        for each in objects:
            try:
                if self._may_share_cluster(anchor, each) and anchor.shares_namespace(each):
                    found.append(each)
            except Undecided as undecided:
                unknown = unknown or undecided
        return found if unknown is None else _with_hole(found, unknown)

    def _index_by_name(self, kind: type[T]) -> "_Index[T]":
        index = self._by_name.get(kind)
        if index is None:
            index = self._by_name[kind] = _Index(self._estate.of(kind), lambda each: [each.name], self._twins)
        return index

    def _joined(self, anchor: KubernetesObject, candidates: "_Candidates[T]", fits: Callable[[T], bool]) -> Sequence[T]:
        found: list[T] = []
        unknown = None if candidates.is_complete else Undecided("too much of the rest is unknown", anchor.origin)
        for each in candidates.objects:
            if each is anchor or not self._may_share_cluster(anchor, each):
                continue
            try:
                if _belongs(anchor, each, fits):
                    found.append(each)
            except Undecided as undecided:
                unknown = unknown or undecided
        if found:
            is_nearest = self._twins.is_nearest
            found = [
                each
                for each in found
                # Whatever stands in the folder of both twins serves the one as well as the other.
                if is_nearest(anchor, each) and (is_nearest(each, anchor) or _steps(each)[:-1] == _steps(anchor)[:-1])
            ]
        return found if unknown is None else _with_hole(found, unknown)

    def _may_share_cluster(self, one: KubernetesObject, other: KubernetesObject) -> bool:
        mine, theirs = self._clusters_of(one), self._clusters_of(other)
        return not mine or not theirs or not mine.isdisjoint(theirs)

    def _clusters_of(self, each: KubernetesObject) -> frozenset[int]:
        path = each.sheet.document.source.path
        known = self._clusters.get(path)
        if known is None:
            known = self._clusters[path] = frozenset(id(cluster) for cluster in each.clusters)
        return known


def _with_hole(found: Iterable[T], unknown: Undecided) -> PartialSequence:
    known = [Reading(each, each.origin) for each in found]
    return PartialSequence(known, (Unknown(unknown.why), unknown.source))


def _belongs(anchor: KubernetesObject, each: T, fits: Callable[[T], bool]) -> bool:
    """Whether an object fits and stands in the same namespace; one certain no decides."""
    doubt: Undecided | None = None
    try:
        if not fits(each):
            return False
    except Undecided as undecided:
        doubt = undecided
    if each.is_namespaced and anchor.is_namespaced and not anchor.shares_namespace(each):
        return False
    if doubt is not None:
        raise doubt
    return True


class _Candidates(NamedTuple, Generic[T]):
    objects: Sequence[T]
    is_complete: bool


class _Twins:
    """Objects of one identity, by the folders above them."""

    def __init__(self, estate: "Estate") -> None:
        self._estate = estate

    @cached_property
    def _by_folder(self) -> Mapping[str, Mapping[tuple[str, ...], Sequence[KubernetesObject]]]:
        """For identities that occur more than once: the objects below every path that leads to one."""
        by_identity: dict[str, list[KubernetesObject]] = {}
        for each in self._estate.of(KubernetesObject):
            by_identity.setdefault(each.resource, []).append(each)
        found: dict[str, dict[tuple[str, ...], list[KubernetesObject]]] = {}
        for resource, objects in by_identity.items():
            if len(objects) > 1:
                below = found[resource] = {}
                for each in objects:
                    path = _steps(each)
                    for depth in range(len(path) + 1):
                        below.setdefault(path[:depth], []).append(each)
        return found

    def of(self, resource: str) -> Sequence[KubernetesObject]:
        """The objects of an identity, if it occurs more than once."""
        return self._by_folder.get(resource, {}).get((), ())

    def nearest(self, anchor: KubernetesObject, resource: str) -> Sequence[KubernetesObject]:
        """The objects of an identity that stand nearest to `anchor`; empty if it occurs once at most."""
        below = self._by_folder.get(resource)
        return () if below is None else below[_common(anchor, below)]

    def is_nearest(self, anchor: KubernetesObject, each: KubernetesObject) -> bool:
        """Whether none of its identity stands nearer to `anchor` than `each` does."""
        below = self._by_folder.get(each.resource)
        if below is None:
            return True
        common = _common(anchor, below)
        return _steps(each)[: len(common)] == common


class _Group(Generic[T]):
    """Objects with one key, by identity."""

    def __init__(self) -> None:
        self._by_identity: dict[str, dict[int, T]] = {}

    def add(self, each: T) -> None:
        """Add an object."""
        self._by_identity.setdefault(each.resource, {})[id(each)] = each

    def all(self) -> Iterator[T]:
        """Every object."""
        for objects in self._by_identity.values():
            yield from objects.values()

    def near(self, anchor: KubernetesObject, twins: _Twins) -> Iterator[T]:
        """Of every identity the objects that stand nearest to `anchor`, as far as somebody would tell them apart."""
        for resource, objects in self._by_identity.items():
            if len(objects) == 1:
                yield from objects.values()
            else:
                near = (objects[id(each)] for each in twins.nearest(anchor, resource) if id(each) in objects)
                yield from islice(near, _MOST_TWINS)


class _Index(Generic[T]):
    """Objects by namespace and by keys of which a reader knows at least one."""

    def __init__(self, objects: Iterable[T], keys_of: Callable[[T], Sequence[object] | None], twins: _Twins) -> None:
        self._twins = twins
        self._found: dict[tuple[str | None, object], _Group[T]] = {}
        self._uncertain: list[T] = []
        self._order: dict[int, int] = {}
        for each in objects:
            self._order[id(each)] = len(self._order)
            try:
                keys, namespaces = keys_of(each), _namespaces(each)
            except Undecided:
                keys = namespaces = None
            if keys is None or namespaces is None:
                self._uncertain.append(each)
                continue
            for key in dict.fromkeys(keys):
                for namespace in (*namespaces, _ANYWHERE):
                    self._found.setdefault((namespace, key), _Group()).add(each)

    def candidates(self, anchor: KubernetesObject, keys: Sequence[object] | None) -> "_Candidates[T]":
        """The objects that may have one of the keys and stand in the anchor's namespace, in order; None for any key."""
        try:
            namespaces = _namespaces(anchor)
        except Undecided:
            namespaces = None
        places = (_ANYWHERE,) if namespaces is None or None in namespaces else (*namespaces, None)
        found: Iterable[T]
        if keys is None:
            groups = (group.all() for (place, _), group in self._found.items() if place in places)
            found = islice(chain.from_iterable(groups), _MOST_UNCERTAIN + 1)
        else:
            wanted = (self._found.get((place, key)) for place in places for key in keys)
            found = (each for group in wanted if group is not None for each in group.near(anchor, self._twins))
        known = {id(each): each for each in found}
        uncertain = {id(each): each for each in self._uncertain[:_MOST_UNCERTAIN]}
        is_complete = len(self._uncertain) <= _MOST_UNCERTAIN and (keys is not None or len(known) <= _MOST_UNCERTAIN)
        objects = sorted((known | uncertain).values(), key=lambda each: self._order[id(each)])
        return _Candidates(objects, is_complete)


def _namespaces(each: KubernetesObject) -> Iterable[str | None]:
    return each.namespace_options if each.is_namespaced else (None,)


def _selector_pair(selecting: PodSelecting) -> Sequence[object] | None:
    """One label that the selected pods surely have; the key of everything for a selector that names none."""
    selector = selecting.selector
    if selector.is_absent:
        return ()
    labels = selector.match_labels
    if isinstance(labels, PartialMapping):
        return None
    return [next(iter(labels.items()), _ALL)]


def _label_pairs(pod: "PodTemplate") -> Sequence[object] | None:
    """The labels of a template, added ones too, and the key of everything; None if some label is unknown."""
    pairs: dict[object, None] = {}
    for labels in (pod.written_labels, pod.labels):
        if isinstance(labels, PartialMapping):
            return None
        pairs.update(dict.fromkeys(labels.items()))
    return [*pairs, _ALL]


def _target_name(autoscaler: Autoscaler) -> Sequence[object]:
    target = autoscaler.target
    return [] if target is None else [target.name]


def _targets(autoscaler: Autoscaler, workload: KubernetesObject) -> bool:
    target = autoscaler.target
    if target is None or target.kind != workload.kind or target.name != workload.name:
        return False
    groups = {target.group, workload.group}
    # Without an apiVersion, or with the old one, it is clear what was meant.
    return len(groups) == 1 or None in groups or groups == {"apps", "extensions"}


def _steps(each: KubernetesObject) -> tuple[str, ...]:
    return tuple(each.sheet.document.source.path.split("/"))


def _common(anchor: KubernetesObject, below: Mapping[tuple[str, ...], object]) -> tuple[str, ...]:
    """The deepest folder above an object that leads to one of those below."""
    path = _steps(anchor)
    depth = len(path)
    while path[:depth] not in below:
        depth -= 1
    return path[:depth]
