"""Label selectors: which pods an object means."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.kubernetes.view import Part, View
from ekslint.model.pool import Requirement
from ekslint.model.reading import Reading, every
from ekslint.source.tree import Path

if TYPE_CHECKING:
    from ekslint.model.kubernetes.manifest import KubernetesObject
    from ekslint.model.kubernetes.pods import PodTemplate


class LabelSelector(Part):
    """A label selector: `matchLabels` and `matchExpressions`, or the plain mapping of a Service.

    As the API says, an absent selector matches nothing and an empty one everything.
    """

    __slots__ = ("is_absent", "is_plain")
    is_absent: bool
    is_plain: bool
    """Whether its keys are the labels themselves."""

    def __init__(self, parent: "Part | KubernetesObject", path: Path, *, plain: bool = False) -> None:
        """Undecided where the selector is unknown."""
        super().__init__(parent, f"selector of {parent}", path, parent.part(*path))
        self.is_plain = plain
        # The empty selector of a Service is none: such a Service is fed by hand.
        self.is_absent = not self.node if plain else parent.get(*path) is None

    @property
    def match_labels(self) -> Mapping[str, str]:
        """The labels that pods must have."""
        return self.strings() if self.is_plain else self.strings("matchLabels")

    @property
    def match_expressions(self) -> Sequence[Requirement]:
        """The further requirements."""
        if self.is_plain:
            return ()
        return self.each(("matchExpressions",), lambda index, item: requirement(self, ("matchExpressions", index)))

    @property
    def is_empty(self) -> bool:
        """Whether it selects everything there is."""
        return not self.is_absent and not self.match_labels and not self.match_expressions

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether something with these labels is selected."""
        if self.is_absent:
            return False
        wanted = self.match_labels
        return every(wanted, lambda key: key in labels and labels[key] == wanted[key]) and every(
            self.match_expressions, lambda expression: holds(expression, labels)
        )

    def selects(self, pod: "PodTemplate") -> bool:
        """Whether pods of a template are selected, as far as their labels go; see `shares_namespace` for the rest."""
        mine, theirs = self.sheet.rendering, pod.sheet.rendering
        if mine is None or not mine.template_labels:
            return self.matches(pod.labels)
        if self.is_absent:
            return False
        added = mine.template_labels
        if mine is theirs:
            return self._matches_beside(pod.written_labels, added)
        labels = pod.labels
        return every(added, lambda key: key in labels and labels[key] == added[key].known()) and self.matches(labels)

    def _matches_beside(self, labels: Mapping[str, str], added: Mapping[str, Reading]) -> bool:
        """Whether pods with these labels are selected, where one kustomization adds labels to both sides.

        It writes them over whatever the two sides say, so that they agree there.
        """
        wanted = self.match_labels

        def agrees(key: str) -> bool:
            if key in labels and labels[key] == wanted[key]:
                return True
            return key in added and added[key].known() is not None

        return every(wanted, agrees) and every(self.match_expressions, lambda expression: holds(expression, labels))


def requirement(view: View, path: Path) -> Requirement:
    """The requirement at a path: of a selector, a node selector term or a NodePool. Undecided if unknown."""
    view.part(*path)
    key, operator = view.text(*path, "key"), view.text(*path, "operator")
    values = view.each((*path, "values"), lambda index, item: _value(view, (*path, "values", index), item))
    minimum = view.get(*path, "minValues")
    return Requirement(key or "", operator or "", tuple(values), minimum if type(minimum) is int else None)


def _value(view: View, path: Path, item: Any) -> str:
    """A value as text: numbers and booleans, which the API refuses, as they were written."""
    if isinstance(item, str) and not is_template(item):
        return item
    known = view.scalar(*path) if not isinstance(item, bool) else item
    return known if isinstance(known, str) else view.sheet.document.raw((*view.path, *path)) or ""


def holds(expression: Requirement, labels: Mapping[str, str]) -> bool:
    """Whether labels meet a requirement of a label selector.

    Source: `k8s.io/apimachinery/pkg/labels/selector.go` (Requirement.Matches).
    """
    match expression.operator:
        case "In":
            return expression.key in labels and labels[expression.key] in expression.values
        case "NotIn":
            return expression.key not in labels or labels[expression.key] not in expression.values
        case "Exists":
            return expression.key in labels
        case "DoesNotExist":
            return expression.key not in labels
    return False
