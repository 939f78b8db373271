"""Versions as the library compares them that eksctl uses for add-ons and Karpenter."""

import re

_VERSION = re.compile(
    r"v?(?P<numbers>[0-9]{1,18}(?:\.[0-9]{1,18})*)"
    r"(?P<pre>-[0-9]+[0-9A-Za-z~-]*(?:\.[0-9A-Za-z~-]+)*|-?[A-Za-z~-]+[0-9A-Za-z~-]*(?:\.[0-9A-Za-z~-]+)*)?"
    r"(?:\+[0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*)?"
)
_LONGEST = 100


def version_key(text: str) -> tuple[tuple[int, ...], bool] | None:
    """What orders versions: the numbers, then whether it is final; None if it is no version.

    `v1.10.0-eksbuild.1` counts as a forerunner of 1.10.0, as in semantic versioning.
    """
    match = _VERSION.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    numbers = [int(part) for part in match["numbers"].split(".")]
    return (*numbers, *[0] * (3 - len(numbers))), match["pre"] is None


def is_older(text: str, than: str) -> bool:
    """Whether a version comes before another; false where one of them is none."""
    one, other = version_key(text), version_key(than)
    return one is not None and other is not None and one < other
