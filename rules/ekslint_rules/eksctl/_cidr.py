"""Ranges of addresses, as Go's net.ParseCIDR reads them."""

import ipaddress
import re

_FORM = re.compile(r"[0-9A-Fa-f.:]+/[0-9]{1,3}")


def network_of(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The range, None if it is none. Bits behind the prefix do not matter."""
    if not _FORM.fullmatch(text):
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def is_cidr(text: str) -> bool:
    """Whether a text is a range of addresses."""
    return network_of(text) is not None
