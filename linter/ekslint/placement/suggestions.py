"""What was probably meant, where a label, a value or a toleration is close to one that exists."""

from collections.abc import Iterable

from ekslint.model.pool import Taint
from ekslint.placement.causes import Cause
from ekslint.placement.needs import Need
from ekslint.placement.shape import PoolShape
from ekslint.placement.taints import Tolerance
from ekslint.source.nearest import nearest

_NO_TYPOS = frozenset({Cause.ZONE, Cause.ARCHITECTURE, Cause.OPERATING_SYSTEM, Cause.VOLUME_ZONE, Cause.CONTRADICTION})
"""Values that look alike and are different things all the same."""


def suggested_label(shape: PoolShape, need: Need, cause: Cause) -> str | None:
    """The `key=value` of the pool, or the key, that a need probably meant; None if nothing is close."""
    if need.operator != "In":
        return None
    if cause in _NO_TYPOS:
        return None
    if cause is Cause.KEY_ABSENT:
        return suggested_key(shape, need)
    for value in need.values:
        found = nearest(value, shape.domain(need.key).known_values())
        if found is not None:
            return f"{need.key}={found}"
    return None


def suggested_key(shape: PoolShape, need: Need) -> str | None:
    """A key of the pool that is close, with the value that its nodes have."""
    keys = shape.label_keys()
    found = nearest(need.key, keys)
    if found is None:
        # The same name under another domain is a common slip.
        name = need.key.rpartition("/")[2]
        same = sorted(key for key in keys if key.rpartition("/")[2] == name and key != need.key)
        found = same[0] if same else None
    if found is None:
        return None
    values = shape.domain(found).known_values()
    return f"{found}={values[0]}" if len(values) == 1 else found


def meant_toleration(tolerances: Iterable[Tolerance], taint: Taint) -> Tolerance | None:
    """The toleration that was probably meant for a taint: of the same key, or of one that is close."""
    by_key = {each.key: each for each in tolerances if each.key}
    return by_key.get(taint.key) or by_key.get(nearest(taint.key, by_key) or "")
