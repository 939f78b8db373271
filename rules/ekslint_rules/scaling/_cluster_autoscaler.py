"""How the Cluster Autoscaler is told which Auto Scaling groups are its own: by flags, or by its chart's values.

Source: autoscaler, cluster-autoscaler/cloudprovider/aws/README.md (auto-discovery); the chart's values `autoDiscovery`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ekslint import Cluster, Container, KubernetesObject, NodeGroup, Place, Workload, known, some
from ekslint_rules._installations import installed_on
from ekslint_rules._releases import releases

_COMPONENT = "cluster-autoscaler"
PREFIX = "k8s.io/cluster-autoscaler/"
TEMPLATE_LABEL = f"{PREFIX}node-template/label/"
TEMPLATE_TAINT = f"{PREFIX}node-template/taint/"
_ENABLED = f"{PREFIX}enabled"
_NO_CLUSTER = frozenset({"disabled", "enabled", "node-template"})
_IMAGE = re.compile(r"cluster-autoscaler(?:-(?:amd64|arm64))?\Z")
DISCOVERY = "node-group-auto-discovery"
_CLUSTER_NAME, _OWN_TAGS = ("autoDiscovery", "clusterName"), ("autoDiscovery", "tags")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}\Z")
_VARIABLE = re.compile(r"\$\(([A-Za-z_.-][A-Za-z0-9_.-]*)\)")

_ACCOUNTS: Mapping[str, Callable[[Any], bool]] = {
    "service_accounts": lambda account: _COMPONENT in (account.name or ""),
    "pod_identity_associations": lambda association: _COMPONENT in (association.service_account or ""),
}
"""Fields of a cluster that give service accounts a role, and whether one is the Cluster Autoscaler's."""


class Flag(NamedTuple):
    """One flag on a command line."""

    name: str
    """Without dashes."""
    value: str
    place: Place


class Discovery(NamedTuple):
    """The tags that an Auto Scaling group must have, all of them, to be found."""

    tags: Sequence[tuple[str, str | None]]
    """Key, and value where one is asked for."""
    place: Place

    @property
    def cluster_names(self) -> list[str]:
        """The cluster that the tags name, as everybody calls the second one; placeholders are none."""
        names = (key.removeprefix(PREFIX).partition("/")[0] for key, _ in self.tags if key.startswith(PREFIX))
        return [name for name in names if name not in _NO_CLUSTER and is_name(name)]

    def finds(self, tags: Mapping[str, str]) -> bool:
        """Whether an Auto Scaling group with these tags is found."""
        return not self.missing(tags)

    def missing(self, tags: Mapping[str, str]) -> list[str]:
        """What a group with these tags lacks to be found."""
        return [key for key, value in self.tags if key not in tags or (value is not None and tags[key] != value)]


def is_name(text: str) -> bool:
    """Whether a text can be the name of a cluster, and is no placeholder for one."""
    return _NAME.match(text) is not None


def is_cluster_autoscaler(container: Container) -> bool:
    """Whether a container runs the Cluster Autoscaler."""
    image = container.image_reference
    return image is not None and _IMAGE.match(image.name) is not None


def flags(container: Container) -> Iterator[Flag]:
    """The flags of a container, of `command` and of `args`: `--name=value`, or `--name value`.

    Variables of the container whose value is written out (`$(CLUSTER_NAME)`) are filled in, as the kubelet does.
    """
    for field, words in (("command", container.command), ("args", container.arguments)):
        items = list(words)
        for index, word in enumerate(items):
            if not isinstance(word, str) or not word.startswith("-"):
                continue
            name, equals, value = word.lstrip("-").partition("=")
            following = items[index + 1] if index + 1 < len(items) else ""
            if not equals and isinstance(following, str) and not following.startswith("-"):
                value = following
            yield Flag(name, _filled_in(value, container), container.at(field, index))


def _filled_in(text: str, container: Container) -> str:
    if "$(" not in text:
        return text
    values = {each.name: each.value for each in known(container.environment) if each.value is not None}
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def discoveries_of(container: Container) -> Iterator[Discovery]:
    """What a Cluster Autoscaler looks for; flags that still hold a placeholder (`<YOUR CLUSTER NAME>`) are left out."""
    for flag in flags(container):
        if flag.name == DISCOVERY and "<" not in flag.value:
            yield Discovery(_tags(flag.value), flag.place)


def discoveries_on(cluster: Cluster) -> Iterator[Discovery]:
    """What the Cluster Autoscalers of a cluster look for, as far as that is said; one of them is enough.

    Not what the groups of another cluster are tagged with: it is meant for that one, or `ca-cluster-mismatch` tells.
    """
    name = None if cluster.unknown("name") else cluster.name
    for discovery in _discoveries_near(cluster):
        if name is None or not discovery.cluster_names or name in discovery.cluster_names:
            yield discovery


def _discoveries_near(cluster: Cluster) -> Iterator[Discovery]:
    for entity in installed_on(_COMPONENT, cluster):
        if isinstance(entity, Workload):
            for container in known(entity.pod.containers):
                if is_cluster_autoscaler(container):
                    yield from discoveries_of(container)
        elif isinstance(entity, KubernetesObject):
            for name, place in released_cluster_names(entity):
                yield Discovery(((_ENABLED, None), (f"{PREFIX}{name}", None)), place)


def scales(group: NodeGroup) -> bool:
    """Whether the Cluster Autoscaler of the files changes the size of a group, or is meant to.

    A group that it certainly does not find is left to `ca-asg-untagged`.
    """
    if group.max_size <= group.min_size:
        return False
    cluster = None if group.unknown("cluster") else group.cluster
    if cluster is None or not (
        cluster.estate.has_evidence_of(_COMPONENT, cluster) or _certainly_has_permissions(cluster)
    ):
        return is_prepared(group)
    if group.kind != "self-managed":
        return True
    discoveries = [each for each in discoveries_on(cluster) if each.tags]
    return not discoveries or any(each.finds(group.scaling_tags) for each in discoveries)


def has_permissions(cluster: Cluster) -> bool:
    """Whether a service account for the Cluster Autoscaler gets a role; Undecided where that cannot be known."""
    return any(some(getattr(cluster, field), is_its_own) for field, is_its_own in _ACCOUNTS.items())


def _certainly_has_permissions(cluster: Cluster) -> bool:
    return any(
        not cluster.unknown(field) and any(True for _ in known(getattr(cluster, field), is_its_own))
        for field, is_its_own in _ACCOUNTS.items()
    )


def is_prepared(group: NodeGroup) -> bool:
    """Whether somebody has the Cluster Autoscaler in mind: EKS and eksctl tag managed groups without being asked."""
    if "autoScaler" in group.addon_policies:
        return True
    return group.kind == "self-managed" and not group.unknown("scaling_tags") and _ENABLED in group.scaling_tags


def released_cluster_names(release: KubernetesObject) -> Iterator[tuple[str, Place]]:
    """`autoDiscovery.clusterName` among the values of a Helm release, of Flux or of Argo CD.

    Where they have tags of one's own as well, the chart may look for those alone.
    """
    for each in releases(release, _COMPONENT):
        name = each.setting(*_CLUSTER_NAME)
        if isinstance(name, str) and is_name(name) and not each.setting(*_OWN_TAGS):
            yield name, each.place(*_CLUSTER_NAME)


def _tags(value: str) -> list[tuple[str, str | None]]:
    """`asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/shop=owned`.

    Without those in which a variable stands of which nobody knows the value.
    """
    _, _, listed = value.partition(":tag=")
    found = []
    for item in listed.split(","):
        key, equals, wanted = item.strip().partition("=")
        if key and not _VARIABLE.search(item):
            found.append((key, wanted if equals else None))
    return found
