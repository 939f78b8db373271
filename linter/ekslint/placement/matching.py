"""One pod and one pool: labels, taints and fit, each judged for itself."""

from dataclasses import dataclass

from ekslint.facts.node_labels import LabelOrigin, PoolKind, label_of
from ekslint.placement.causes import Cause, Stage
from ekslint.placement.constraint import NODE_NAME_FIELD, Alternatives, Constraint, Requests, Tolerances, field_key
from ekslint.placement.domains import Doubt
from ekslint.placement.fit import fitting_types, judge_fit
from ekslint.placement.needs import Need, Part, needed_values
from ekslint.placement.shape import PoolShape, Selection, Term
from ekslint.placement.suggestions import suggested_label
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

    __slots__ = ("_miss", "certain", "doubts", "nearest", "possible", "selection", "shape")

    def __init__(self, shape: PoolShape, alternatives: Alternatives) -> None:
        self.shape = shape
        self.possible = 0
        """Types of nodes that may meet one of the terms."""
        self.certain = 0
        self.doubts: tuple[Doubt, ...] = ()
        self.nearest: Term | None = None
        """The term of which the least is missed, if all are missed."""
        self.selection: Selection | None = None
        self._miss: Miss | None = None
        best = (0, 0)
        for term in alternatives.terms:
            selection = shape.select(term)
            self.possible |= selection.possible
            self.certain |= selection.certain
            self.doubts += selection.doubts
            distance = (len(selection.failed), len(selection.crowded))
            if self.nearest is None or distance < best:
                self.nearest, self.selection, best = term, selection, distance

    @property
    def verdict(self) -> Verdict:
        """Whether some node certainly, possibly or certainly not meets them."""
        if self.certain:
            return Verdict.FITS
        return Verdict.UNCLEAR if self.possible else Verdict.REJECTED

    def miss(self) -> Miss:
        """Why no node does; the first requirement that is missed, in the order of causes."""
        if self._miss is None:
            self._miss = self._make_miss()
        return self._miss

    def _make_miss(self) -> Miss:
        if self.nearest is None or self.selection is None:
            return Miss(Cause.CONTRADICTION, "no term of its node affinity can be met", Blame(Part.AFFINITY.value))
        groups = dict(self.nearest.groups)
        weight = len(self.selection.failed) or 1
        if not self.shape.types:
            reason = "no instance type meets its own requirements"
            return Miss(Cause.NO_INSTANCE_TYPE, reason, Blame("spec"), self.shape.types_path)
        if not self.selection.failed:
            return self._crowded_miss(groups, self.selection.crowded)
        causes = {key: cause_of(self.shape, key, groups[key]) for key in self.selection.failed}
        key = min(self.selection.failed, key=lambda key: (causes[key].rank, key))
        return label_miss(self.shape, key, groups[key], causes[key], weight)

    def _crowded_miss(self, groups: dict[str, tuple[Need, ...]], crowded: tuple[str, ...]) -> Miss:
        needs = [str(need) for key in crowded for need in groups[key]]
        noun = "node" if self.shape.domain(crowded[0]).is_zonal else "instance type"
        reason = f"no {noun} has {' and '.join(needs)}"
        return Miss(Cause.NO_INSTANCE_TYPE, reason, blame_of(groups[crowded[0]][0]), self.shape.domain(crowded[0]).path)


@dataclass(slots=True)
class Judgement:
    """What one pool says of one pod."""

    shape: PoolShape
    admission: Outcome
    """Whether the pod gets to this pool at all: one that a Fargate profile selects goes nowhere else."""
    labels: LabelResult
    taints: Outcome
    fit: Outcome
    labels_open: bool = False
    """Whether the pod may require more of labels than is known."""

    @property
    def verdict(self) -> Verdict:
        """One certain rejection decides; without one, one doubt."""
        return _worst(self.admission.verdict, self.labels_alone, self.taints.verdict, self.fit.verdict)

    @property
    def labels_alone(self) -> Verdict:
        """Whether the labels are met, Fargate's admission apart."""
        verdict = self.labels.verdict
        return Verdict.UNCLEAR if self.labels_open and verdict is Verdict.FITS else verdict

    @property
    def labels_verdict(self) -> Verdict:
        """The answer to the first question: whether its nodes are of the right sort."""
        return _worst(self.admission.verdict, self.labels_alone)

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


def _worst(*verdicts: Verdict) -> Verdict:
    if Verdict.REJECTED in verdicts:
        return Verdict.REJECTED
    return Verdict.UNCLEAR if Verdict.UNCLEAR in verdicts else Verdict.FITS


class Matcher:
    """Judges constraints on pools; what was judged once, for an equal part of a pod, is kept."""

    def __init__(self) -> None:
        self._labels: dict[tuple[PoolShape, Alternatives], LabelResult] = {}
        self._taints: dict[tuple[PoolShape, Tolerances], Outcome] = {}
        self._fitting: dict[tuple[PoolShape, Requests], tuple[int, int]] = {}
        self._fits: dict[tuple[PoolShape, Requests, int, int], Outcome] = {}

    def judge(self, constraint: Constraint, shape: PoolShape, admission: Outcome = FITS) -> Judgement:
        """What a pool says of a pod. Never raises Undecided; Forked where the pool depends on a choice."""
        labels = self.labels(constraint, shape)
        fit = self.fit(constraint, shape, labels)
        return Judgement(shape, admission, labels, self.taints(constraint, shape), fit, constraint.labels_open)

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
            return Outcome(Verdict.UNCLEAR, None, (Doubt("its tolerations are not all known"),))
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
            return Outcome(Verdict.UNCLEAR, None, (Doubt("its requests are not all known"),))
        return found


def cause_of(shape: PoolShape, key: str, needs: tuple[Need, ...]) -> Cause:
    """Why a pool alone misses the needs on a label."""
    if needed_values(needs) is None:
        return Cause.CONTRADICTION
    parts = {need.part for need in needs}
    if Part.VOLUME in parts and not shape.judge(key, tuple(need for need in needs if need.part is Part.VOLUME))[0]:
        return Cause.VOLUME_ZONE
    if parts <= {Part.SPREAD, Part.POD_AFFINITY}:
        return Cause.TOPOLOGY_KEY
    if shape.kind is PoolKind.FARGATE:
        return Cause.LABEL_NOT_ON_FARGATE
    automatic = label_of(shape.kind, key)
    if automatic is not None and automatic.origin in _ORIGIN_CAUSES:
        return _ORIGIN_CAUSES[automatic.origin]
    if key == field_key(NODE_NAME_FIELD):
        return Cause.VALUE_DIFFERS
    has = shape.judge(key, (Need(key, "Exists"),))[0] & (-1 if shape.domain(key).is_zonal else shape.types)
    return Cause.VALUE_DIFFERS if has else Cause.KEY_ABSENT


def label_miss(shape: PoolShape, key: str, needs: tuple[Need, ...], cause: Cause, weight: int = 1) -> Miss:
    """What to say of a pool that misses the needs on a label."""
    domain = shape.domain(key)
    culprit = next((need for need in needs if not shape.judge(key, (need,))[0]), needs[0])
    if cause is Cause.CONTRADICTION:
        reason = f"{' and '.join(str(need) for need in needs)} exclude each other"
        return Miss(cause, reason, blame_of(culprit), None, None, weight)
    suggestion = suggested_label(shape, culprit, cause)
    return Miss(cause, domain.reason(), blame_of(culprit), domain.path, suggestion, weight)


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
            doubts.append(Doubt(f"whether it tolerates {each.taint} depends on a feature of the cluster"))
    if untolerated:
        noun = "taint" if len(untolerated) == 1 else "taints"
        reason = f"untolerated {noun} {', '.join(str(each.taint) for each in untolerated)}"
        blame = Blame("tolerations", str(untolerated[0].taint))
        return Outcome(
            Verdict.REJECTED,
            Miss(Cause.UNTOLERATED_TAINT, reason, blame, untolerated[0].path, weight=len(untolerated)),
        )
    return Outcome(Verdict.UNCLEAR, None, doubts) if doubts else FITS
