"""Loading snippets of ClusterConfigs, and looking at what came of them."""

from textwrap import dedent, indent

from ekslint.loaders.eksctl import load_cluster_config, merge_cluster_configs
from ekslint.loaders.loaded import Loaded
from ekslint.model.reading import Undecided
from ekslint.model.world import World
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

HEADER = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: shop
  region: eu-west-1
  version: "1.34"
"""
UNKNOWN = "unknown"


def load(*texts, merge=False):
    """What the ClusterConfigs of several files declare."""
    loaded = Loaded(World())
    for number, text in enumerate(texts):
        for document in parse(SourceText(f"clusters/{number}.yaml", dedent(text))):
            load_cluster_config(document, (), loaded)
    if merge:
        merge_cluster_configs(loaded)
    return loaded


def cluster_of(body, header=HEADER):
    """The cluster of a file with this header, and this below it."""
    [cluster] = load(header + dedent(body)).clusters
    return cluster


def group_of(fields, kind="managedNodeGroups", body="", name="general"):
    """The only node group of a file: its fields, and further sections of the file."""
    item = indent(dedent(fields), "    ").strip()
    text = f"{HEADER}{dedent(body)}{kind}:\n  - name: {name}\n" + (f"    {item}\n" if item else "")
    [(pool, _)] = load(text).pools
    return pool


def managed(fields="", body=""):
    return group_of(fields, "managedNodeGroups", body)


def self_managed(fields="", body=""):
    return group_of(fields, "nodeGroups", body)


def value(entity, *path):
    """A field, or an item in it; UNKNOWN where it cannot be known."""
    try:
        found = getattr(entity, path[0])
        for step in path[1:]:
            found = found[step]
        return list(found) if isinstance(found, tuple) and not hasattr(found, "_fields") else found
    except Undecided:
        return UNKNOWN


def line(place):
    """The text that a place marks, and the line that it stands in."""
    location = place.location
    text = place.source.document.source.text.splitlines()[location.line - 1]
    return text[location.column - 1 : location.end_column - 1], text.strip()


def problems(loaded):
    return [(problem.kind, problem.message) for problem in loaded.problems]
