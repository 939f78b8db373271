"""What all pools of a cluster say of one workload, and why none takes it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from ekslint.facts.node_labels import PoolKind
from ekslint.placement.causes import Cause
from ekslint.placement.demands import Demand
from ekslint.placement.domains import Doubt
from ekslint.placement.matching import Judgement
from ekslint.placement.root_cause import root_cause
from ekslint.placement.verdicts import Miss, Verdict

_COMPUTE_TYPE_LABEL = "eks.amazonaws.com/compute-type"


class Solution:
    """What all pools of a cluster say of one workload; those that a single label keeps away give reasons when asked."""

    def __init__(
        self,
        demand: Demand,
        reached: Mapping[int, Judgement],
        number_of_pools: int,
        judge: Callable[[int], Judgement],
        silence: Doubt | None,
        doubt_steps: int,
    ) -> None:
        self.reached = reached
        """The pools of the right sort, or that may be, by number."""
        self.silence = silence
        """Why nothing can be said, whatever the pools say."""
        self.doubt_steps = doubt_steps
        """1 where there may be pools that no file shows, else 0."""
        self._open_doubts = tuple(demand.doubts.values())
        self._number_of_pools = number_of_pools
        self._judge = judge
        self.verdict = self._verdict()
        """Fits if any pool fits; else unclear if any is; else rejected."""

    @cached_property
    def judgements(self) -> list[Judgement]:
        """What each pool says, in order of declaration."""
        return [self.reached.get(number) or self._judge(number) for number in range(self._number_of_pools)]

    @cached_property
    def possible(self) -> list[Judgement]:
        """The pools that take the workload, or may, in order."""
        return [judged for judged in self.reached.values() if judged.verdict is not Verdict.REJECTED]

    @property
    def possible_bits(self) -> int:
        """The same as a number: bit i is pool i."""
        return sum(1 << number for number, each in self.reached.items() if each.verdict is not Verdict.REJECTED)

    @property
    def fitting_bits(self) -> int:
        """The pools that certainly take the workload, likewise."""
        return sum(1 << number for number, each in self.reached.items() if each.verdict is Verdict.FITS)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Why no pool takes the workload, each question for itself; empty if one does, or nothing can be said."""
        return self._diagnosis[0]

    @property
    def blamed_label(self) -> str:
        """The label that is the root of the trouble; empty if no single one is."""
        return self._diagnosis[1]

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why it is unclear."""
        if self.silence is not None:
            return (self.silence,)
        unclear = (judged for judged in self.reached.values() if judged.verdict is Verdict.UNCLEAR)
        return tuple(dict.fromkeys((*self._open_doubts, *(doubt for judged in unclear for doubt in judged.doubts))))

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

    @cached_property
    def _diagnosis(self) -> tuple[tuple[Cause, ...], str]:
        if self.silence is not None or self.verdict is Verdict.FITS or not self._number_of_pools:
            return (), ""
        return _causes(self.judgements)

    def _verdict(self) -> Verdict:
        if self.silence is not None or not self._number_of_pools:
            return Verdict.UNCLEAR
        verdict = Verdict.REJECTED
        for judged in self.reached.values():
            if judged.verdict is Verdict.FITS:
                return Verdict.FITS
            if judged.verdict is Verdict.UNCLEAR:
                verdict = Verdict.UNCLEAR
        return verdict

    def _distance(self, number: int) -> tuple[int, int, int, bool, int]:
        judged = self.judgements[number]
        miss = judged.miss
        if miss is None:
            return (0, 0, 0, False, number)
        stages = 1 + (judged.labels_verdict is Verdict.REJECTED)
        return (stages, miss.weight, -miss.cause.rank, miss.suggestion is None, number)


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
        if cause is Cause.LABEL_OF_OTHER_KIND and all(each.shape.kind is PoolKind.FARGATE for each in admitted):
            # There may be pools of the right kind, but the pod never gets there.
            cause = Cause.LABEL_NOT_ON_FARGATE
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
        judged.shape.kind is not PoolKind.FARGATE
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
