"""AWS partitions, regions and zones.

The tables are `data/partitions.tsv` and `data/regions.tsv`. Zone *letters* are handed out per account, so a letter
says nothing about the place, and in a few regions not even that the account has it; zone *ids* (`use1-az4`) are the
same for all.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ._tables import row, rows, words

CONTROL_PLANE_EXCLUDED_ZONE_IDS = frozenset({"cac1-az3", "use1-az3", "usw1-az2"})
"""Zones in which the subnets of a control plane may not lie (EKS user guide, network-reqs; eksctl `pkg/az/az.go`)."""

REGIONS_WITH_ZONES_PER_ACCOUNT = frozenset({"ap-northeast-1", "ca-central-1", "us-west-1"})
"""Regions with more zones than one account sees: which letters exist differs, so a letter is never wrong there."""

_ZONE = re.compile(
    r"(?P<region>[a-z]{2,4}(?:-[a-z]+)+-[0-9]+)"
    r"(?:[a-z]|(?P<wavelength>-wl[0-9]+-[a-z]+-wlz-[0-9]+)|(?P<local>-[a-z]+-[0-9]+)[a-z])"
)
_ZONE_ID = re.compile(r"(?P<code>[a-z]+[0-9]+)-(?:[a-z0-9]+-)*az[0-9]+")
_LOCAL_ZONE_ID = re.compile(r"[a-z]+[0-9]+-(?:(?P<wavelength>wl[0-9]+-[a-z]+-wlz[0-9]+)|[a-z]+[0-9]+-az[0-9]+)")
"""Source: EC2 user guide and API reference (DescribeAvailabilityZones): usw2-lax1-az1, use1-wl1-bos-wlz1."""


class ZoneKind(Enum):
    """What kind of place a zone is."""

    AVAILABILITY_ZONE = "availability zone"
    LOCAL_ZONE = "local zone"
    WAVELENGTH_ZONE = "Wavelength zone"


class Region(NamedTuple):
    """One AWS region."""

    name: str
    partition: str
    """`aws`, `aws-cn`, `aws-us-gov`, …"""
    dns_suffix: str
    """What hosts and most service principals of the partition end with: `amazonaws.com`, `amazonaws.com.cn`, …"""
    has_eks: bool
    zones: tuple[str, ...]
    """The availability zones one account sees (`us-east-1a`), sorted; empty where not known."""
    zone_ids: tuple[str, ...]
    """Their ids (`use1-az1`), sorted; empty where not known."""


@cache
def _partitions() -> Mapping[str, tuple[str, str]]:
    return MappingProxyType({name: (suffix, pattern) for name, suffix, pattern in rows("partitions.tsv")})


@cache
def region(name: str) -> Region | None:
    """The region called `name`, or None if the table has none."""
    found = row("regions.tsv", name)
    if found is None:
        return None
    _, partition, eks, letters, zone_ids = found
    suffix, _ = _partitions()[partition]
    return Region(name, partition, suffix, eks == "eks", tuple(name + letter for letter in letters), words(zone_ids))


@cache
def region_names() -> tuple[str, ...]:
    """Every region of the table, sorted."""
    return tuple(name for name, *_ in rows("regions.tsv"))


def partition_of(region_name: str) -> str | None:
    """The partition of a region, a new one included if its name fits a partition's pattern; else None."""
    if found := region(region_name):
        return found.partition
    for partition, (_, pattern) in _partitions().items():
        if re.fullmatch(pattern.strip("^$"), region_name, re.ASCII):
            return partition
    return None


def partitions() -> tuple[str, ...]:
    """Every partition, sorted."""
    return tuple(_partitions())


def dns_suffix(region_name: str) -> str | None:
    """What host names in the region end with (`amazonaws.com`), or None for no region."""
    partition = partition_of(region_name)
    return _partitions()[partition][0] if partition else None


def region_of_zone(zone: str) -> str | None:
    """The region of a zone name, known or not; None if it is no zone name.

    Understands `us-west-2a`, `us-west-2-lax-1a` and `us-east-1-wl1-bos-wlz-1`.
    """
    found = _ZONE.fullmatch(zone)
    return found["region"] if found and partition_of(found["region"]) else None


def zone_kind(zone: str) -> ZoneKind | None:
    """What kind of zone the name `zone` stands for, by its form; None if it is no zone name."""
    found = _ZONE.fullmatch(zone)
    if not found or partition_of(found["region"]) is None:
        return None
    if found["wavelength"]:
        return ZoneKind.WAVELENGTH_ZONE
    return ZoneKind.LOCAL_ZONE if found["local"] else ZoneKind.AVAILABILITY_ZONE


def zone_id_kind(zone_id: str) -> ZoneKind | None:
    """What kind of zone the ID stands for, by its form; None if it is no ID of a zone."""
    found = _LOCAL_ZONE_ID.fullmatch(zone_id)
    if found is not None:
        return ZoneKind.WAVELENGTH_ZONE if found["wavelength"] else ZoneKind.LOCAL_ZONE
    return ZoneKind.AVAILABILITY_ZONE if is_zone_id(zone_id) else None


@cache
def _regions_by_code() -> Mapping[str, str]:
    codes = {}
    for name, _, _, _, zone_ids in rows("regions.tsv"):
        for zone_id in words(zone_ids):
            codes[zone_id.partition("-")[0]] = name
    return MappingProxyType(codes)


def is_zone_id(text: str) -> bool:
    """Whether `text` has the form of a zone id (`use1-az4`, `usw2-lax1-az1`)."""
    return _ZONE_ID.fullmatch(text) is not None


def region_of_zone_id(zone_id: str) -> str | None:
    """The region of a zone id, or None for no zone id and for regions whose zones are not known."""
    found = _ZONE_ID.fullmatch(zone_id)
    return _regions_by_code().get(found["code"]) if found else None


def zones_of(region_name: str) -> tuple[str, ...]:
    """The availability zones one account sees in a region; empty where not known."""
    found = region(region_name)
    return found.zones if found else ()
