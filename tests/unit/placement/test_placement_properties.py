"""The package against the naive restatement, over generated pods and pools."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive import Answer, PodSpec, PoolSpec, ask
from placement_kit import estate
from placement_specs import DOUBTFUL, TYPES, clusters, entity_of, manifest_of, pods

from ekslint.facts.instance_types import instance_type
from ekslint.placement import catalogue
from ekslint.placement.matching import Judgement
from ekslint.placement.scheduler import Scheduler
from ekslint.placement.verdicts import Verdict

EXAMPLES = 530
PODS = 12
"""Examples, with so many pods and eight pools each: 50,880 pairs."""

_WORDS = {Verdict.FITS: "yes", Verdict.REJECTED: "no", Verdict.UNCLEAR: "unknown"}


@pytest.fixture(autouse=True)
def few_types(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table of few instance types, so that the naive side can write out every node."""
    known = tuple(each for name in TYPES if (each := instance_type(name)) is not None)
    monkeypatch.setattr(catalogue, "all_instance_types", lambda: known)
    return


def _answer(judged: Judgement) -> Answer:
    labels = judged.labels_verdict
    if labels is Verdict.REJECTED:
        return Answer("no", _WORDS[judged.taints.verdict], "yes", _WORDS[judged.verdict])
    return Answer(*(_WORDS[each] for each in (labels, judged.taints.verdict, judged.fit.verdict, judged.verdict)))


def _is_known(pod: PodSpec, pool: PoolSpec) -> bool:
    """Whether nothing about the pool is left open, so that the answers must be the same."""
    if pool.kind == "karpenter" and "windows" in repr((pod.selector, pod.terms)):
        return False  # these pools have no node class, and nobody knows the operating system of their image
    return pool.unknown_label is None and not pool.labels_are_open and pool.zones is not None


def agree(found: Answer, expected: Answer, *, is_known: bool) -> bool:
    """Whether an answer is right: certain only if it holds in every completion, and certain if all is known."""
    if found.verdict != expected.verdict and (found.verdict != "unknown" or is_known):
        return False
    if found.labels != expected.labels and (found.labels != "unknown" or is_known):
        return False
    if found.labels == expected.labels == "yes":
        return found.taints == expected.taints and (found.fit == expected.fit or not is_known)
    return True


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    # The same examples in every run: what fails once can be looked into.
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    report_multiple_bugs=False,
)
@given(st.lists(pods(), min_size=PODS, max_size=PODS), clusters())
def test_every_pool_answers_as_the_naive_restatement_does(specs: list[PodSpec], pools: list[PoolSpec]) -> None:
    made = estate(
        [entity_of(pool) for pool in pools],
        *(manifest_of(pod, f"app{number}") for number, pod in enumerate(specs)),
        default_addons=("vpc-cni",),
    )
    scheduler = Scheduler(made)
    [cluster] = made.clusters
    for pod, workload in zip(specs, cluster.workloads, strict=True):
        _, solution = scheduler.solve(workload, cluster)
        for pool, judged in zip(pools, solution.judgements, strict=True):
            expected = ask(pod, pool, pools, TYPES, DOUBTFUL)
            found = _answer(judged)
            context = f"{pod}\n{pool}\nexpected {expected}, found {found}"
            assert agree(found, expected, is_known=_is_known(pod, pool)), context
