"""Whether machines join a cluster, and which: by the tag that the cloud provider asks for, or by their user data."""

from collections.abc import Iterator

from ekslint.loaders.cloudformation.cluster_tags import CLUSTER_TAG
from ekslint.loaders.cloudformation.conditions import branches
from ekslint.loaders.cloudformation.fields import listed
from ekslint.loaders.cloudformation.launches import Launch, gap_named
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.texts import after
from ekslint.loaders.cloudformation.values import Listed
from ekslint.loaders.loaded import ClusterReference
from ekslint.loaders.user_data.entity import StartedNodes
from ekslint.loaders.user_data.start import is_filled_in_later
from ekslint.model.reading import Reading


def cluster_joined(resource: Resource, launch: Reading, setting: Setting) -> ClusterReference | None:
    """The cluster that machines join; None if nothing says that they are nodes."""
    for tags in _tag_lists(resource, launch):
        for key in _keys(tags):
            wanted = after(key, CLUSTER_TAG)
            if wanted is not None:
                return setting.clusters.reference_of(wanted)
    for _, leaf in branches(launch):
        if isinstance(leaf.value, Launch):
            found = _by_user_data(leaf.value, setting)
            if found is not None:
                return found
    return None


def _tag_lists(resource: Resource, launch: Reading) -> Iterator[Reading]:
    yield resource.get("Tags")
    for _, leaf in branches(launch):
        if isinstance(leaf.value, Launch):
            for item in _items(leaf.value.get("TagSpecifications")):
                if member(item, "ResourceType").value == "instance":
                    yield member(item, "Tags")


def _keys(tags: Reading) -> Iterator[object]:
    for item in _items(tags):
        yield member(item, "Key").value


def _items(reading: Reading) -> Iterator[Reading]:
    for _, leaf in branches(listed(reading)):
        for item in leaf.value.items if isinstance(leaf.value, Listed) else ():
            for _, each in branches(item):
                yield each


def _by_user_data(launch: Launch, setting: Setting) -> ClusterReference | None:
    for _, leaf in branches(launch.user_data):
        if isinstance(leaf.value, StartedNodes) and isinstance(leaf.value.start.bootstrapper, str):
            name = leaf.value.start.cluster_name
            if not isinstance(name, str) or not name:
                return ClusterReference()
            if not is_filled_in_later(name):
                return setting.clusters.reference_of(name)
            return setting.clusters.reference_of(gap_named(launch.get("UserData"), name))
    return None
