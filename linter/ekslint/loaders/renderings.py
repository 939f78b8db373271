"""What kustomizations do to all objects of a file alike: namespaces and labels."""

from collections.abc import Iterable, Mapping, Sequence

from ekslint.loaders.kustomization_files import Unit
from ekslint.model.kubernetes.sheet import Rendering
from ekslint.model.reading import Reading, Source, Unknown

_MOST_NAMESPACES = 8


def rendering_of(
    units: Sequence[Unit], including: Sequence[Unit], namespaces_by_unit: Mapping[int, Sequence[Reading]]
) -> Rendering | None:
    """What happens to the files of some kustomizations; `including` are these and all that include them.

    None where nothing does.
    """
    namespaces: dict[object, Reading] = {}
    for unit in units:
        for reading in namespaces_by_unit[id(unit)]:
            namespaces.setdefault(reading.value, reading)
    if len(namespaces) > _MOST_NAMESPACES:
        source = next(iter(namespaces.values())).source
        namespaces = {None: Reading(Unknown("many kustomizations put it into different namespaces"), source)}
    is_chain = len(units) == 1 and all(len(each.parents) <= 1 for each in including)
    is_moved = any(reading.value is not None for reading in namespaces.values())
    rendering = Rendering(
        namespaces=tuple(namespaces.values()) if is_moved else (),
        labels=_agreed([each.labels for each in including], units, is_chain),
        template_labels=_agreed([each.template_labels for each in including], units, is_chain),
        is_renamed=any(each.prefix or each.suffix for each in including),
    )
    return rendering if is_moved or rendering.labels or rendering.is_renamed else None


def namespaces_of(units: Iterable[Unit]) -> Mapping[int, tuple[Reading, ...]]:
    """For every kustomization the namespaces that its objects may end up in: the outermost one that sets it wins."""
    units = list(units)
    waiting = {id(unit): len(unit.parents) for unit in units}
    ready = [unit for unit in units if not unit.parents]
    options: dict[int, tuple[Reading, ...]] = {}
    rest = iter(units)
    while len(options) < len(units):
        # Kustomizations that include each other in a circle have no outermost one: any of them will do.
        unit = ready.pop() if ready else next(each for each in rest if id(each) not in options)
        if id(unit) in options:
            continue
        own = unit.namespace or Reading(None, Source(unit.document, ("namespace",)))
        found: dict[object, Reading] = {}
        for parent in unit.parents:
            for reading in options.get(id(parent), ()):
                chosen = own if reading.value is None else reading
                found.setdefault(chosen.value, chosen)
        if not found:
            found[own.value] = own
        if len(found) > _MOST_NAMESPACES:
            found = {None: Reading(Unknown("many kustomizations put it into different namespaces"), own.source)}
        options[id(unit)] = tuple(found.values())
        for child in unit.children:
            waiting[id(child)] -= 1
            if waiting[id(child)] == 0:
                ready.append(child)
    return options


def _agreed(found: Sequence[Mapping[str, Reading]], units: Sequence[Unit], is_chain: bool) -> Mapping[str, Reading]:
    """The labels of all kustomizations around a file; unknown where they disagree, or only some of them add one."""
    merged: dict[str, Reading] = {}
    for labels in found:
        for key, reading in labels.items():
            if key in merged and merged[key].value != reading.value:
                merged[key] = Reading(Unknown("kustomizations give it different values"), reading.source)
            else:
                merged.setdefault(key, reading)
    if is_chain:
        return merged
    sure = {key for unit in units[:1] for key in (*unit.labels, *unit.template_labels)} if len(units) == 1 else set()
    return {
        key: reading if key in sure else Reading(Unknown("a kustomization may add it"), reading.source)
        for key, reading in merged.items()
    }
