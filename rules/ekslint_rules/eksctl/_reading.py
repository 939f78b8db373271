"""Reading a ClusterConfig as eksctl does.

Empty counts as absent, as it does in Go. What a template fills in is neither set nor missing: a rule asks for what is
surely there (`text`, `flag`, `is_given`) or surely not there (`is_absent`), and passes over the rest.
"""

from collections.abc import Iterator
from typing import Any

from ekslint import ClusterConfig

Path = tuple[str | int, ...]

_MAXIMUM_ITEMS = 1_000
_MAXIMUM_NESTED_ITEMS = 50
"""Aliases let a small file repeat a list in every item of another: no honest ClusterConfig has lists of this length."""


def written(config: ClusterConfig, *path: str | int) -> Any:
    """What stands at a path, None if nothing does or a template fills it in; mappings and lists may have holes."""
    node: Any = config.node
    for step in path:
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node if isinstance(node, dict | list) or not config.unknown(*path) else None


def text(config: ClusterConfig, *path: str | int) -> str | None:
    """A string that is not empty; a number or a boolean as it was written, as that is what was meant."""
    value = written(config, *path)
    if isinstance(value, bool | int | float):
        return config.sheet.document.raw((*config.path, *path))
    return value if isinstance(value, str) and value else None


def flag(config: ClusterConfig, *path: str | int) -> bool | None:
    """A boolean."""
    value = written(config, *path)
    return value if isinstance(value, bool) else None


def integer(config: ClusterConfig, *path: str | int) -> int | None:
    """A whole number."""
    value = written(config, *path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_set(config: ClusterConfig, *path: str | int) -> bool:
    """Whether surely something other than null stands at a path, be it empty."""
    return written(config, *path) is not None


def is_given(config: ClusterConfig, *path: str | int) -> bool:
    """Whether surely something stands at a path that is not empty."""
    return written(config, *path) not in (None, "", {}, [])


def is_absent(config: ClusterConfig, *path: str | int) -> bool:
    """Whether surely nothing stands at a path, or something empty."""
    value = written(config, *path)
    return value in ("", {}, []) or (value is None and not config.unknown(*path))


def items(config: ClusterConfig, *path: str | int) -> Iterator[Path]:
    """The paths of the mappings in a list."""
    node = written(config, *path)
    if isinstance(node, list):
        limit = _MAXIMUM_NESTED_ITEMS if any(isinstance(step, int) for step in path) else _MAXIMUM_ITEMS
        for index, item in enumerate(node[:limit]):
            if isinstance(item, dict):
                yield (*path, index)


def texts(config: ClusterConfig, *path: str | int) -> Iterator[tuple[Path, str]]:
    """The strings in a list that are known, each with its path."""
    node = written(config, *path)
    if isinstance(node, list):
        limit = _MAXIMUM_NESTED_ITEMS if any(isinstance(step, int) for step in path) else _MAXIMUM_ITEMS
        for index in range(min(len(node), limit)):
            value = text(config, *path, index)
            if value is not None:
                yield (*path, index), value


def node_groups(config: ClusterConfig) -> Iterator[tuple[Path, str]]:
    """The paths of all node groups, self-managed ones first as eksctl has them, each with words for a sentence."""
    for kind in ("nodeGroups", "managedNodeGroups"):
        for path in items(config, kind):
            yield path, named(config, "node group", *path)


def named(config: ClusterConfig, kind: str, *path: str | int) -> str:
    """Kind and name of an item for a sentence; where it has no name, its place in the list."""
    name = text(config, *path, "name")
    return f"{kind} {name}" if name is not None else dotted(path)


def dotted(path: Path) -> str:
    """A path as a person writes it: `iam.serviceAccounts[0]`."""
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else step
    return shown


def addon_path(config: ClusterConfig, name: str) -> Path | None:
    """The path of a listed add-on; names are compared in lower case, as the API does."""
    for path in items(config, "addons"):
        listed = text(config, *path, "name")
        if listed is not None and listed.lower() == name:
            return path
    return None


def lacks_addon(config: ClusterConfig, name: str) -> bool:
    """Whether an add-on is surely not listed, neither here nor in another file of the same cluster."""
    if addon_path(config, name) is not None or not knows_all_items(config, "addons"):
        return False
    if any(config.unknown(*path, "name") for path in items(config, "addons")):
        return False
    cluster = config.cluster
    return not cluster.unknown("addons") and name not in cluster.addons


def knows_all_items(config: ClusterConfig, *path: str | int) -> bool:
    """Whether a list, or its absence, stands in the file whole."""
    node = written(config, *path)
    if isinstance(node, list):
        return not any(config.unknown(*path, index) for index in range(min(len(node), _MAXIMUM_ITEMS)))
    return node is None and not config.unknown(*path)


def is_on_outposts(config: ClusterConfig) -> bool | None:
    """Whether the control plane runs on an Outpost; None where a template decides."""
    if is_absent(config, "outpost", "controlPlaneOutpostARN"):
        return False
    return True if is_given(config, "outpost", "controlPlaneOutpostARN") else None


def uses_ipv6(config: ClusterConfig) -> bool | None:
    """Whether the cluster's IP family is IPv6, however it is spelt; None where a template decides."""
    family = text(config, "kubernetesNetworkConfig", "ipFamily")
    if family is None:
        return False if is_absent(config, "kubernetesNetworkConfig", "ipFamily") else None
    return family.lower() == "ipv6"


def well_known_policies(config: ClusterConfig, *path: str | int) -> bool | None:
    """Whether one of `wellKnownPolicies` is switched on; None where a template may do that."""
    node = written(config, *path)
    if not isinstance(node, dict):
        return None if config.unknown(*path) else False
    flags = {flag(config, *path, key): key for key in node}
    if True in flags:
        return True
    return None if any(config.unknown(*path, key) for key in node) else False
