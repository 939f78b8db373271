"""From views, which read on demand, to the readings that other entities are declared with."""

from collections.abc import Callable
from typing import Any

from ekslint.model.kubernetes.view import View
from ekslint.model.pool import Taint
from ekslint.model.reading import Reading, Source, Undecided, Unknown
from ekslint.source.tree import Path


def read(view: View, path: Path, get: Callable[[], Any]) -> Reading:
    """What `get` reads, as a reading: undecided values become unknown ones."""
    source = Source(view.sheet.document, (*view.path, *path))
    try:
        return Reading(get(), source)
    except Undecided as undecided:
        return Reading(Unknown(undecided.why), source)


def read_taints(view: View, path: Path) -> Reading:
    """The taints at a path, as `Taint`s."""

    def taint(index: int, item: Any) -> Taint:
        at = (*path, index)
        view.item(at, item)
        value = item.get("value")
        if value is not None and not isinstance(value, str):
            value = view.sheet.document.raw((*view.path, *at, "value"))
        elif value is not None:
            value = view.text(*at, "value")
        return Taint(view.text(*at, "key") or "", value or "", view.text(*at, "effect") or "")

    return read(view, path, lambda: view.each(path, taint))
