"""Ignores in comments: what is a comment at all, and what it covers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from suppression_cases import RULES, Case

from ekslint.engine.input_findings import findings_of

TAG, PRIVILEGED, PROBE, GROUP = RULES


def test_same_line() -> None:
    case = Case("image: nginx  # ekslint: ignore[floating-image-tag] -- mirrored nightly\nother: nginx\n")
    assert case.covers(TAG, "image")
    assert not case.covers(TAG, "other")
    assert not case.covers(PRIVILEGED, "image")
    assert case.told() == []


def test_own_line_covers_the_whole_item_below() -> None:
    case = Case(
        "spec:\n"
        "  containers:\n"
        "    - name: api\n"
        "      image: a\n"
        "    # ekslint: ignore[missing-readiness-probe] -- batch, never serves traffic\n"
        "    - name: proxy\n"
        "      image: b\n"
        "      resources:\n"
        "        limits: {cpu: 1}\n"
        "    - name: third\n"
    )
    containers = ("spec", "containers")
    assert case.covers(PROBE, *containers, 1)
    assert case.covers(PROBE, *containers, 1, "readinessProbe")
    assert case.covers(PROBE, *containers, 1, "resources", "limits", "cpu")
    assert not case.covers(PROBE, *containers, 0, "image")
    assert not case.covers(PROBE, *containers, 2, "name")
    assert not case.covers(PROBE, *containers)


def test_own_line_covers_an_entry_and_nothing_after_it() -> None:
    case = Case(
        "a:\n  # ekslint: ignore[floating-image-tag]\n\n  # for a reason\n  b:\n    c: 1\n    d: [1, 2]\n  e: 2\n"
    )
    assert case.covers(TAG, "a", "b")
    assert case.covers(TAG, "a", "b", "d", 1)
    assert not case.covers(TAG, "a", "e")
    assert not case.covers(TAG, "a")


def test_own_line_at_the_first_entry_does_not_cover_the_mapping() -> None:
    case = Case("a:\n  # ekslint: ignore[floating-image-tag]\n  b: 1\n  c: 2\n")
    assert case.covers(TAG, "a", "b")
    assert not case.covers(TAG, "a", "c")


def test_own_line_inside_a_lone_dash_covers_the_first_entry_only() -> None:
    case = Case("-\n  # ekslint: ignore[floating-image-tag]\n  a: 1\n  b: 2\n")
    assert case.covers(TAG, 0, "a")
    assert not case.covers(TAG, 0, "b")


@pytest.mark.parametrize(
    "text",
    [
        "a:\n# ekslint: ignore[floating-image-tag]\n  b: 1\n",
        "a:\n    # ekslint: ignore[floating-image-tag]\n  b: 1\n",
        "a:\n  b: 1\n  # ekslint: ignore[floating-image-tag]\n",
        "a:\n  b: 1\n# ekslint: ignore[floating-image-tag]",
    ],
)
def test_own_line_at_another_indentation_covers_nothing_and_says_so(text: str) -> None:
    case = Case(text)
    assert not case.covers(TAG, "a", "b")
    [finding] = case.findings()
    assert finding.kind == "unused-ignore"
    assert "indentation" in finding.message


def test_own_line_above_nested_sequences() -> None:
    case = Case("a:\n# ekslint: ignore[floating-image-tag]\n- - b: 1\n  - c\n- d\n")
    assert case.covers(TAG, "a", 0, 0, "b")
    assert case.covers(TAG, "a", 0, 1)
    assert not case.covers(TAG, "a", 1)


def test_own_line_above_the_inner_of_nested_sequences() -> None:
    case = Case("- - a\n  # ekslint: ignore[floating-image-tag]\n  - b\n  - c\n")
    assert case.covers(TAG, 0, 1)
    assert not case.covers(TAG, 0, 0)
    assert not case.covers(TAG, 0, 2)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("key:\n  # ekslint: ignore[floating-image-tag]\n  value\n", ("key",)),
        ("key:\n  # ekslint: ignore[floating-image-tag]\n  [a,\n   b]\n", ("key", 1)),
        ("# ekslint: ignore[floating-image-tag]\n? key\n: value\n", ("key",)),
        ("# ekslint: ignore[floating-image-tag]\n{a: 1,\n b: 2}\n", ("b",)),
        ("# ekslint: ignore[floating-image-tag]\n---\na: 1\n", ("a",)),
        ("%YAML 1.1\n---\n# ekslint: ignore[floating-image-tag]\na: 1\n", ("a",)),
        ("# ekslint: ignore[floating-image-tag]\n&anchor a: 1\n", ("a",)),
        ("# ekslint: ignore[floating-image-tag]\n- &anchor\n  a: 1\n", (0, "a")),
        ("x: &x {a: 1}\nb:\n  # ekslint: ignore[floating-image-tag]\n  <<: *x\n", ("b", "a")),
        ("x: &x {a: 1}\n# ekslint: ignore[floating-image-tag]\nb: *x\n", ("b", "a")),
        ("# ekslint: ignore[floating-image-tag]\na: |\n  text\n  # no\n", ("a",)),
        ("a: [\n\t# ekslint: ignore[floating-image-tag]\n\t{b: 1},\n\t{b: 2}]\n", ("a", 0, "b")),
    ],
)
def test_own_line_above_every_kind_of_node(text: str, path: tuple[str | int, ...]) -> None:
    case = Case(text)
    assert case.covers(TAG, *path)
    assert case.told() == []


def test_flow_collection_has_comments_between_its_items() -> None:
    case = Case(
        "a: {\n"
        "  # ekslint: ignore[floating-image-tag]\n"
        "  b: 1, c: 2,\n"
        "  d: 3 # ekslint: ignore[floating-image-tag]\n"
        "}\n"
        "e: [ # ekslint: ignore[floating-image-tag]\n"
        "  1]\n"
    )
    assert case.covers(TAG, "a", "b")
    assert not case.covers(TAG, "a", "c")
    assert case.covers(TAG, "a", "d")
    assert not case.covers(TAG, "e", 0)
    assert case.covers(TAG, "e")


def test_two_comments_in_a_row_cover_the_same_node() -> None:
    case = Case("# ekslint: ignore[floating-image-tag]\n# ekslint: ignore[privileged-container]\na: 1\n")
    assert case.covers(TAG, "a")
    assert case.covers(PRIVILEGED, "a")
    assert case.told() == []


def test_nested_own_lines_both_count() -> None:
    case = Case("# ekslint: ignore[floating-image-tag]\na:\n  # ekslint: ignore[floating-image-tag]\n  b: 1\n  c: 2\n")
    assert case.covers(TAG, "a", "b")
    assert case.covers(TAG, "a", "c")
    assert not Case("a: 1\n").covers(TAG, "a")
    assert case.told() == []


def test_two_ignores_in_one_comment() -> None:
    case = Case(
        "image: x # ekslint: ignore[floating-image-tag] -- mirrored # ekslint: ignore[privileged-container] -- agent\n"
    )
    assert case.covers(TAG, "image")
    assert case.covers(PRIVILEGED, "image")
    assert case.told(require_reason=True) == []


def test_behind_another_comment() -> None:
    case = Case(
        "image: x # as always # ekslint: ignore[floating-image-tag]\n# why # ekslint: ignore[single-node-group]\nb: 1\n"
    )
    assert case.covers(TAG, "image")
    assert case.covers(GROUP, "b")


def test_ignore_file_counts_everywhere_in_its_file_only() -> None:
    case = Case("a: 1\n---\nb: 2\n# ekslint: ignore-file[floating-image-tag, single-node-group] -- vendored chart")
    assert case.covers(TAG, "a")
    assert case.covers(GROUP, "b", document=1)
    assert not case.covers(PRIVILEGED, "a")
    other = Case("a: 1\n", file="apps/other.yaml").documents[0]
    assert not case.suppressions.covers(TAG, other.locate(("a",)), other, ("a",))


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks(line_break: str) -> None:
    text = (
        "a:\n  # ekslint: ignore[floating-image-tag] until=2027-01-01 -- why\n  b: 1\n\n"
        "  c: 2\t# ekslint: ignore[single-node-group]\n"
    )
    case = Case(text.replace("\n", line_break))
    assert case.covers(TAG, "a", "b")
    assert not case.covers(TAG, "a", "c")
    assert case.covers(GROUP, "a", "c")
    assert case.told(require_reason=True) == ["5:19 ignore-without-reason"]


def test_comment_at_the_end_without_line_break() -> None:
    case = Case("a: 1\nb: 2 # ekslint: ignore[floating-image-tag]")
    assert case.covers(TAG, "b")


def test_unicode_before_and_in_the_comment() -> None:
    case = Case(
        "name: 'größe 😀'  # ekslint: ignore[floating-image-tag] -- für später, 理由\nnext: 1 # ekslint: ignore[nö]\n"
    )
    assert case.covers(TAG, "name")
    assert case.told() == ["2:27 unknown-ignore"]


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n  # ekslint: ignore[floating-image-tag]\n  text # ekslint: ignore[floating-image-tag]\nb: 1\n",
        "a: >-\n\n  text\n\n  # ekslint: ignore-file[floating-image-tag]\n\nb: 1\n",
        "a: 'text\n  # ekslint: ignore-file[floating-image-tag]\n  more'\nb: 1\n",
        'a: "text # ekslint: ignore-file[floating-image-tag]"\nb: 1\n',
        '"# ekslint: ignore-file[floating-image-tag]": 1\nb: 1\n',
        "a: &x !!str 'text # ekslint: ignore-file[floating-image-tag]'\nb: 1\n",
        "a: [ 'text # ekslint: ignore-file[floating-image-tag]' ]\nb: 1\n",
        "a: x#ekslint:ignore-file[floating-image-tag]\nb: 1\n",
        "a: http://x/#ekslint:ignore-file[floating-image-tag]\nb: 1\n",
        "a: !Sub |\n  # ekslint: ignore-file[floating-image-tag]\nb: 1\n",
        json.dumps({"a": "x # ekslint: ignore-file[floating-image-tag]", "b": 1}),
        # libyaml refuses this one, so that it is read as JSON.
        json.dumps({"a": "\U0001f600 # ekslint: ignore-file[floating-image-tag]", "b": 1}),
    ],
)
def test_text_inside_of_scalars_is_no_comment(text: str) -> None:
    case = Case(text)
    assert case.documents[0].root is not None
    assert not case.covers(TAG, "b")
    assert not case.covers(TAG, "a")
    assert case.told() == []


def test_a_scalar_of_a_whole_document_is_no_comment() -> None:
    case = Case("--- |\n  # ekslint: ignore-file[floating-image-tag]\n---\na: 1\n")
    assert not case.covers(TAG, "a", document=1)
    assert case.told() == []


def test_comment_behind_a_block_scalar_is_one() -> None:
    case = Case("a: |\n  text\n# ekslint: ignore[floating-image-tag]\nb: 1\n")
    assert case.covers(TAG, "b")


def test_comment_on_the_line_of_the_block_indicator_covers_the_block() -> None:
    case = Case("a: |  # ekslint: ignore[floating-image-tag]\n  first\n  label=x\nb: label=x\n")
    document = case.documents[0]
    inside = document.locate(("a",), find="label=x")
    assert inside.line == 3
    assert case.suppressions.covers(TAG, inside, document, ("a",))
    assert case.covers(TAG, "a")
    assert not case.covers(TAG, "b")


@pytest.mark.parametrize("scalar", ["'one\n  two'", '"one\n  two"', "one\n  two"])
def test_comment_behind_a_scalar_of_several_lines_covers_its_first_line(scalar: str) -> None:
    # The finding is shown on the first line, where no comment fits.
    case = Case(f"a: {scalar} # ekslint: ignore[floating-image-tag]\nb: 1\n")
    assert case.covers(TAG, "a")
    assert not case.covers(TAG, "b")


def test_broken_document_beside_a_good_one() -> None:
    case = Case(
        "a: 1 # ekslint: ignore[floating-image-tag]\n"
        "---\n"
        "b: [ # ekslint: ignore[no-such-rule]\n"
        "---\n"
        "# ekslint: ignore[privileged-container]\n"
        "c: 1\n"
        "d: 2 # ekslint: ignore[single-node-group]\n"
    )
    assert case.documents[1].root is None
    assert case.covers(TAG, "a")
    assert case.covers(PRIVILEGED, "c", document=2)
    assert not case.covers(PRIVILEGED, "d", document=2)
    # What stands in the broken document may be a comment or not: nothing is said of it.
    assert case.told() == ["7:24 unused-ignore"]


def test_syntax_error_itself_can_be_ignored_for_the_file() -> None:
    case = Case("# ekslint: ignore-file[syntax-error] -- a template\na: {{ x }\nb: ][\n")
    document = case.documents[0]
    problem = document.problems[-1]
    assert problem.kind == "syntax-error"
    location = document.source.location(problem.start, problem.end)
    assert case.suppressions.covers("syntax-error", location, document, ())


def test_text_without_the_word_is_not_looked_at() -> None:
    assert Case("a: 1 # ignore[floating-image-tag]\n").told() == []


@pytest.mark.parametrize(
    "text", ["", "# ekslint: ignore-file[floating-image-tag]\n", "---\n# ekslint: ignore-file[nope]\n"]
)
def test_files_without_content(text: str) -> None:
    Case(text).told()


def test_hostile_numbers_of_comments() -> None:
    many = 20_000
    stacked = "# ekslint: ignore[floating-image-tag]\n" * many + "a: 1\n"
    case = Case(stacked)
    assert case.covers(TAG, "a")
    assert case.told() == []
    one_line = "a: 1 " + "# ekslint: ignore[nope] " * many
    assert len(Case(one_line).told()) == many


_FRAGMENTS = st.sampled_from(
    [
        *(
            "# ekslint: ignore[floating-image-tag]",
            "# ekslint: ignore-file[nope",
            "# ekslint ignore",
            "until=2026-01-01",
        ),
        *("a: ", "- ", "? ", "{", "}", "[", "]", ",", "'", '"', "|", ">-", "&x ", "*x", "<<: ", "!Sub ", "---", "..."),
        *("\n", "\r\n", "\r", "  ", "\t", " ", "#", "\x85", "\u2028", "\x00", "é", "metadata: ", "annotations: "),
        *("ekslint/ignore: ", "Metadata: ", "ekslint: ", "ignore: ", "no-such-rule; x -- y", "%YAML 1.1"),
    ]
)


@given(st.lists(_FRAGMENTS, max_size=30).map("".join))
def test_whatever_the_text_nothing_is_raised(text: str) -> None:
    case = Case(text)
    for finding in [*case.findings(require_reason=True), *(f for d in case.documents for f in findings_of(d))]:
        line_start, line_end = case.documents[0].source.line_span(finding.location.line)
        assert 1 <= finding.location.column <= finding.location.end_column <= line_end - line_start + 1
        case.suppressions.covers(finding.kind, finding.location, finding.document, finding.path)
