"""What the upstream implementations themselves answer, for pods and pools made at random.

`upstream_answers.jsonl` holds, for each case, the answers of k8s.io/component-helpers 0.34.1 (node affinity: GetRequired-
NodeAffinity; taints: FindMatchingUntoleratedTaint; requests: PodRequests) and of Karpenter 1.8.0 (Requirements.Compatible
with AllowUndefinedWellKnownLabels, one affinity term after the other). `compatible` is null where requirements of one
side exclude each other: there Karpenter promises nodes that no scheduler would use.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from placement_kit import estate, live_node, node_pool, workload

from ekslint.model.pool import Taint
from ekslint.placement.scheduler import Scheduler
from ekslint.placement.verdicts import Verdict

CASES = [
    json.loads(line) for line in Path(__file__).with_name("upstream_answers.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=range(1, len(CASES) + 1))
def test_upstream_answers_alike(case: dict[str, Any]) -> None:
    room = {"cpu": "999", "memory": "9Ti", "nvidia.com/gpu": "99"}
    taints = tuple(Taint(*each) for each in case["taints"])
    node = live_node("node", labels=case["labels"], taints=taints, allocatable=room)
    pool = node_pool("np", *case["pool"], labels=case["pool_labels"])
    made = estate([node, pool], workload(case["spec"]))
    [cluster] = made.clusters
    [only] = cluster.workloads
    demand, solution = Scheduler(made).solve(only, cluster)
    of_node, of_pool = solution.judgements
    assert (of_node.labels_verdict is Verdict.FITS) is case["affinity"]
    if case["affinity"]:
        assert (of_node.taints.verdict is Verdict.FITS) is case["tolerated"]
    assert dict(demand.constraint.requests.amounts) == case["requests"]
    if case["compatible"] is not None:
        assert of_pool.labels_verdict is (Verdict.FITS if case["compatible"] else Verdict.REJECTED)


def test_both_answers_occur_for_each_question() -> None:
    for question in ("affinity", "tolerated", "compatible"):
        assert {True, False} <= {case[question] for case in CASES}
