"""One pod and one pool: labels, taints and fit, each judged for itself."""

from dataclasses import dataclass, replace

from ekslint.facts.node_labels import LabelOrigin, PoolKind
from ekslint.placement.automatic import label_of
from ekslint.placement.causes import Cause, Stage
from ekslint.placement.constraint import Alternatives, Constraint, Requests, Tolerances
from ekslint.placement.domains import Doubt
from ekslint.placement.fit import fitting_types, judge_fit
from ekslint.placement.needs import BY_TOPOLOGY, NODE_NAME, Need, Part, needed_values
from ekslint.placement.shape import Failure, LabelNeeds, PoolShape, Term
from ekslint.placement.suggestions import meant_toleration, suggested_label
from ekslint.placement.taints import tolerated
from ekslint.placement.verdicts import FITS, Blame, Miss, Outcome, Verdict

_ORIGIN_CAUSES = {
    LabelOrigin.ZONE: Cause.ZONE,
    LabelOrigin.ZONE_ID: Cause.ZONE,
    LabelOrigin.REGION: Cause.ZONE,
    LabelOrigin.ARCHITECTURE: Cause.ARCHITECTURE,
    LabelOrigin.OPERATING_SYSTEM: Cause.OPERATING_SYSTEM,
}


class LabelResult:
    """What of a pool meets the label requirements of a pod."""

    __slots__ = ("_failure", "_miss", "alternatives", "certain", "possible", "shape", "verdict")

    def __init__(self, shape: PoolShape, alternatives: Alternatives) -> None:
        self.shape = shape
        self.alternatives = alternatives
        possible = certain = 0
        for term in alternatives.terms:
            may, does = shape.meeting(term)
            possible |= may
            certain |= does
        self.possible = possible
        """Types of nodes that may meet one of the terms."""
        self.certain = certain
        """Types of nodes that certainly do."""
        self.verdict = Verdict.FITS if certain else Verdict.UNCLEAR if possible else Verdict.REJECTED
        self._failure: tuple[Term, Failure] | None = None
        self._miss: Miss | None = None

    @property
    def doubts(self) -> list[Doubt]:
        """Why it is unclear."""
        if self.verdict is not Verdict.UNCLEAR:
            return []
        return [doubt for term in self.alternatives.terms for doubt in self.shape.doubts(term)]

    @property
    def nearest(self) -> tuple[Term, Failure] | None:
        """Where all terms are missed, the one of which the least is; None if there is none."""
        if self._failure is None and self.alternatives.terms:
            failures = [(term, self.shape.failure(term)) for term in self.alternatives.terms]
            self._failure = min(failures, key=lambda each: (len(each[1].failed), len(each[1].crowded)))
        return self._failure

    def miss(self) -> Miss:
        """Why no node does; the first requirement that is missed, in the order of causes."""
        if self._miss is None:
            self._miss = self._make_miss()
        return self._miss

    def _make_miss(self) -> Miss:
        if self.nearest is None:
            return Miss(Cause.CONTRADICTION, "no term of its node affinity can be met", Blame(Part.AFFINITY.value))
        if not self.shape.types:
            reason = "no instance type meets its own requirements"
            return Miss(Cause.NO_INSTANCE_TYPE, reason, Blame("spec"), self.shape.types_path)
        _, failure = self.nearest
        if not failure.failed:
            return _crowded_miss(self.shape, failure.crowded)
        misses = [label_miss(self.shape, each) for each in failure.failed]
        worst = min(misses, key=lambda miss: (miss.cause.rank, miss.blame.key))
        return worst if len(misses) == 1 else replace(worst, weight=len(misses))


@dataclass(slots=True)
class Judgement:
    """What one pool says of one pod."""

    shape: PoolShape
    admission: Outcome
    """Whether the pod gets to this pool at all: one that a Fargate profile selects goes nowhere else."""
    labels: LabelResult
    labels_verdict: Verdict
    """The answer to the first question: whether its nodes are of the right sort."""
    taints: Outcome
    fit: Outcome
    verdict: Verdict
    """One certain rejection decides; without one, one doubt."""

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why it is unclear."""
        labels = () if self.labels.certain else self.labels.doubts
        return (*self.admission.doubts, *labels, *self.taints.doubts, *self.fit.doubts)

    @property
    def labels_miss(self) -> Miss | None:
        """Why its nodes are not of the right sort."""
        if self.admission.verdict is Verdict.REJECTED:
            return self.admission.miss
        return self.labels.miss() if self.labels.verdict is Verdict.REJECTED else None

    @property
    def miss(self) -> Miss | None:
        """The first reason to turn the pod away: labels, then taints, then fit."""
        if self.labels_verdict is Verdict.REJECTED:
            return self.labels_miss
        if self.taints.verdict is Verdict.REJECTED:
            return self.taints.miss
        return self.fit.miss

    def miss_at(self, stage: Stage) -> Miss | None:
        """The reason that one of the questions gives, or the labels if they are not met."""
        if self.labels_verdict is Verdict.REJECTED or stage is Stage.LABELS:
            return self.labels_miss
        return self.taints.miss if stage is Stage.TAINTS else self.fit.miss


def _worse(one: Verdict, other: Verdict) -> Verdict:
    if one is Verdict.FITS or other is Verdict.REJECTED:
        return other
    return one


class Matcher:
    """Judges constraints on pools; what was judged once, for an equal part of a pod, is kept."""

    def __init__(self) -> None:
        self._admitted: dict[tuple[PoolShape, Constraint], Judgement] = {}
        self._labels: dict[tuple[PoolShape, Alternatives], LabelResult] = {}
        self._taints: dict[tuple[PoolShape, Tolerances], Outcome] = {}
        self._fitting: dict[tuple[PoolShape, Requests], tuple[int, int]] = {}
        self._fits: dict[tuple[PoolShape, Requests, int, int], Outcome] = {}

    def judge(self, constraint: Constraint, shape: PoolShape, admission: Outcome = FITS) -> Judgement:
        """What a pool says of a pod. Never raises Undecided; Forked where the pool depends on a choice."""
        if admission is not FITS:
            return self._judge(constraint, shape, admission)
        found = self._admitted.get((shape, constraint))
        if found is None:
            found = self._admitted[shape, constraint] = self._judge(constraint, shape, admission)
        return found

    def _judge(self, constraint: Constraint, shape: PoolShape, admission: Outcome) -> Judgement:
        labels = self.labels(constraint, shape)
        sort = labels.verdict
        if constraint.labels_open and sort is Verdict.FITS:
            sort = Verdict.UNCLEAR
        sort = _worse(admission.verdict, sort)
        taints, fit = self.taints(constraint, shape), self.fit(constraint, shape, labels)
        verdict = _worse(_worse(sort, taints.verdict), fit.verdict)
        return Judgement(shape, admission, labels, sort, taints, fit, verdict)

    def labels(self, constraint: Constraint, shape: PoolShape) -> LabelResult:
        """The label requirements."""
        asked = (shape, constraint.alternatives)
        found = self._labels.get(asked)
        if found is None:
            found = self._labels[asked] = LabelResult(shape, constraint.alternatives)
        return found

    def taints(self, constraint: Constraint, shape: PoolShape) -> Outcome:
        """The hard taints."""
        asked = (shape, constraint.tolerances)
        found = self._taints.get(asked)
        if found is None:
            found = self._taints[asked] = _judge_taints(constraint.tolerances, shape)
        if constraint.tolerances_open and found.verdict is Verdict.REJECTED:
            return Outcome(Verdict.UNCLEAR)
        return found

    def fit(self, constraint: Constraint, shape: PoolShape, labels: LabelResult) -> Outcome:
        """The requests, over the types of nodes that meet the labels."""
        if not labels.possible:
            return FITS
        requests = constraint.requests
        masks = self._fitting.get((shape, requests))
        if masks is None:
            masks = self._fitting[shape, requests] = fitting_types(requests, shape)
        if labels.certain & masks[0] and not constraint.requests_open and not shape.minimum_values:
            return FITS
        asked = (shape, requests, labels.possible, labels.certain)
        found = self._fits.get(asked)
        if found is None:
            found = self._fits[asked] = judge_fit(requests, shape, labels.possible, labels.certain, masks)
        if constraint.requests_open and found.verdict is Verdict.FITS:
            return Outcome(Verdict.UNCLEAR)
        return found


def cause_of(shape: PoolShape, each: LabelNeeds) -> Cause:
    """Why a pool alone misses what is needed of a label."""
    key, needs = each.key, each.needs
    if needed_values(needs) is None:
        return Cause.CONTRADICTION
    by_volume = tuple(need for need in needs if need.part is Part.VOLUME)
    if by_volume and not shape.may_have(key, by_volume):
        return Cause.VOLUME_ZONE
    if all(need.part in BY_TOPOLOGY for need in needs):
        return Cause.TOPOLOGY_KEY
    if shape.kind is PoolKind.FARGATE:
        return Cause.LABEL_NOT_ON_FARGATE
    automatic = label_of(shape.kind, key)
    if automatic is not None and automatic.origin in _ORIGIN_CAUSES:
        return _ORIGIN_CAUSES[automatic.origin]
    if key == NODE_NAME or shape.may_have(key, (Need(key, "Exists"),)):
        return Cause.VALUE_DIFFERS
    return Cause.KEY_ABSENT


def label_miss(shape: PoolShape, each: LabelNeeds) -> Miss:
    """What to say of a pool that misses what is needed of a label."""
    found = shape.misses.get(each)
    if found is None:
        found = shape.misses[each] = _label_miss(shape, each)
    return found


def _label_miss(shape: PoolShape, each: LabelNeeds) -> Miss:
    domain, cause = shape.domain(each.key), cause_of(shape, each)
    culprit = next((need for need in each.needs if not shape.may_have(each.key, (need,))), each.needs[0])
    if cause is Cause.CONTRADICTION:
        needs = " and ".join(str(need) for need in each.needs)
        reason = f"{needs} exclude each other" if len(each.needs) > 1 else f"no value meets {needs}"
        return Miss(cause, reason, blame_of(culprit))
    return Miss(cause, domain.reason(), blame_of(culprit), domain.path, suggested_label(shape, culprit, cause))


def _crowded_miss(shape: PoolShape, crowded: tuple[LabelNeeds, ...]) -> Miss:
    """What to say of a pool whose nodes meet each label, and no node all of them."""
    domain = shape.domain(crowded[0].key)
    noun = "node" if domain.is_zonal else "instance type"
    reason = f"no {noun} has {' and '.join(str(need) for each in crowded for need in each.needs)}"
    return Miss(Cause.NO_INSTANCE_TYPE, reason, blame_of(crowded[0].needs[0]), domain.path)


def blame_of(need: Need) -> Blame:
    """The part of a workload that a need comes from."""
    return Blame(need.part.value, need.key)


def _judge_taints(tolerances: Tolerances, shape: PoolShape) -> Outcome:
    taints, doubt = shape.taints
    doubts = [] if doubt is None else [doubt]
    untolerated = []
    for each in taints:
        verdict = tolerated(tolerances.items, each.taint)
        if verdict is False:
            untolerated.append(each)
        elif verdict is None:
            doubts.append(Doubt(f"nobody knows whether it tolerates {each.taint}"))
    if untolerated:
        noun = "taint" if len(untolerated) == 1 else "taints"
        reason = f"untolerated {noun} {', '.join(str(each.taint) for each in untolerated)}"
        meant = meant_toleration(tolerances.items, untolerated[0].taint)
        miss = Miss(
            Cause.UNTOLERATED_TAINT,
            reason,
            Blame("tolerations", meant.key if meant is not None else ""),
            untolerated[0].path,
            suggestion=str(untolerated[0].taint) if meant is not None else None,
            weight=len(untolerated),
        )
        return Outcome(Verdict.REJECTED, miss)
    return Outcome(Verdict.UNCLEAR, None, doubts) if doubts else FITS
