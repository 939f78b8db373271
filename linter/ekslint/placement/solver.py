"""All pools of a cluster about one workload."""

from collections.abc import Iterable

from ekslint.facts.fargate import COMPUTE_TYPE_ANNOTATION
from ekslint.facts.node_labels import PoolKind
from ekslint.model.pool import FargateProfile
from ekslint.model.reading import Undecided
from ekslint.placement.causes import Cause
from ekslint.placement.constraint import Alternatives, Constraint
from ekslint.placement.demands import OBSTACLE, Demand
from ekslint.placement.domains import Doubt
from ekslint.placement.fargate import chosen_profile, matches_glob
from ekslint.placement.matching import Judgement, Matcher
from ekslint.placement.shape import LabelNeeds, PoolShape
from ekslint.placement.shapes import shape_of
from ekslint.placement.solution import Solution
from ekslint.placement.surroundings import Surroundings
from ekslint.placement.verdicts import FITS, Blame, Miss, Outcome, Verdict

_METADATA = Blame("metadata")


class Solver:
    """Asks the pools of one cluster, as they are under the choices made so far."""

    def __init__(self, surroundings: Surroundings, matcher: Matcher) -> None:
        self.cluster = surroundings.cluster
        self.shapes = [shape_of(pool, surroundings) for pool in self.cluster.pools]
        self._matcher = matcher
        self._profiles = [shape.pool for shape in self.shapes if isinstance(shape.pool, FargateProfile)]
        self._on_fargate = _bits(_is_fargate(shape) for shape in self.shapes)
        self._with_nodes = _bits(shape.types for shape in self.shapes)
        self._reaches: dict[Alternatives, int] = {}
        self._lacks: dict[LabelNeeds, int] = {}
        self._judged: dict[Constraint, dict[int, Judgement]] = {}
        self.silence = self._silence()
        self._elsewhere = self._nodes_elsewhere()
        self.doubt_steps = self._doubt_steps()

    def solve(self, demand: Demand) -> Solution:
        """What all pools say of a workload. Never raises Undecided; Forked where a pool depends on a choice."""
        chosen = self.profile_of(demand)
        reached = self._judged.get(demand.constraint)
        if reached is None:
            reached = self._judge_all(demand, chosen)
            if not self._profiles:
                # Where there are profiles, the namespace and labels of a pod count too.
                self._judged[demand.constraint] = reached
        silence = demand.silence or self.silence
        if silence is None and not isinstance(chosen, FargateProfile):
            silence = self._elsewhere
        return Solution(
            demand,
            reached,
            len(self.shapes),
            lambda number: self._judge(number, demand, chosen),
            silence,
            # Nodes that no file shows are no way out for what Fargate takes.
            0 if isinstance(chosen, FargateProfile) else self.doubt_steps,
        )

    def profile_of(self, demand: Demand) -> FargateProfile | Doubt | None:
        """The Fargate profile that takes a workload before any scheduler sees it, or why that is not known."""
        if not self._profiles or demand.constraint.is_daemonset:
            return None
        return self._chosen(demand)

    def _judge_all(self, demand: Demand, chosen: FargateProfile | Doubt | None) -> dict[int, Judgement]:
        """What the pools say that are of the right sort, or may be."""
        reach = self._admitted(demand, chosen) & self._of_right_sort(demand.constraint.alternatives)
        reached = {}
        while reach:
            number = (reach & -reach).bit_length() - 1
            reach &= reach - 1
            reached[number] = self._judge(number, demand, chosen)
        return reached

    def _judge(self, number: int, demand: Demand, chosen: FargateProfile | Doubt | None) -> Judgement:
        shape = self.shapes[number]
        return self._matcher.judge(demand.constraint, shape, self._admission(shape, demand, chosen))

    def _admitted(self, demand: Demand, chosen: FargateProfile | Doubt | None) -> int:
        """The pools that EKS lets the pod go to, or may, by bit: what Fargate takes goes nowhere else."""
        if isinstance(chosen, Doubt):
            return self._with_nodes
        if chosen is None:
            return self._with_nodes & ~self._on_fargate
        if demand.obstacles:
            return 0
        return _bits(shape.pool is chosen for shape in self.shapes)

    def _of_right_sort(self, alternatives: Alternatives) -> int:
        """The pools of which each label for itself may be met, for one of the terms."""
        found = self._reaches.get(alternatives)
        if found is None:
            found = 0
            for term in alternatives.terms:
                lacking = 0
                for each in term.labels:
                    lacking |= self._lacking(each)
                found |= ~lacking
            self._reaches[alternatives] = found
        return found

    def _lacking(self, each: LabelNeeds) -> int:
        """The pools that cannot meet what is needed of a label."""
        found = self._lacks.get(each)
        if found is None:
            found = self._lacks[each] = _bits(not shape.may_meet(each) for shape in self.shapes)
        return found

    def _admission(self, shape: PoolShape, demand: Demand, chosen: FargateProfile | Doubt | None) -> Outcome:
        """Whether EKS lets the pod go to a pool."""
        if not self._profiles:
            return FITS
        if demand.constraint.is_daemonset:
            miss = Miss(Cause.DAEMONSET_ON_FARGATE, "Fargate runs no DaemonSets", Blame("kind"), weight=_FAR)
            return Outcome(Verdict.REJECTED, miss) if _is_fargate(shape) else FITS
        return _admission(shape, chosen, demand)

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

    def _nodes_elsewhere(self) -> Doubt | None:
        """Why nothing can be said of pods that no profile selects: files that only add profiles show no nodes."""
        if self._with_nodes & ~self._on_fargate:
            return None
        try:
            is_partial = bool(self.cluster.may_be_partial)
        except Undecided as error:
            return Doubt(error.why, error.source)
        return Doubt(f"no node pool of {self.cluster} is known, only Fargate profiles") if is_partial else None

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


def _bits(flags: Iterable[object]) -> int:
    return sum(1 << number for number, flag in enumerate(flags) if flag)


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
