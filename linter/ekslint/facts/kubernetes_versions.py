"""Which Kubernetes versions EKS supports, and until when.

Source: the Kubernetes version page of the Amazon EKS user guide; the table is `data/kubernetes_versions.tsv`.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ._tables import rows

_MINOR = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:[.+-].*)?", re.DOTALL)


class SupportPhase(Enum):
    """Where a version stands in the EKS support calendar on some day."""

    STANDARD = "standard"
    EXTENDED = "extended"
    """Still supported, at a multiple of the control plane's price."""
    ENDED = "ended"
    """EKS refuses new clusters and upgrades existing ones by itself."""
    UNKNOWN = "unknown"
    """Newer than this table, not yet released on that day, or no version at all."""


class VersionSupport(NamedTuple):
    """One row of the calendar.

    Each end date is the first day after its phase, by UTC: from its beginning on the next phase is billed, or EKS
    creates no cluster of the version any more (EKS user guide, release calendar and FAQs).
    """

    version: str
    released: date
    standard_support_ends: date
    extended_support_ends: date
    karpenter: str | None
    """The oldest Karpenter release that supports this version; None if any does."""

    def phase(self, on: date) -> SupportPhase:
        """The phase of this version on the day `on`."""
        if on < self.released:
            return SupportPhase.UNKNOWN
        if on < self.standard_support_ends:
            return SupportPhase.STANDARD
        return SupportPhase.EXTENDED if on < self.extended_support_ends else SupportPhase.ENDED


def minor(version: str) -> tuple[int, int] | None:
    """Major and minor number of `1.31`, `v1.31.4` or `v1.31.4-eks-abc`; None for anything else."""
    found = _MINOR.fullmatch(version)
    return (int(found[1]), int(found[2])) if found else None


@cache
def calendar() -> Mapping[str, VersionSupport]:
    """Every version of the table by its name (`1.31`), oldest first."""
    table = {}
    for version, *days, karpenter in rows("kubernetes_versions.tsv"):
        released, standard, extended = map(date.fromisoformat, days)
        table[version] = VersionSupport(version, released, standard, extended, karpenter or None)
    return MappingProxyType(table)


def support(version: str) -> VersionSupport | None:
    """The calendar's row for `version` (`1.31`, `1.31.4`, `v1.31`), or None if the table has none."""
    number = minor(version)
    return calendar().get(f"{number[0]}.{number[1]}") if number else None


def support_phase(version: str, on: date) -> SupportPhase:
    """The phase of `version` on the day `on`. Older than the table is ENDED, newer is UNKNOWN."""
    row = support(version)
    if row:
        return row.phase(on)
    number = minor(version)
    oldest = minor(oldest_known())
    return SupportPhase.ENDED if number and oldest and number < oldest else SupportPhase.UNKNOWN


def oldest_known() -> str:
    """The oldest version of the table."""
    return next(iter(calendar()))


def newest_known() -> str:
    """The newest version of the table; AWS may offer newer ones already."""
    return tuple(calendar())[-1]


def supported_versions(on: date, *, phase: SupportPhase | None = None) -> tuple[str, ...]:
    """The versions in standard or extended support (or just in `phase`) on the day `on`, oldest first."""
    wanted = {phase} if phase else {SupportPhase.STANDARD, SupportPhase.EXTENDED}
    return tuple(version for version, row in calendar().items() if row.phase(on) in wanted)


def kubelet_may_lag(control_plane: str) -> int | None:
    """By how many minor versions a kubelet may be older than `control_plane`; None for no version.

    Three from 1.28 on, two before (Kubernetes version skew policy). A kubelet may never be newer.
    """
    number = minor(control_plane)
    if number is None:
        return None
    return 3 if number >= (1, 28) else 2
