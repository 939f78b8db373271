"""Names that say which partition, region and account something of AWS lies in.

Sources: AWS general reference, Amazon Resource Names; Amazon ECR user guide, private registry (its endpoints, those of
FIPS and of IPv6 among them).
"""

import re
from typing import NamedTuple

from ekslint import regions

_ARN = re.compile(r"arn:([a-z-]{3,20}):([a-z0-9-]{1,40}):([a-z0-9-]{0,30}):([^:\s]{0,40}):\S")
_REGISTRY = re.compile(
    r"([0-9]{12})\.(?:dkr\.ecr(?:-fips)?\.([a-z0-9-]{3,30})\.(?:amazonaws|c2s|sc2s|cloud|csp)\.[a-z.-]{2,20}"
    r"|dkr-ecr(?:-fips)?\.([a-z0-9-]{3,30})\.on\.[a-z.]{3,30})"
)
_ACCOUNT = re.compile(r"[0-9]{12}")


class AmazonName(NamedTuple):
    """Where something of AWS lies."""

    partition: str
    service: str
    region: str | None
    """None where it belongs to none, as roles do, or where it is left open."""
    account: str | None
    """Twelve digits; None where it belongs to none, as AWS's own policies do, or where it is left open."""


def parse_arn(text: str) -> AmazonName | None:
    """What an ARN says; None for what is none, and for one of no known partition. Parts may be placeholders."""
    found = _ARN.match(text)
    if found is None or found[1] not in regions.partitions():
        return None
    return AmazonName(
        found[1],
        found[2],
        found[3] if regions.partition_of(found[3]) is not None else None,
        found[4] if _ACCOUNT.fullmatch(found[4]) else None,
    )


def parse_registry(host: str) -> AmazonName | None:
    """What the host of a private registry of Amazon ECR says; None for any other, and for no known region."""
    found = _REGISTRY.fullmatch(host)
    region = (found[2] or found[3]) if found is not None else None
    partition = regions.partition_of(region) if region is not None else None
    return None if found is None or partition is None else AmazonName(partition, "ecr", region, found[1])
