"""How messages put things together."""

from collections.abc import Sequence

from ekslint import KubernetesObject


def enumerated(names: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; there is one at least."""
    *others, last = names
    return f"{', '.join(others)} {word} {last}" if others else last


def namespace_of(object_: KubernetesObject) -> str:
    """`namespace shop`, or `its namespaces` where kustomizations put it into several."""
    return "its namespaces" if len(object_.namespace_options) > 1 else f"namespace {object_.namespace}"
