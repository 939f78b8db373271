"""Durations as Karpenter's objects write them."""

import re

_DURATION = re.compile(r"(?:[0-9]{1,12}[smh])+")
_PART = re.compile(r"([0-9]+)([smh])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def seconds_of(duration: str) -> int | None:
    """The seconds of `720h` or `1h30m`; None for `Never` and for anything that is no duration."""
    if _DURATION.fullmatch(duration) is None:
        return None
    return sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(duration))
