"""One cluster from several ClusterConfigs: the cluster in one file, node groups and add-ons in others."""

import re
from collections.abc import Iterable, Sequence

from ekslint.loaders.eksctl.setting import written_name
from ekslint.loaders.loaded import ClusterReference, Loaded
from ekslint.model.cluster import Cluster
from ekslint.model.eksctl import ClusterConfig
from ekslint.model.pool import FargateProfile, NodeGroup, Pool
from ekslint.model.reading import Reading, Unknown

_ADDITIONS = ("access_entries", "identity_mappings", "paths", "pod_identity_associations", "service_accounts")
"""What every file may add to."""
_DERIVED = frozenset(
    {"addons", "default_addons", "has_external_parts", "has_hidden_parts", "main_paths", "role", *_ADDITIONS}
)
_ONE_PER_CLUSTER = frozenset({"auto-builtin", "hybrid"})
_BARE_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


def merge_cluster_configs(loaded: Loaded) -> None:
    """Join the ClusterConfigs that describe one cluster: same name, no contradiction, no pool twice.

    The first of them becomes the whole; its pools are those of all. Clusters of other dialects stay as they are.
    """
    pools: dict[int, list[Pool]] = {}
    for pool, reference in loaded.pools:
        pools.setdefault(id(reference.cluster), []).append(pool)
    groups: list[list[Cluster]] = []
    for cluster in loaded.clusters:
        group = next((group for group in groups if all(_belong(each, cluster, pools) for each in group)), None)
        if group is None:
            groups.append([cluster])
        else:
            group.append(cluster)
    whole = {id(cluster): group[0] for group in groups for cluster in group}
    for group in groups:
        if len(group) > 1:
            _combine(group)
    loaded.clusters[:] = [group[0] for group in groups]
    loaded.pools[:] = list(_owned(loaded.pools, whole))
    for entity in loaded.entities:
        if isinstance(entity, ClusterConfig):
            entity.declare(cluster=Reading(whole[id(entity.cluster)], entity.origin))


def _belong(one: Cluster, other: Cluster, pools: dict[int, list[Pool]]) -> bool:
    if one.dialect != "eksctl" or other.dialect != "eksctl":
        return False
    if not _have_one_name(one, other):
        return False
    if not all(_agree(one, other, field) for field in ("region", "version")):
        return False
    return _names(pools.get(id(one), ())).isdisjoint(_names(pools.get(id(other), ())))


def _have_one_name(one: Cluster, other: Cluster) -> bool:
    """Whether two files name one cluster.

    One template fills in the names of several clusters, say by folder: what it makes of two files is one cluster only
    if at least one of them does no more than add to it.
    """
    name = _written(one, "name")
    if name is None or name != _written(other, "name") or one.unknown("name") != other.unknown("name"):
        return False
    return not one.unknown("name") or not (_describes_control_plane(one) and _describes_control_plane(other))


def _describes_control_plane(cluster: Cluster) -> bool:
    origin = cluster.origin
    keys = ("metadata", "version"), ("vpc",), ("autoModeConfig",)
    return any(origin.document.holds((*origin.path, *key)) for key in keys)


def _agree(one: Cluster, other: Cluster, field: str) -> bool:
    """Whether a field is the same or absent; what a template fills in is the same where it is written the same."""
    written = {_written(one, field), _written(other, field)}
    return None in written or len(written) == 1


def _written(cluster: Cluster, field: str) -> str | None:
    """A field as it stands in the file; to envsubst `$NAME` and `${NAME}` are the same."""
    reading = cluster.reading(field)
    text = None if reading is None else written_name(reading)
    return None if text is None else _BARE_VARIABLE.sub(r"${\1}", text)


def _names(pools: Iterable[Pool]) -> set[tuple[type, str]]:
    return {
        (type(pool), pool.name)
        for pool in pools
        if isinstance(pool, NodeGroup | FargateProfile) and not pool.unknown("name") and pool.name is not None
    }


def _combine(group: Sequence[Cluster]) -> None:
    """Fill in the first of a group from the others."""
    first = group[0]
    combined: dict[str, Reading] = {}
    for field in Cluster.defaults:
        readings = [reading for each in group if (reading := each.reading(field)) is not None]
        if not readings:
            continue
        if field in _ADDITIONS:
            combined[field] = _joined(readings)
        elif field not in _DERIVED:
            combined[field] = _first_written(readings)
    combined["addons"] = _joined_mappings([_reading(each, "addons") for each in group])
    combined["default_addons"] = _without(
        _first_written([_reading(each, "default_addons") for each in group]), combined["addons"]
    )
    combined["nodes_get_cni_from_cluster"] = _any([_reading(each, "nodes_get_cni_from_cluster") for each in group])
    combined["has_external_parts"] = _external_parts(group)
    main = [path for each in group if _describes_control_plane(each) for path in each.paths]
    combined["main_paths"] = Reading(tuple(main), first.origin)
    combined["has_hidden_parts"] = _any([_reading(each, "has_hidden_parts") for each in group])
    # Auto Mode gives the role further policies.
    combined["role"] = _reading(next((each for each in group if _has_auto_mode(each)), first), "role")
    first.declare(**combined)


def _reading(cluster: Cluster, field: str) -> Reading:
    return cluster.reading(field) or Reading(Cluster.defaults[field], cluster.origin)


def _has_auto_mode(cluster: Cluster) -> bool:
    return not cluster.unknown("auto_mode") and cluster.auto_mode is not None


def _is_written(reading: Reading) -> bool:
    return reading.source.document.holds(reading.source.path)


def _first_written(readings: Sequence[Reading]) -> Reading:
    return next((reading for reading in readings if _is_written(reading)), readings[0])


def _any(readings: Sequence[Reading]) -> Reading:
    certain = next((reading for reading in readings if reading.value is True), None)
    doubtful = next((reading for reading in readings if isinstance(reading.value, Unknown)), None)
    return certain or doubtful or readings[0]


def _joined(readings: Sequence[Reading]) -> Reading:
    """All items; unknown where one of the lists is."""
    unknown = next((reading for reading in readings if not isinstance(reading.value, tuple)), None)
    if unknown is not None:
        return unknown
    items: list[Reading] = []
    for reading in readings:
        for index, value in enumerate(reading.value):
            part = (reading.parts or {}).get(index) or Reading(value, reading.source.child(index))
            if not any(part.value is each.value or part.value == each.value for each in items):
                items.append(part)
    values = tuple(item.value for item in items)
    return Reading(values, _first_written(readings).source, dict(enumerate(items)))


def _joined_mappings(readings: Sequence[Reading]) -> Reading:
    """All entries, of the first file that has the key; unknown where one of the mappings is."""
    unknown = next((reading for reading in readings if not isinstance(reading.value, dict)), None)
    if unknown is not None:
        return unknown
    parts: dict[str | int, Reading] = {}
    for reading in readings:
        for key, value in reading.value.items():
            parts.setdefault(key, (reading.parts or {}).get(key) or Reading(value, reading.source.child(key)))
    return Reading({key: part.value for key, part in parts.items()}, _first_written(readings).source, parts)


def _without(names: Reading, addons: Reading) -> Reading:
    """The default add-ons that no file lists."""
    if not isinstance(names.value, tuple) or not isinstance(addons.value, dict):
        return names
    return Reading(tuple(name for name in names.value if name not in addons.value), names.source)


def _external_parts(group: Sequence[Cluster]) -> Reading:
    """One file in a VPC that exists is enough; that a file adds nothing but access or add-ons says nothing here."""
    readings = [_reading(each, "has_external_parts") for each in group]
    existing = next((reading for reading in readings if reading.value is True and _is_written(reading)), None)
    if existing is not None:
        return existing
    return next((reading for reading in readings if reading.value is False), readings[0])


def _owned(
    pools: Iterable[tuple[Pool, ClusterReference]], whole: dict[int, Cluster]
) -> Iterable[tuple[Pool, ClusterReference]]:
    """The pools with the cluster that theirs has become, each of Auto Mode's own once."""
    seen: set[tuple[int, str, object]] = set()
    for pool, reference in pools:
        cluster = whole.get(id(reference.cluster))
        if cluster is None or pool.dialect != "eksctl":
            yield pool, reference
            continue
        if pool.kind in _ONE_PER_CLUSTER:
            key = (id(cluster), pool.kind, pool.name)
            if key in seen:
                continue
            seen.add(key)
        pool.cluster = cluster
        yield pool, ClusterReference(reference.name, cluster)
