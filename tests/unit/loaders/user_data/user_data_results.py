"""What was read of user data, in a form that can be compared."""

from typing import Any

from ekslint.loaders.user_data.reading import read_user_data
from ekslint.loaders.user_data.start import NodeStart
from ekslint.model.reading import Unknown

UNKNOWN = "unknown"


def start(text: str) -> NodeStart:
    return read_user_data(text)


def labels(found: NodeStart) -> dict[str, str]:
    """Labels with UNKNOWN for holes, and under `*` if there may be more."""
    known = {key: plain(value) for key, value in found.labels.items()}
    return known | ({"*": UNKNOWN} if found.open_labels is not None else {})


def taints(found: NodeStart) -> list[str]:
    return [str(plain(taint)) for taint in found.taints] + ([UNKNOWN] if found.open_taints is not None else [])


def plain(value: Any) -> Any:
    return UNKNOWN if isinstance(value, Unknown) else value
