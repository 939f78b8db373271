"""Ranges of addresses around a cluster."""

import ipaddress

from ekslint import Place, network_limits

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def range_of(text: str) -> Network | None:
    """The range that a text means, None if it is none; bits behind the prefix do not matter."""
    try:
        return ipaddress.ip_network(text, strict=False) if "/" in text else None
    except ValueError:
        return None


def overlap(one: Network, other: Network) -> bool:
    """Whether two ranges share an address."""
    if isinstance(one, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network):
        return one.overlaps(other)
    if isinstance(one, ipaddress.IPv6Network) and isinstance(other, ipaddress.IPv6Network):
        return one.overlaps(other)
    return False


def is_within(inner: Network, *outer: str) -> bool:
    """Whether an IPv4 range lies in one of some others."""
    return isinstance(inner, ipaddress.IPv4Network) and any(
        inner.subnet_of(ipaddress.IPv4Network(each)) for each in outer
    )


def is_private(network: Network) -> bool:
    """Whether a range lies in those of RFC 1918."""
    return is_within(network, *network_limits.PRIVATE_RANGES)


def origin_of(place: Place) -> str:
    """How the range at the other end came about, in words that follow its name; empty where it is written."""
    return "" if place.is_written or place.by_default is not None else ", by default"
