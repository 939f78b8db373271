"""What a pod says about where it may run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ekslint.model.kubernetes.selectors import LabelSelector, requirement
from ekslint.model.kubernetes.view import Part, View
from ekslint.model.pool import Requirement, Taint
from ekslint.source.tree import Path

if TYPE_CHECKING:
    from ekslint.model.kubernetes.manifest import KubernetesObject


class Toleration(NamedTuple):
    """A toleration, as written; empty strings where nothing is."""

    key: str
    operator: str
    """`Equal` or `Exists`; "" means `Equal`."""
    value: str
    effect: str
    """"" tolerates every effect."""
    seconds: int | None = None
    """For how long NoExecute is tolerated; None for ever."""

    def tolerates(self, taint: Taint) -> bool:
        """Whether the taint keeps a pod with this toleration neither away nor off the node.

        Source: `k8s.io/api/core/v1/toleration.go` (ToleratesTaint); a key may be empty with `Exists` only.
        """
        if self.effect and self.effect != taint.effect:
            return False
        if self.key != taint.key and (self.key or self.operator != "Exists"):
            return False
        return self.operator == "Exists" or (self.operator in {"", "Equal"} and self.value == taint.value)

    def __str__(self) -> str:
        key = self.key or "any taint"
        value = f"={self.value}" if self.value and self.operator != "Exists" else ""
        return f"{key}{value}:{self.effect}" if self.effect else f"{key}{value}"


def toleration(view: View, path: Path, item: Any) -> Toleration:
    """The toleration at a path; Undecided if something in it is unknown."""
    view.item(path, item)
    seconds = view.get(*path, "tolerationSeconds")
    value = view.scalar(*path, "value") if not isinstance(item.get("value"), bool) else item["value"]
    if value is not None and not isinstance(value, str):
        value = view.sheet.document.raw((*view.path, *path, "value"))
    return Toleration(
        view.text(*path, "key") or "",
        view.text(*path, "operator") or "",
        value or "",
        view.text(*path, "effect") or "",
        seconds if type(seconds) is int else None,
    )


class NodeSelectorTerm(Part):
    """One of the alternatives of a node affinity. An empty one matches no node."""

    __slots__ = ("weight",)
    weight: int | None
    """1 to 100 of a preference; None where the affinity is required."""

    def __init__(self, parent: "Part | KubernetesObject", path: Path, node: Any, weight: int | None = None) -> None:
        super().__init__(parent, f"node affinity of {parent}", path, parent.item(path, node))
        self.weight = weight

    @property
    def match_expressions(self) -> Sequence[Requirement]:
        """What the node's labels must meet; `at("matchExpressions", n)` is their place."""
        return self.each(("matchExpressions",), lambda index, item: requirement(self, ("matchExpressions", index)))

    @property
    def match_fields(self) -> Sequence[Requirement]:
        """What the node's fields must meet: `metadata.name` alone is possible."""
        return self.each(("matchFields",), lambda index, item: requirement(self, ("matchFields", index)))


class PodAffinityTerm(Part):
    """Pods near which a pod must or should run, or from which it must keep away."""

    __slots__ = ("weight",)
    weight: int | None
    """1 to 100 of a preference; None where the term is required."""

    def __init__(self, parent: "Part | KubernetesObject", path: Path, node: Any, weight: int | None = None) -> None:
        super().__init__(parent, f"pod affinity of {parent}", path, parent.item(path, node))
        self.weight = weight

    @property
    def is_required(self) -> bool:
        """Whether the scheduler has to obey it."""
        return self.weight is None

    @property
    def topology_key(self) -> str | None:
        """The label of the nodes that makes "near"."""
        return self.text("topologyKey")

    @property
    def label_selector(self) -> LabelSelector:
        """The pods that are meant."""
        return LabelSelector(self, ("labelSelector",))

    @property
    def namespaces(self) -> Sequence[str]:
        """Their namespaces; empty for the pod's own, unless there is a `namespaceSelector`."""
        return self.sequence("namespaces")

    @property
    def has_namespace_selector(self) -> bool:
        """Whether the namespaces are chosen by label."""
        return self.has("namespaceSelector")


class TopologySpreadConstraint(Part):
    """How evenly the pods of a workload are spread over zones, nodes or anything else that a label tells apart."""

    __slots__ = ()

    def __init__(self, parent: "Part | KubernetesObject", path: Path, node: Any) -> None:
        super().__init__(parent, f"topology spread of {parent}", path, parent.item(path, node))

    @property
    def topology_key(self) -> str | None:
        """The label of the nodes whose values are the domains."""
        return self.text("topologyKey")

    @property
    def max_skew(self) -> int | None:
        """By how many pods two domains may differ."""
        return self.integer("maxSkew")

    @property
    def min_domains(self) -> int | None:
        """The fewest domains that count; None means 1."""
        return self.integer("minDomains")

    @property
    def when_unsatisfiable(self) -> str | None:
        """`DoNotSchedule` or `ScheduleAnyway`."""
        return self.text("whenUnsatisfiable")

    @property
    def is_hard(self) -> bool:
        """Whether the scheduler has to obey it."""
        return self.when_unsatisfiable == "DoNotSchedule"

    @property
    def label_selector(self) -> LabelSelector:
        """The pods that are counted."""
        return LabelSelector(self, ("labelSelector",))

    @property
    def match_label_keys(self) -> Sequence[str]:
        """Labels whose values have to be the pod's own too."""
        return self.sequence("matchLabelKeys")

    @property
    def honours_node_affinity(self) -> bool:
        """Whether only nodes count that the pod's node selector and affinity allow (the default)."""
        return self.text("nodeAffinityPolicy") != "Ignore"

    @property
    def honours_node_taints(self) -> bool:
        """Whether only nodes count whose taints the pod tolerates (not the default)."""
        return self.text("nodeTaintsPolicy") == "Honor"
