"""The one "did you mean"."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekslint.source.nearest import nearest

RULES = ["single-node-group", "privileged-container", "missing-readiness-probe", "duplicate-key"]
SEVERITIES = ["error", "warning", "info"]


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("privilege-container", RULES, "privileged-container"),
        ("Single_Node_Group", RULES, "single-node-group"),
        ("singlenodegroup", RULES, "single-node-group"),
        ("container-privileged-mode", RULES, None),
        ("warn", SEVERITIES, "warning"),
        ("WARNING", SEVERITIES, "warning"),
        ("information", SEVERITIES, "info"),
        ("critical", SEVERITIES, None),
        ("prod", ["production", "dev"], "production"),
        ("prod", ["production", "product"], "product"),
        ("cpu2", ["cpu", "gpu"], "cpu"),
        ("gpu", ["cpu"], "cpu"),
        ("eu", ["us", "eu1"], None),
        ("y", ["Y", "n"], "Y"),
        ("", ["a"], None),
        ("a", [], None),
        ("same", ["same"], None),
        ("same", ["same", "Same"], "Same"),
        ("eks.amazonaws.com/node-class", ["eks.amazonaws.com/nodeclass", "eks.amazonaws.com/nodegroup"],
         "eks.amazonaws.com/nodeclass"),
        ("m5.xlrge", ["m5.large", "m5.xlarge", "m5a.xlarge"], "m5.xlarge"),
        ("x" * 5000, ["x" * 4999], None),
        ("größe", ["groesse", "grösse", "Größe"], "Größe"),
    ],
)  # fmt: skip
def test_nearest(word: str, candidates: list[str], expected: str | None) -> None:
    assert nearest(word, candidates) == expected


def test_order_of_candidates_does_not_matter() -> None:
    candidates = ["node-a", "node-b", "node-c", "nodes"]
    assert len({nearest("node-x", order) for order in permutations(candidates)}) == 1


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=8))
def test_answer_is_a_candidate_and_never_the_word(word: str, candidates: list[str]) -> None:
    found = nearest(word, candidates)
    assert found is None or (found in candidates and found != word)
    assert found == nearest(word, reversed(candidates))
