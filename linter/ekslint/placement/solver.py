"""All pools of a cluster about one workload."""

from collections.abc import Sequence
from dataclasses import dataclass

from ekslint.facts.fargate import COMPUTE_TYPE_ANNOTATION
from ekslint.facts.node_labels import PoolKind
from ekslint.model.pool import FargateProfile
from ekslint.model.reading import Undecided
from ekslint.placement.causes import Cause
from ekslint.placement.demands import OBSTACLE, Demand
from ekslint.placement.domains import Doubt
from ekslint.placement.fargate import chosen_profile, matches_glob
from ekslint.placement.matching import Judgement, Matcher
from ekslint.placement.root_cause import root_cause
from ekslint.placement.shape import PoolShape
from ekslint.placement.shapes import shape_of
from ekslint.placement.surroundings import Surroundings
from ekslint.placement.verdicts import FITS, Blame, Miss, Outcome, Verdict

_METADATA = Blame("metadata")
_COMPUTE_TYPE_LABEL = "eks.amazonaws.com/compute-type"


@dataclass(slots=True)
class Solution:
    """What all pools of a cluster say of one workload."""

    judgements: Sequence[Judgement]
    silence: Doubt | None
    """Why nothing can be said, whatever the pools say."""
    doubt_steps: int
    """1 where there may be pools that no file shows, else 0."""
    open_doubts: Sequence[Doubt] = ()
    """Why the workload may require more, or less, than is known."""
    causes: tuple[Cause, ...] = ()
    blamed_label: str = ""

    @property
    def verdict(self) -> Verdict:
        """Fits if any pool fits; else unclear if any is; else rejected."""
        if self.silence is not None or not self.judgements:
            return Verdict.UNCLEAR
        verdict = Verdict.REJECTED
        for judged in self.judgements:
            if judged.verdict is Verdict.FITS:
                return Verdict.FITS
            if judged.verdict is Verdict.UNCLEAR:
                verdict = Verdict.UNCLEAR
        return verdict

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why it is unclear."""
        if self.silence is not None:
            return (self.silence,)
        unclear = (judged for judged in self.judgements if judged.verdict is Verdict.UNCLEAR)
        return tuple(dict.fromkeys((*self.open_doubts, *(doubt for judged in unclear for doubt in judged.doubts))))

    def by_nearness(self) -> list[Judgement]:
        """The pools, nearest miss first; those that do not turn the pod away come before all others."""
        return [self.judgements[number] for number in sorted(range(len(self.judgements)), key=self._distance)]

    def misses(self, cause: Cause) -> list[tuple[Judgement, Miss]]:
        """Every pool with its reason as far as `cause` goes, nearest miss first."""
        found = []
        for judged in self.by_nearness():
            miss = judged.miss_at(cause.stage) or judged.miss
            if miss is not None:
                found.append((judged, miss))
        return found

    def _distance(self, number: int) -> tuple[int, int, int, bool, int]:
        judged = self.judgements[number]
        miss = judged.miss
        if miss is None:
            return (0, 0, 0, False, number)
        stages = 1 + (judged.labels_verdict is Verdict.REJECTED)
        return (stages, miss.weight, -miss.cause.rank, miss.suggestion is None, number)


class Solver:
    """Asks the pools of one cluster, as they are under the choices made so far."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.cluster = surroundings.cluster
        self.shapes = [shape_of(pool, surroundings) for pool in self.cluster.pools]
        self.matcher = Matcher()
        self._profiles = [shape.pool for shape in self.shapes if isinstance(shape.pool, FargateProfile)]
        self.silence = self._silence()
        self.doubt_steps = self._doubt_steps()

    def solve(self, demand: Demand) -> Solution:
        """What all pools say of a workload."""
        admissions = self._admissions(demand)
        judgements = [
            self.matcher.judge(demand.constraint, shape, admission)
            for shape, admission in zip(self.shapes, admissions, strict=True)
        ]
        solution = Solution(judgements, demand.silence or self.silence, self.doubt_steps, tuple(demand.doubts.values()))
        if judgements and solution.silence is None and solution.verdict is not Verdict.FITS:
            solution.causes, solution.blamed_label = _causes(judgements)
        return solution

    def profile_of(self, demand: Demand) -> FargateProfile | Doubt | None:
        """The Fargate profile that takes a workload before any scheduler sees it, or why that is not known."""
        if not self._profiles or demand.constraint.is_daemonset:
            return None
        return self._chosen(demand)

    def _admissions(self, demand: Demand) -> list[Outcome]:
        """Whether EKS lets the pod go to each pool: what Fargate takes goes nowhere else."""
        if not self._profiles:
            return [FITS] * len(self.shapes)
        if demand.constraint.is_daemonset:
            miss = Miss(Cause.DAEMONSET_ON_FARGATE, "Fargate runs no DaemonSets", Blame("kind"), weight=_FAR)
            on_fargate = Outcome(Verdict.REJECTED, miss)
            return [on_fargate if _is_fargate(shape) else FITS for shape in self.shapes]
        chosen = self._chosen(demand)
        return [_admission(shape, chosen, demand) for shape in self.shapes]

    def _chosen(self, demand: Demand) -> FargateProfile | Doubt | None:
        try:
            pod = demand.workload.pod
            annotations = pod.annotations
            if annotations.get(COMPUTE_TYPE_ANNOTATION) == "ec2":
                return None
            return chosen_profile(self._profiles, demand.workload.namespace, pod.labels)
        except Undecided as error:
            return Doubt(error.why, error.source)

    def _silence(self) -> Doubt | None:
        if not self.shapes:
            return Doubt(f"no node pool of {self.cluster} is known")
        try:
            if self.cluster.has_unseen_pools:
                return Doubt(f"Karpenter makes nodes for {self.cluster}, but no NodePool is in the files")
        except Undecided as error:
            return Doubt(error.why, error.source)
        return None

    def _doubt_steps(self) -> int:
        kinds = {shape.kind for shape in self.shapes}
        if PoolKind.AUTO_BUILTIN in kinds and PoolKind.AUTO not in kinds:
            return 1
        try:
            return self.cluster.may_be_partial
        except Undecided:
            return 1


_FAR = 100
"""The weight of a miss that says nothing about the nodes: such pools are listed last."""


def _is_fargate(shape: PoolShape) -> bool:
    return shape.kind is PoolKind.FARGATE


def _admission(shape: PoolShape, chosen: FargateProfile | Doubt | None, demand: Demand) -> Outcome:
    if isinstance(chosen, Doubt):
        return Outcome(Verdict.UNCLEAR, None, (chosen,))
    if shape.pool is chosen:
        if demand.obstacles:
            obstacle = demand.obstacles[0]
            miss = Miss(Cause.UNSUPPORTED_ON_FARGATE, f"{obstacle.what}, which Fargate does not run", OBSTACLE)
            return Outcome(Verdict.REJECTED, miss)
        return FITS
    if chosen is not None:
        reason = f"{chosen} selects the pod, and what Fargate takes runs nowhere else"
        return Outcome(Verdict.REJECTED, Miss(Cause.RUNS_ON_FARGATE, reason, _METADATA, weight=_FAR))
    if _is_fargate(shape):
        reason = f"no selector matches namespace {demand.workload.namespace}"
        if _matches_namespace(shape, demand):
            reason = "no selector matches the labels"
        miss = Miss(Cause.NO_PROFILE_SELECTS, reason, _METADATA, ("selectors",), weight=_FAR)
        return Outcome(Verdict.REJECTED, miss)
    return FITS


def _matches_namespace(shape: PoolShape, demand: Demand) -> bool:
    profile = shape.pool
    if not isinstance(profile, FargateProfile):
        return False
    try:
        return any(matches_glob(each.namespace, demand.workload.namespace) for each in profile.selectors)
    except Undecided:
        return False


def _causes(judgements: Sequence[Judgement]) -> tuple[tuple[Cause, ...], str]:
    """Why no pool takes the pod, each question for itself, and the label to blame."""
    sorted_out = [judged for judged in judgements if judged.labels_verdict is not Verdict.REJECTED]
    if not sorted_out:
        cause, label = _labels_cause(judgements)
        return (cause,), label
    causes = []
    if all(judged.taints.verdict is Verdict.REJECTED for judged in sorted_out):
        causes.append(Cause.UNTOLERATED_TAINT)
    fit = [judged.fit.miss for judged in sorted_out]
    if all(miss is not None for miss in fit):
        found = {miss.cause for miss in fit if miss is not None}
        # The one that is nearest to fitting: too small a GPU node is nearer than a node without GPU.
        causes.append(max(found, key=lambda cause: cause.rank))
    if not causes and all(judged.verdict is Verdict.REJECTED for judged in sorted_out):
        misses = [judged.miss for judged in sorted_out]
        causes.append(min((miss.cause for miss in misses if miss is not None), key=lambda cause: cause.rank))
    return tuple(causes), ""


def _labels_cause(judgements: Sequence[Judgement]) -> tuple[Cause, str]:
    admitted = [judged for judged in judgements if judged.admission.verdict is not Verdict.REJECTED]
    if admitted:
        cause, label = root_cause([judged.labels for judged in admitted])
        nearest = (judged.labels.nearest for judged in admitted)
        wanted = {each.key for found in nearest if found is not None for each in found[0].labels}
        if _COMPUTE_TYPE_LABEL in wanted and _waits_for_a_profile(judgements):
            return Cause.NO_PROFILE_SELECTS, _COMPUTE_TYPE_LABEL
        if cause is Cause.LABEL_NOT_ON_FARGATE and any(_would_take_it(judged) for judged in judgements):
            return Cause.RUNS_ON_FARGATE, label
        return cause, label
    causes = {judged.admission.miss.cause for judged in judgements if judged.admission.miss is not None}
    if Cause.UNSUPPORTED_ON_FARGATE in causes:
        # Where the pod belongs by its profile it cannot run: that is the mistake, not that it goes nowhere else.
        return Cause.UNSUPPORTED_ON_FARGATE, ""
    return min(causes, key=lambda cause: cause.rank), ""


def _would_take_it(judged: Judgement) -> bool:
    """Whether the nodes of a pool have the labels of a pod that never gets there, as Fargate takes it."""
    return (
        not _is_fargate(judged.shape)
        and judged.admission.miss is not None
        and judged.admission.miss.cause is Cause.RUNS_ON_FARGATE
        and bool(judged.labels.possible)
    )


def _waits_for_a_profile(judgements: Sequence[Judgement]) -> bool:
    """Whether a Fargate node would do, if only a profile selected the pod."""
    return any(
        judged.admission.miss is not None
        and judged.admission.miss.cause is Cause.NO_PROFILE_SELECTS
        and judged.labels.possible
        for judged in judgements
    )
