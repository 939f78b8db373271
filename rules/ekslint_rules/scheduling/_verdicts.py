"""What all pools say of a workload, as one finding: one reason a pool, nearest miss first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ekslint import (
    Cause,
    Claim,
    Cluster,
    Finding,
    NodeSelectorTerm,
    Place,
    Placement,
    PodTemplate,
    Pool,
    PoolVerdict,
    Requirement,
    Severity,
    Volume,
    label_domains,
    label_syntax,
    node_labels,
)
from ekslint_rules._wording import enumerated
from ekslint_rules.scheduling._parameter_defaults import defaults_that_decide, defaults_that_leave_out
from ekslint_rules.scheduling._selected_labels import names_or_leads_to, required

_NODE_SELECTOR = "nodeSelector"
_EXPRESSIONS = ("matchExpressions", "matchFields")
_EVERYWHERE = frozenset(
    {
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/os",
        "eks.amazonaws.com/compute-type",
        "kubernetes.io/arch",
        "kubernetes.io/os",
    }
)
"""Labels that nearly all nodes have with the same value."""
_OWN_GROUPS = frozenset({"", "apps", "argoproj.io", "batch", "extensions"})
"""API groups of the workloads whose pods are as their templates say."""
_MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class Rejected:
    """A workload that no pool of a cluster takes, and why."""

    placement: Placement
    cause: Cause
    verdicts: Sequence[PoolVerdict]
    """Every pool with its reason, nearest miss first; never empty."""

    @property
    def nearest(self) -> PoolVerdict:
        """The pool that comes nearest to taking it."""
        return self.verdicts[0]

    @property
    def place(self) -> Place:
        """The requirement that is not met: that of the label to blame, where there is one."""
        places = [each.at_workload for each in self.verdicts if each.at_workload is not None]
        label = self.placement.blamed_label
        blamed = [place for place in places if label is not None and _label_at(place) == label]
        place = (blamed or places or [self.placement.workload.at("name")])[0]
        if place.path == ("nodeAffinity",):
            # The affinity as a whole excludes itself, and no single term of it is to blame.
            return place.entity.at("affinity", "nodeAffinity", key=True)
        return place

    @property
    def demand(self) -> str:
        """What no node has or does, to follow "no node pool of X": `carries workload=cpu2`."""
        requirement = requirement_at(self.place)
        if requirement is None:
            return f"meets the requirements of {self.placement.workload}"
        return _carries(requirement)

    @property
    def suggestion(self) -> str | None:
        """What was probably meant, by the nearest pool that has an idea."""
        return next((each.suggestion for each in self.verdicts if each.suggestion), None)

    @property
    def is_meant_for_pools_here(self) -> bool:
        """Whether something about the workload points to the pools of the files, and not to some that no file shows."""
        if self.suggestion is not None:
            return True
        return not self.is_about_labels and leading_place(self.placement.workload.pod) is not None

    @property
    def is_about_labels(self) -> bool:
        """Whether no pool has nodes of the right sort; else it is taints or size that some of those lack."""
        return self.cause.stage.value == "labels"

    @property
    def is_about_volume(self) -> bool:
        """Whether it is the zone of a volume that the nodes with the right labels lack."""
        return isinstance(self.place.entity, Volume | Claim)

    @property
    def barren_pool(self) -> Pool | None:
        """The pool that it asks for by a label or by name, but that makes no nodes, as no instance type may be one."""
        if self.cause is Cause.NO_INSTANCE_TYPE:
            return None
        wanted = list(required(self.placement.workload.pod))
        for each in self.verdicts:
            if each.cause is Cause.NO_INSTANCE_TYPE and any(names_or_leads_to(one, each.pool) for one in wanted):
                return each.pool
        return None

    def _defaults_that_leave_out(self) -> Iterator[str]:
        if self.cause is Cause.CONTRADICTION or self.placement.fargate_profile is not None:
            return  # no further pool would help
        requirement = requirement_at(self.place) if self.is_about_labels else None
        yield from defaults_that_leave_out(self.placement.cluster, requirement)

    @property
    def makes_no_pods(self) -> bool:
        """Whether nothing stays Pending: a DaemonSet makes pods for the nodes that match, however large those are."""
        return self.placement.workload.kind == "DaemonSet" and self.cause.stage.value != "fit"

    def finding(
        self,
        message: str,
        *,
        label: str | None = None,
        help: str | None = None,  # noqa: A002  as Finding calls it
        place: Place | None = None,
        severity: Severity | None = None,
        related: Sequence[tuple[Place, str]] = (),
    ) -> Finding:
        """The finding with every pool and its reason."""
        pools, notes = pool_reasons(self.verdicts)
        barren = self.barren_pool
        if barren is not None:
            # The mistake is the pool's, and told there.
            message = f"{self.placement.workload} is for {barren}, of which there is never a node"
            label, help, severity = f"for {barren}", None, Severity.INFO  # noqa: A001
        if self.makes_no_pods:
            message = f"{message}, so that {self.placement.workload} runs nowhere"
        by_default = sorted({*defaults_that_decide(self.verdicts), *self._defaults_that_leave_out()})
        if by_default:
            message = f"{message}, with default parameters ({', '.join(by_default)})"
        steps = doubt_steps(self) + bool(by_default and (severity or Severity.ERROR) is Severity.ERROR)
        return Finding(
            place or self.place,
            message,
            label=label or f"0 of {len(self.placement.pools)} node pools match",
            help=help,
            related=[*related, *pools],
            notes=notes,
            lower=steps,
            severity=severity,
            discriminator=self.placement.blamed_label or "",
        )


def rejected(placement: Placement, causes: Sequence[Cause]) -> Iterator[Rejected]:
    """The one rejection of a workload for one of these causes, if there is one; Undecided if nobody knows."""
    workload = placement.workload
    if workload.group not in _OWN_GROUPS or workload.is_owned:
        # Other controllers make their pods as they like; what a controller made is judged where it is declared.
        return
    verdicts = placement.rejections(*causes)
    if verdicts:
        cause = next(cause for cause in causes if cause in placement.causes)
        rejection = Rejected(placement, cause, verdicts)
        if not _is_misspelt(requirement_at(rejection.place)):
            yield rejection


def doubt_steps(rejection: Rejected) -> int:
    """Steps by which a rejection counts less.

    There may be pools that no file shows: 1. Where the files only add to a cluster there are, as a rule: then it
    is advice, unless the workload is meant for the pools that are there, or a Fargate profile takes it. A DaemonSet
    that matches no node makes no pods, so that nothing stays Pending: advice too, unless it looks like a slip.
    """
    placement = rejection.placement
    steps = placement.doubt_steps
    may_run_elsewhere = placement.fargate_profile is None and not rejection.is_meant_for_pools_here
    if may_run_elsewhere and is_addition(placement.cluster):
        steps = 2
    if rejection.makes_no_pods:
        steps = max(steps, 1 if rejection.suggestion else 2)
    return steps


def is_addition(cluster: Cluster) -> bool:
    """Whether the files only add pools to a cluster that is declared elsewhere, so that it has others as a rule."""
    return cluster.is_implicit or (cluster.may_be_partial > 0 and not cluster.at("version").is_written)


def pool_reasons(verdicts: Sequence[PoolVerdict]) -> tuple[list[tuple[Place, str]], list[str]]:
    """Related places where pools say so, and notes for those that say nothing, equal reasons as one."""
    related: list[tuple[Place, str]] = []
    silent: dict[str, list[Pool]] = {}
    meant = next((each for each in verdicts if each.suggestion), None)
    for position, each in enumerate(verdicts):
        reason = each.reason or "does not match"
        place = each.at_pool
        if each is meant:
            if place is None:
                place = each.pool.at("labels", str(each.suggestion).partition("=")[0])
                reason = f"{reason}, but {each.suggestion}"
            reason = f"{reason} (did you mean this?)"
        elif place is None and position == 0:
            place = each.pool.at("labels", key=True)
        if place is None:
            silent.setdefault(reason, []).append(each.pool)
        else:
            related.append((place, f"{each.pool}: {reason}"))
    return related, [f"{listed([str(pool) for pool in pools], 'and')}: {reason}" for reason, pools in silent.items()]


def leading_place(pod: PodTemplate) -> Place | None:
    """The requirement that leads a pod to some pools and not to others: its own label, not the system or processor."""
    for key in pod.node_selector:
        if key not in _EVERYWHERE:
            return pod.at(_NODE_SELECTOR, key)
    for term in pod.required_node_affinity or ():
        for index, requirement in enumerate(term.match_expressions):
            if requirement.operator in {"In", "Exists"} and requirement.key not in _EVERYWHERE:
                return term.at("matchExpressions", index, *(("values", 0) if requirement.values else ("key",)))
    return None


def requirement_at(place: Place) -> Requirement | None:
    """The requirement on labels that stands at a place of a pod; None for anything else."""
    entity, path = place.entity, place.path
    if isinstance(entity, PodTemplate) and len(path) == 2 and path[0] == _NODE_SELECTOR:
        key = str(path[1])
        return Requirement(key, "In", (entity.node_selector[key],))
    if isinstance(entity, NodeSelectorTerm) and len(path) >= 2 and path[0] in _EXPRESSIONS:
        requirements = entity.match_fields if path[0] == "matchFields" else entity.match_expressions
        return requirements[int(path[1])]
    return None


def _is_misspelt(requirement: Requirement | None) -> bool:
    """Whether a requirement asks for words that its label never says, of which reserved-label-value-spelling speaks."""
    if requirement is None or requirement.operator != "In" or requirement.key not in label_syntax.CLOSED_LABELS:
        return False
    return not node_labels.label_values(requirement.key) & set(requirement.values)


def listed(names: Sequence[str], word: str) -> str:
    """`a`, `a or b`, `a, b or c`; long lists are cut."""
    shown = list(names[:_MOST_LISTED])
    if len(names) > _MOST_LISTED:
        return f"{', '.join(shown)} {word} {len(names) - _MOST_LISTED} more"
    return enumerated(shown, word)


def _label_at(place: Place) -> str | None:
    requirement = requirement_at(place)
    if requirement is None:
        return None
    return label_domains.NORMALIZED_LABELS.get(requirement.key, requirement.key)


def _carries(requirement: Requirement) -> str:
    key, values = requirement.key, requirement.values
    match requirement.operator:
        case "In":
            return f"carries {listed([f'{key}={value}' for value in values], 'or')}" if values else f"carries {key}"
        case "NotIn":
            return f"is without {listed([f'{key}={value}' for value in values], 'and')}"
        case "DoesNotExist":
            return f"is without the label {key}"
        case "Gt" | "Lt":
            bound = "above" if requirement.operator == "Gt" else "below"
            return f"carries a {key} {bound} {values[0]}" if values else f"carries a {key} {bound} anything"
    return f"carries the label {key}"
