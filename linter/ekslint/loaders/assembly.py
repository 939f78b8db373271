"""Putting together what the documents declared: pools and clusters find each other, manifests get their scope."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from ekslint.loaders.loaded import ClusterReference, Loaded, LoadProblem
from ekslint.model.cluster import AccessEntry, Addon, Cluster, PodIdentityAssociation
from ekslint.model.condition import Chosen
from ekslint.model.entity import Entity
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.pool import LiveNode, Pool
from ekslint.model.reading import Choice, Reading, Source, Unknown, with_entry, with_item
from ekslint.model.scope import Scope, cluster_choice

MAXIMUM_POOLS = 500
"""A cluster has 30 managed node groups unless its quota is raised; past this many the rest is not linted."""

_LISTS: Mapping[type[Entity], str] = {
    AccessEntry: "access_entries",
    PodIdentityAssociation: "pod_identity_associations",
}
_PARTS = (
    *("addons", "access_entries", "identity_mappings", "pod_identity_associations", "service_accounts"),
    "auto_mode",
)


@dataclass(frozen=True, slots=True)
class ConfiguredCluster:
    """What `.ekslint.yaml` says of a cluster: which manifests go to it, and what no file declares."""

    name: str
    matches: Callable[[str], bool]
    """Whether a path is one of its files."""
    version: str | None = None
    profile: str | None = None
    source: Source | None = None


def assemble(
    loaded: Loaded,
    as_of: date,
    configured: Sequence[ConfiguredCluster] = (),
    known_node_labels: Sequence[str] = (),
) -> Estate:
    """The estate of everything that was loaded."""
    _find_elsewhere(loaded)
    clusters = [*loaded.clusters, *_opaque(loaded)]
    by_name = _by_name(clusters)
    for each in configured:
        _configure(each, clusters, by_name)
    # A copy: what is made up for the pools of one file must not draw in those of the next.
    declared = Scope(tuple(clusters), loaded.world, _configured_scope(configured, by_name))
    _attach_pools(loaded, clusters, by_name, declared)
    _attach_members(loaded, by_name, declared)
    scope = Scope(clusters, loaded.world, _configured_scope(configured, by_name))
    estate = Estate(
        as_of,
        loaded.world,
        scope,
        clusters=clusters,
        entities=list(_entities(loaded, clusters)),
        profiles={each.name: each.profile for each in configured if each.profile is not None},
        known_node_labels=known_node_labels,
        names_in_templates=loaded.names_in_templates,
        values_files=loaded.values_files,
    )
    for cluster in clusters:
        cluster.estate = estate
    for found in loaded.objects:
        found.estate = estate
    scope.add([found for found in loaded.objects if isinstance(found, Workload)])
    return estate


def _find_elsewhere(loaded: Loaded) -> None:
    """Put the cluster itself in the place of every reference to another document's."""
    places = {
        (each.origin.document.source.path, each.origin.document.number, each.resource): each for each in loaded.clusters
    }

    def found(reference: ClusterReference) -> ClusterReference:
        return reference if reference.elsewhere is None else ClusterReference(cluster=places.get(reference.elsewhere))

    loaded.pools[:] = [(pool, found(reference)) for pool, reference in loaded.pools]
    loaded.members[:] = [(member, found(reference)) for member, reference in loaded.members]


def _by_name(clusters: Sequence[Cluster]) -> dict[str, list[Cluster]]:
    found: dict[str, list[Cluster]] = {}
    for cluster in clusters:
        if not cluster.unknown("name") and cluster.name is not None:
            found.setdefault(cluster.name, []).append(cluster)
    return found


def _configure(configured: ConfiguredCluster, clusters: list[Cluster], by_name: dict[str, list[Cluster]]) -> None:
    known = by_name.get(configured.name)
    if known is None and configured.source is not None:
        known = by_name[configured.name] = [_implicit(configured.name, configured.source)]
        clusters += known
    for cluster in known or ():
        if configured.version is None or configured.source is None:
            continue
        if not cluster.unknown("version") and cluster.version is None:
            cluster.declare(version=Reading(configured.version, configured.source))


def _configured_scope(
    configured: Sequence[ConfiguredCluster], by_name: Mapping[str, Sequence[Cluster]]
) -> Callable[[str], Sequence[Cluster] | None]:
    def candidates(path: str) -> Sequence[Cluster] | None:
        found = [cluster for each in configured if each.matches(path) for cluster in by_name.get(each.name, ())]
        return found or None

    return candidates


def _attach_pools(loaded: Loaded, clusters: list[Cluster], by_name: dict[str, list[Cluster]], scope: Scope) -> None:
    anonymous: dict[str, Cluster] = {}
    attached: dict[int, tuple[Cluster, dict[int, Pool]]] = {}
    for pool, reference in loaded.pools:
        owners = _owners(pool, reference, by_name, scope)
        if not owners:
            # A pool has to be somewhere: those of one name, or of one template, share a cluster that no file declares.
            key = reference.name or ("" if pool.dialect == "karpenter" else pool.origin.document.source.path)
            if key not in anonymous:
                anonymous[key] = _implicit(reference.name, pool.origin, is_live=isinstance(pool, LiveNode))
                clusters.append(anonymous[key])
            cluster = anonymous[key]
            path = pool.origin.document.source.path
            if path not in cluster.paths:
                cluster.declare(paths=Reading((*cluster.paths, path), cluster.origin))
            owners = [cluster]
        for owner in owners:
            attached.setdefault(id(owner), (owner, {id(each): each for each in owner.extra_pools}))[1][id(pool)] = pool
        pool.declare(cluster=_one_of(owners, pool, loaded))
    for owner, pools in attached.values():
        owner.declare(extra_pools=Reading(tuple(_bounded(owner, pools, loaded)), owner.origin))
    linted = {id(pool) for owner, _ in attached.values() for pool in owner.extra_pools}
    loaded.pools[:] = [each for each in loaded.pools if id(each[0]) in linted]


def _one_of(owners: Sequence[Cluster], pool: Pool, loaded: Loaded) -> Reading:
    """The cluster of a pool: of several the one that the current world takes for it, as for the manifests beside it."""
    *others, last = owners
    point = cluster_choice(owners)
    found = Reading(last, pool.origin)
    for option, owner in reversed(list(enumerate(others))):
        is_chosen = Chosen(loaded.world, point, frozenset({option}))
        found = Reading(Choice(is_chosen, Reading(owner, pool.origin), found), pool.origin)
    return found


def _bounded(owner: Cluster, pools: Mapping[int, Pool], loaded: Loaded) -> Iterator[Pool]:
    """The pools of a cluster, up to so many that rules may compare them with each other."""
    declared = 0
    for pool in pools.values():
        # Nodes of a live cluster come as a list that nobody writes.
        if not isinstance(pool, LiveNode):
            declared += 1
            if declared > MAXIMUM_POOLS:
                message = f"{owner} has more than {MAXIMUM_POOLS} node pools: {pool} and what follows is not linted"
                loaded.problems.append(LoadProblem("too-large", pool.origin, message))
                return
        yield pool


def _owners(
    entity: Entity, reference: ClusterReference, by_name: Mapping[str, Sequence[Cluster]], scope: Scope
) -> Sequence[Cluster]:
    if reference.cluster is not None:
        return [reference.cluster]
    path = entity.origin.document.source.path
    if reference.name is not None:
        named = by_name.get(reference.name, ())
        near = [cluster for cluster in scope.candidates(path) if any(cluster is each for each in named)]
        return near or named
    candidates = scope.candidates(path)
    # A manifest goes wherever its folder goes; a node group belongs to one cluster, which several candidates are not.
    return candidates if entity.dialect == "karpenter" or len(candidates) == 1 else []


def _attach_members(loaded: Loaded, by_name: Mapping[str, Sequence[Cluster]], scope: Scope) -> None:
    for member, reference in loaded.members:
        part = Reading(member, member.origin)
        if member.presence is not None:
            part = Reading(Choice(member.presence, part, Reading(None, member.origin)), member.origin)
        for cluster in _owners(member, reference, by_name, scope):
            if isinstance(member, Addon):
                names = {each.name for each in cluster.possible_items("addons") if not each.unknown("name")}
                if not member.unknown("name") and member.name not in names:
                    cluster.declare(addons=with_entry(_reading(cluster, "addons"), member.name, part))
            elif (field := _LISTS.get(type(member))) is not None:
                cluster.declare(**{field: with_item(_reading(cluster, field), part)})


def _reading(cluster: Cluster, field: str) -> Reading:
    return cluster.reading(field) or Reading(Cluster.defaults[field], cluster.origin)


def _implicit(name: str | None, origin: Source, *, is_live: bool = False, dialect: str = "implicit") -> Cluster:
    """A cluster that no file declares. `kubectl get nodes` lists all nodes of a live one; else there may be more."""
    title = f"cluster {name}" if name else "the cluster"
    cluster = Cluster(title, origin, dialect=dialect, resource=f"Cluster/{name or ''}")
    known = {
        "name": name,
        "is_implicit": True,
        "has_external_parts": not is_live,
        "has_hidden_parts": not is_live,
        "karpenter_version": None,
    }
    for field, value in known.items():
        cluster.declare(**{field: Reading(value, origin)})
    cluster.declare(paths=Reading((origin.document.source.path,), origin))
    nothing_known = Reading(Unknown("no file declares the cluster"), origin)
    for field in Cluster.defaults:
        if field not in known and field not in {"extra_pools", "main_paths", "paths"}:
            cluster.declare(**{field: nothing_known})
    return cluster


def _opaque(loaded: Loaded) -> Iterator[Cluster]:
    """An opaque cluster for each folder where Terraform declares some.

    Where no other file declares a cluster, there is none that the manifests could be held against by mistake.
    """
    folders = set()
    for source in loaded.clusters_elsewhere if loaded.clusters else ():
        folder = source.document.source.path.rpartition("/")[0]
        if folder not in folders:
            folders.add(folder)
            yield _implicit(None, source, dialect="terraform")


def _entities(loaded: Loaded, clusters: Sequence[Cluster]) -> Iterator[Entity]:
    """Every subject, once."""
    seen: set[int] = set()
    everything = chain(
        (cluster for cluster in clusters if not cluster.is_implicit),
        (pool for pool, _ in loaded.pools),
        (pool for cluster in clusters for pool in cluster.extra_pools),
        (part for cluster in clusters for part in _parts(cluster)),
        (member for member, _ in loaded.members),
        loaded.entities,
        loaded.objects,
    )
    for entity in everything:
        if id(entity) not in seen:
            seen.add(id(entity))
            yield entity


def _parts(cluster: Cluster) -> Iterator[Entity]:
    """What is declared inside of a cluster, in any world."""
    for field in _PARTS:
        for part in cluster.possible_items(field):
            yield part
            if isinstance(part, Addon):
                yield from part.possible_items("pod_identity_associations")
