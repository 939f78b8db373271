"""The table of the life of every Kubernetes API, from the OpenAPI definitions of each version."""

from collections.abc import Iterator
from typing import Any

from facts_sources import RegistrySource
from facts_tables import render


def tables(source: RegistrySource) -> Iterator[tuple[str, str]]:
    """`api_lifetimes.tsv`: in which version each group, version and kind appeared, and from which on it is missing."""
    seen: dict[tuple[str, str], list[str]] = {}
    versions = []
    for version, definitions in source.kubernetes_definitions():
        versions.append(version)
        for key in kinds(definitions):
            seen.setdefault(key, []).append(version)
    rows = []
    for key, present in sorted(seen.items()):
        removed = versions[versions.index(present[-1]) + 1 :][:1]
        rows.append((*key, present[0], *(removed or [""])))
    yield (
        "api_lifetimes.tsv",
        render(
            f"Kubernetes APIs, {versions[0]} to {versions[-1]}: the first version with each, and the first without it.",
            source.cite("kubernetes-validate"),
            ["api_version", "kind", "first", "removed"],
            rows,
            [f"first {versions[0]} means: by then. Being served by Kubernetes does not mean that EKS enables it."],
        ),
    )


def kinds(definitions: dict[str, Any]) -> set[tuple[str, str]]:
    """Every (apiVersion, kind) that can be sent as an object of its own."""
    found = set()
    for definition in definitions.values():
        groups = definition.get("x-kubernetes-group-version-kind", [])
        # options and events of every group carry dozens; lists and reviews of them are not written by hand
        if len(groups) == 1 and "metadata" in definition.get("properties", {}):
            [gvk] = groups
            if not gvk["kind"].endswith("List"):
                group = f"{gvk['group']}/" if gvk["group"] else ""
                found.add((group + gvk["version"], gvk["kind"]))
    return found
