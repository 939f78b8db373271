"""From which to which Kubernetes version an API exists, and what took its place.

The tables are `data/api_lifetimes.tsv` (generated) and `data/api_changes.tsv` (by hand, with everything that was gone
before the first one begins). Only APIs of Kubernetes itself: about custom resources they say nothing.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ._tables import rows, words
from .kubernetes_versions import minor


class ApiLifetime(NamedTuple):
    """The life of one kind in one group and version."""

    api_version: str
    """As in a manifest: `apps/v1`, `v1`."""
    kind: str
    added: str | None
    """The first Kubernetes version that has it; None if older than the table."""
    deprecated: str | None
    """The version since which it is deprecated; None if it is not, or nobody said since when."""
    removed: str | None
    """The first version without it; None while it is there."""
    replacement: str | None
    """The apiVersion to use in its place, with the kind behind it if that changes; None if there is none."""

    def exists_in(self, version: str) -> bool | None:
        """Whether Kubernetes `version` (`1.31`) has it; None if `version` is none."""
        number = minor(version)
        if number is None:
            return None
        return not _before(number, self.added) and not _reached(number, self.removed)

    def is_removed_in(self, version: str) -> bool:
        """Whether it was there once and Kubernetes `version` has it no more."""
        number = minor(version)
        return number is not None and _reached(number, self.removed)

    def is_deprecated_in(self, version: str) -> bool:
        """Whether Kubernetes `version` still has it and warns about it."""
        number = minor(version)
        return number is not None and _reached(number, self.deprecated) and not _reached(number, self.removed)


def _reached(number: tuple[int, int], version: str | None) -> bool:
    bound = minor(version) if version else None
    return bound is not None and number >= bound


def _before(number: tuple[int, int], version: str | None) -> bool:
    bound = minor(version) if version else None
    return bound is not None and number < bound


@cache
def _lifetimes() -> Mapping[tuple[str, str], ApiLifetime]:
    generated = {(cells[0], cells[1]): (cells[2], cells[3]) for cells in rows("api_lifetimes.tsv")}
    oldest = min((first for first, _ in generated.values()), key=lambda version: minor(version) or (0, 0))
    found = {}
    for api_version, kinds, deprecated, removed, replacement in rows("api_changes.tsv"):
        for kind in words(kinds):
            first, gone = generated.pop((api_version, kind), ("", removed))
            added = first if first != oldest else ""
            found[api_version, kind] = _lifetime(api_version, kind, added, deprecated, gone, replacement)
    for (api_version, kind), (first, removed) in generated.items():
        added = first if first != oldest else ""
        found[api_version, kind] = _lifetime(api_version, kind, added, "", removed, "")
    return MappingProxyType(found)


def _lifetime(api_version: str, kind: str, *rest: str) -> ApiLifetime:
    added, deprecated, removed, replacement = (cell or None for cell in rest)
    return ApiLifetime(api_version, kind, added, deprecated, removed, replacement)


def api_lifetime(api_version: str, kind: str) -> ApiLifetime | None:
    """The life of `kind` in `api_version` (`batch/v1beta1`, `CronJob`), or None if Kubernetes never had it."""
    return _lifetimes().get((api_version, kind))


def all_api_lifetimes() -> tuple[ApiLifetime, ...]:
    """Every API of the tables, by apiVersion and kind."""
    return tuple(_lifetimes()[key] for key in sorted(_lifetimes()))


@cache
def newest_version_with_apis() -> str:
    """The newest Kubernetes version that the tables were made from; about newer ones they only guess."""
    versions = [cell for _, _, first, removed in rows("api_lifetimes.tsv") for cell in (first, removed) if cell]
    return max(versions, key=lambda version: minor(version) or (0, 0))
