"""What there is to visit."""

from collections.abc import Iterable
from typing import Any

from ekslint.engine.worlds import Alternatives
from ekslint.model.estate import Estate


def subjects_of(estate: Estate, kind: type) -> Iterable[Any]:
    """Every subject of a kind, in order: entities and their parts, placements, capacities, or the estate itself."""
    if kind is Estate:
        return [estate]
    if kind.__module__.startswith("ekslint.placement"):
        from ekslint.placement.placements import Placement, capacities, placements

        if kind is not Placement:
            return capacities(estate)
        # Kept with the estate: dozens of rules visit them.
        found: list[Any] | None = vars(estate).get("_placement_alternatives")
        if found is None:
            found = vars(estate)["_placement_alternatives"] = _by_workload(placements(estate))
        return found
    return estate.of(kind)


def _by_workload(placements: Iterable[Any]) -> list[Any]:
    """The placements of one workload on its candidate clusters are alternatives: it goes to one of them."""
    grouped: dict[int, list[Any]] = {}
    for placement in placements:
        grouped.setdefault(id(placement.workload), []).append(placement)
    return [options[0] if len(options) == 1 else Alternatives(options) for options in grouped.values()]


def kinds_in(estate: Estate) -> frozenset[str]:
    """The class names that occur in an estate, base classes and parts included."""
    names = {Estate.__name__}
    classes = {type(entity) for entity in estate.entities}
    for each in classes:
        names.update(base.__name__ for base in each.__mro__)
        names.update(getattr(each, "part_names", ()))
    if {"Workload", "Cluster"} <= names:
        names.update({"Placement", "Capacity"})
    return frozenset(names)
