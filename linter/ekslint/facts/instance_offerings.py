"""Where EC2 instance types are offered. The table is `data/instance_offerings.tsv`, a line for each set of zones."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ._tables import row, rows, words


@cache
def zone_letters(key: str) -> Mapping[str, str]:
    """The letters of the zones by region (`{"us-east-1": "abcdf"}`) in the set called `key`; empty for no set.

    Letters are those of one account: they tell how many zones, and not which, except by the region's own habit.
    """
    found = row("instance_offerings.tsv", key) if key else None
    return MappingProxyType(dict(item.split(":") for item in words(found[1])) if found else {})


def zone_ids(key: str) -> frozenset[str]:
    """The zone ids (`use1-az4`) in the set called `key`; empty for no set."""
    found = row("instance_offerings.tsv", key) if key else None
    places = (item.split(":") for item in words(found[2])) if found else ()
    return frozenset(f"{code}-az{number}" for code, numbers in places for number in numbers)


@cache
def regions_with_offerings() -> frozenset[str]:
    """The regions whose offerings the table knows; about any other region it says nothing."""
    return frozenset(region for key, *_ in rows("instance_offerings.tsv") for region in zone_letters(key))
