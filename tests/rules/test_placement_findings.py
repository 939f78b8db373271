"""What findings about placement show besides their line: every pool with its reason, nearest miss first."""

from pathlib import Path

import pytest

from conftest import ROOT
from linting import AS_OF, ekslint

NEAREST_POOL = """\
error[workload-matches-no-node-pool]: no node pool of cluster shop carries workload=cpu2
  --> apps/worker.yaml:15:19
   |
15 |         workload: cpu2
   |                   ^^^^ 0 of 3 node pools match
   |
  ::: infra/cluster.yaml:12:24
   |
12 |     labels: {workload: cpu}
   |                        --- node group general: workload is cpu (did you mean this?)
...
21 |     selectors:
   |     --------- Fargate profile fp-jobs: no selector matches namespace shop
   |
   = note: node group gpu: no label workload"""

KEY_THAT_WAS_MEANT = """\
error[workload-matches-no-node-pool]: no node pool of cluster shop carries workloads=cpu
  --> app.yaml:15:20
   |
15 |         workloads: cpu
   |                    ^^^ 0 of 1 node pools match
   |
  ::: cluster.yaml:12:24
   |
12 |     labels: {workload: cpu}
   |                        --- node group general: no label workloads, but workload=cpu (did you mean this?)"""

WHAT_TO_TOLERATE = """\
error[only-matching-pool-tainted]: deployment jobs does not tolerate the taint dedicated=batch:NoSchedule \
of node group batch, the only node pool that it matches
  --> app.yaml:15:19
   |
15 |         workload: batch
   |                   ^^^^^ leads to node group batch only
   |
  ::: cluster.yaml:19:15
   |
12 |     labels: {workload: cpu}
   |                        --- node group general: workload is cpu
...
19 |       - {key: dedicated, value: batch, effect: NoSchedule}
   |               --------- node group batch: untolerated taint dedicated=batch:NoSchedule
   |
   = help: tolerate it: {key: dedicated, operator: Equal, value: batch, effect: NoSchedule}"""


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("workload-matches-no-node-pool/bad-eksctl", NEAREST_POOL),
        ("workload-matches-no-node-pool/bad-key-typo", KEY_THAT_WAS_MEANT),
        ("only-matching-pool-tainted/bad-eksctl", WHAT_TO_TOLERATE),
    ],
)
def test_full_report(case: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    rule = case.partition("/")[0]
    path = Path("fixtures", "rules", case)
    ran = ekslint(
        *("check", path, "--select", rule, "--isolated", "--as-of", AS_OF, "--min-severity", "info"),
        *("--output-format", "full", "--quiet", "--color", "never"),
    )
    assert ran.code == 1, ran.err
    assert ran.out.replace(f"{path.as_posix()}/", "").replace(f"  # expect: {rule}", "").strip("\n") == expected
