"""Reading a ClusterConfig as eksctl does.

Empty counts as absent, as it does in Go. What a template fills in is neither set nor missing: a rule asks for what is
surely there (`text`, `flag`, `is_given`) or surely not there (`is_absent`), and passes over the rest.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from ekslint import ClusterConfig, View, dotted, eksctl_fields, nearest

Path = tuple[str | int, ...]

_COLONS_OF_AN_ARN = 5
_MAXIMUM_ITEMS = 1_000
_MAXIMUM_NESTED_ITEMS = 50
"""Aliases let a small file repeat a list in every item of another: no honest ClusterConfig has lists of this length."""


def written(view: View, *path: str | int) -> Any:
    """What stands at a path, None if nothing does or a template fills it in; mappings and lists may have holes."""
    node: Any = view.node
    for step in path:
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node if isinstance(node, dict | list) or not view.unknown(*path) else None


def text(view: View, *path: str | int) -> str | None:
    """A string that is not empty; a number or a boolean as it was written, as that is what was meant."""
    value = written(view, *path)
    if isinstance(value, bool | int | float):
        return view.sheet.document.raw((*view.path, *path))
    return value if isinstance(value, str) and value else None


def flag(view: View, *path: str | int) -> bool | None:
    """A boolean."""
    value = written(view, *path)
    return value if isinstance(value, bool) else None


def is_off(view: View, *path: str | int) -> bool:
    """Whether a switch that is off by default is surely not on."""
    return flag(view, *path) is False or is_absent(view, *path)


def integer(view: View, *path: str | int) -> int | None:
    """A whole number."""
    value = written(view, *path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_unknown(view: View, *path: str | int) -> bool:
    """Whether a template fills in what stands at a path, or whether anything does."""
    return written(view, *path) is None and view.unknown(*path)


def is_set(view: View, *path: str | int) -> bool:
    """Whether surely something other than null stands at a path, be it empty."""
    return written(view, *path) is not None


def is_given(view: View, *path: str | int) -> bool:
    """Whether surely something stands at a path that is not empty."""
    return written(view, *path) not in (None, "", {}, [])


def is_absent(view: View, *path: str | int) -> bool:
    """Whether surely nothing stands at a path, or something empty; nothing that is misspelt either."""
    value = written(view, *path)
    return value in ("", {}, []) or (value is None and not view.unknown(*path) and not is_misspelt(view, *path))


def is_misspelt(view: View, *path: str | int) -> bool:
    """Whether a field that eksctl does not know stands where this one was meant.

    The rule eksctl-unknown-field tells that, and nobody needs to hear from another rule what is missing for it.
    """
    node: Any = view.node
    for step in path:
        if isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        elif not isinstance(node, dict) or not isinstance(step, str):
            return False
        elif step in node:
            node = node[step]
        else:
            strange = [key for key in node if key not in _field_names()]
            return any(nearest(key, [step]) for key in strange[:_MAXIMUM_NESTED_ITEMS])
    return False


@cache
def _field_names() -> frozenset[str]:
    """The fields that eksctl knows anywhere: what has such a name is no other field misspelt."""
    return frozenset(name for owner in eksctl_fields.type_names() for name in eksctl_fields.fields_of(owner))


def items(view: View, *path: str | int) -> Iterator[Path]:
    """The paths of the mappings in a list."""
    node = written(view, *path)
    if isinstance(node, list):
        for index, item in enumerate(node[: _limit(view, path)]):
            if isinstance(item, dict):
                yield (*path, index)


def texts(view: View, *path: str | int) -> Iterator[tuple[Path, str]]:
    """The strings in a list that are known, each with its path."""
    node = written(view, *path)
    if isinstance(node, list):
        for index in range(min(len(node), _limit(view, path))):
            value = text(view, *path, index)
            if value is not None:
                yield (*path, index), value


def _limit(view: View, path: Path) -> int:
    is_nested = any(isinstance(step, int) for step in (*view.path, *path))
    return _MAXIMUM_NESTED_ITEMS if is_nested else _MAXIMUM_ITEMS


def named(view: View, kind: str, *path: str | int) -> str:
    """Kind and name of an item for a sentence; where it has no name, its place in the list."""
    name = text(view, *path, "name")
    return f"{kind} {name}" if name is not None else dotted(path)


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
    if any(is_unknown(config, *path, "name") for path in items(config, "addons")):
        return False
    cluster = config.cluster
    return not cluster.unknown("addons") and name not in cluster.addons


def knows_all_items(view: View, *path: str | int) -> bool:
    """Whether a list, or its absence, stands in the file whole."""
    node = written(view, *path)
    if isinstance(node, list):
        return not any(is_unknown(view, *path, index) for index in range(min(len(node), _MAXIMUM_ITEMS)))
    return node is None and not is_unknown(view, *path)


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


def well_known_policies(view: View, *path: str | int) -> bool | None:
    """Whether one of `wellKnownPolicies` is switched on; None where a template may do that."""
    names = eksctl_fields.fields_of("WellKnownPolicies")
    if any(flag(view, *path, name) for name in names):
        return True
    return None if any(is_unknown(view, *path, name) for name in names) else False


def is_arn(text: str) -> bool:
    """Whether a text has the parts of an ARN, which is what eksctl asks for."""
    return text.startswith("arn:") and text.count(":") >= _COLONS_OF_AN_ARN
