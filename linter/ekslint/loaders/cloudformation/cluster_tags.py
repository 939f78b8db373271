"""The tags `kubernetes.io/cluster/<name>`, by which controllers tell what belongs to which cluster."""

from collections.abc import Sequence

from ekslint.loaders.cloudformation.clusters import Clusters
from ekslint.loaders.cloudformation.conditions import branches
from ekslint.loaders.cloudformation.fields import boolean, listed, sequence_of
from ekslint.loaders.cloudformation.launches import Launch
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.texts import after, filled
from ekslint.loaders.cloudformation.values import (
    Listed,
    OpenParameter,
    PartialText,
    ResourceReference,
    combined,
    for_each_branch,
    mapped,
)
from ekslint.model.reading import Reading, Source, Unknown

CLUSTER_TAG = "kubernetes.io/cluster/"


def clusters_of_tags(tags: Reading, clusters: Clusters) -> Reading:
    """The clusters of a list of tags."""
    return combined([listed(tags)], lambda each: _joined(each, clusters, tags.source), tags.source)


def clusters_of_instances(resource: Resource, launch: Reading, clusters: Clusters) -> Reading:
    """The clusters of the tags that the instances of an Auto Scaling group get, from it and its launch template."""
    own, source = resource.get("Tags"), resource.get("Tags").source

    def propagated(leaf: Reading) -> Reading:
        items = [_if_propagated(item) for item in leaf.value.items]
        return Reading(Listed(tuple(items), leaf.value.open), leaf.source)

    lists = [mapped(listed(own), propagated), mapped(launch, lambda leaf: _of_launch(leaf.value, source))]
    return combined(lists, lambda each: _joined(each, clusters, source), source)


def cluster_name(logical_id: str, clusters: Clusters) -> str:
    """A cluster of the template as its tags name it: `${Cluster}` where its name is known only at deployment."""
    given = clusters.by_id[logical_id].reading("name")
    return given.value if given is not None and isinstance(given.value, str) else f"${{{logical_id}}}"


def _if_propagated(item: Reading) -> Reading:
    """The tag where instances get it, absent where only the Auto Scaling group has it."""
    flag = boolean(member(item, "PropagateAtLaunch"))

    def convert(leaf: Reading) -> Reading:
        if isinstance(leaf.value, Unknown):
            return leaf
        return item if leaf.value is True else Reading(None, item.source)

    return for_each_branch(flag, convert)


def _of_launch(launch: Launch, source: Source) -> Reading:
    """The tags that a launch template gives to instances, as a list."""

    def of_list(leaf: Reading) -> Reading:
        lists = [listed(member(item, "Tags")) for item in leaf.value.items if _is_for_instances(item)]
        return combined(lists, lambda each: Reading(_merged(each), leaf.source), leaf.source)

    return mapped(listed(launch.get("TagSpecifications")), of_list)


def _is_for_instances(item: Reading) -> bool:
    return any(leaf.value == "instance" for _, leaf in branches(member(item, "ResourceType")))


def _merged(lists: Sequence[Reading]) -> Listed:
    is_open = next((each.value for each in lists if isinstance(each.value, Unknown)), None)
    found = [each.value for each in lists if isinstance(each.value, Listed)]
    items = tuple(item for each in found for item in each.items)
    return Listed(items, is_open or next((each.open for each in found if each.open is not None), None))


def _joined(lists: Sequence[Reading], clusters: Clusters, source: Source) -> Reading:
    merged = _merged(lists)
    return sequence_of([_cluster_of(item, clusters) for item in merged.items], source, merged.open)


def _cluster_of(item: Reading, clusters: Clusters) -> Reading:
    """The cluster that a tag names, absent where it is another tag."""

    def convert(leaf: Reading) -> Reading:
        value = leaf.value
        wanted = after(value, CLUSTER_TAG)
        if wanted is not None:
            return Reading(_called(wanted, clusters), leaf.source)
        is_told = value is None or isinstance(value, str) or _begins_otherwise(value)
        why = value if isinstance(value, Unknown) else Unknown("a key is known only after deployment")
        return Reading(None if is_told else why, leaf.source)

    return for_each_branch(member(item, "Key"), convert)


def _begins_otherwise(value: object) -> bool:
    first = value.parts[0] if isinstance(value, PartialText) else None
    return isinstance(first, str) and not CLUSTER_TAG.startswith(first)


def _called(wanted: object, clusters: Clusters) -> str | Unknown:
    declared = clusters.reference_of(wanted).cluster
    for logical_id, cluster in clusters.by_id.items():
        if cluster is declared:
            return cluster_name(logical_id, clusters)
    known = filled(wanted) if isinstance(wanted, PartialText) else wanted
    if isinstance(known, str | PartialText):
        return str(known)
    if isinstance(known, ResourceReference):
        return f"${{{known.expression}}}"
    if isinstance(known, OpenParameter):
        return f"${{{known.parameter}}}"
    return Unknown("the cluster is known only after deployment")
