"""Quantities as integers: CPU in thousandths, everything else in whole units, rounded up as the scheduler does."""

import math
from functools import lru_cache

from ekslint.model.kubernetes.quantity import parse_quantity

_THOUSANDTHS = 1000


def units(resource: str, value: object) -> int | None:
    """The amount of a resource; None for what is no quantity. Negative amounts, which the API refuses, count as 0."""
    if not isinstance(value, str | int | float):
        return None
    return _units(resource == "cpu", value)


@lru_cache(maxsize=4096, typed=True)
def _units(is_cpu: bool, value: str | int | float) -> int | None:
    quantity = parse_quantity(value)
    if quantity is None:
        return None
    return max(math.ceil(quantity * _THOUSANDTHS if is_cpu else quantity), 0)
