"""The tables of partitions, regions and zones."""

import re
from collections.abc import Iterator

from facts_sources import RegistrySource
from facts_tables import render

_ZONE_ID = re.compile(r"(?P<region>[a-z]+[0-9]+)-az[0-9]+")


def tables(source: RegistrySource) -> Iterator[tuple[str, str]]:
    """`partitions.tsv` and `regions.tsv`."""
    partitions = source.partitions()
    yield (
        "partitions.tsv",
        render(
            "AWS partitions, with the pattern of their regions' names.",
            source.cite("botocore"),
            ["partition", "dns_suffix", "region_pattern"],
            sorted((p["id"], p["outputs"]["dnsSuffix"], p["regionRegex"]) for p in partitions),
        ),
    )
    by_name = source.offerings("availability-zone")
    by_id = source.offerings("availability-zone-id")
    rows = []
    for partition in source.endpoints()["partitions"]:
        with_eks = set(partition["services"].get("eks", {}).get("endpoints", {}))
        for region in sorted(partition["regions"]):
            zones = sorted({zone for _, zone in by_name.get(region, [])})
            zone_ids = sorted({zone for _, zone in by_id.get(region, [])})
            if not all(zone.startswith(region) for zone in zones) or not all(map(_ZONE_ID.fullmatch, zone_ids)):
                raise ValueError(f"not availability zones: {zones} {zone_ids}")
            letters = "".join(zone.removeprefix(region) for zone in zones)
            eks = "eks" if region in with_eks else ""
            rows.append((region, partition["partition"], eks, letters, ",".join(zone_ids)))
    yield (
        "regions.tsv",
        render(
            "AWS regions: partition, whether EKS runs there, letters and ids of the availability zones where known.",
            [*source.cite("botocore"), *source.cite_ec2()],
            ["region", "partition", "eks", "zone_letters", "zone_ids"],
            sorted(rows),
        ),
    )
