"""The table of the enumerations in AWS APIs that configuration is checked against."""

from collections.abc import Iterator

from facts_sources import RegistrySource
from facts_tables import render

_EC2 = {
    "HostnameType",
    "HttpTokensState",
    "InstanceMetadataEndpointState",
    "MarketType",
    "PlacementGroupStrategy",
    "SpotAllocationStrategy",
    "Tenancy",
    "VolumeType",
}


def tables(source: RegistrySource) -> Iterator[tuple[str, str]]:
    """`aws_enums.tsv`: every enumeration of the EKS API and some of EC2's, with the values in the API's order."""
    rows = []
    for service, wanted in (("ec2", _EC2), ("eks", None)):
        shapes = source.service_model(service)["shapes"]
        if wanted and (missing := wanted - set(shapes)):
            raise ValueError(f"the {service} API has no {missing}")
        for name, shape in sorted(shapes.items()):
            if shape.get("enum") and (wanted is None or name in wanted):
                rows.append((f"{service}.{name}", ",".join(shape["enum"])))
    yield (
        "aws_enums.tsv",
        render("Enumerations of the EKS and EC2 APIs.", source.cite("botocore"), ["enumeration", "values"], rows),
    )
