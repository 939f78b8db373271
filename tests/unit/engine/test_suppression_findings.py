"""What is wrong with an ignore: unknown, unused, expired, without a reason."""

from datetime import date

import pytest
from suppression_cases import RULES, Case

from ekslint.engine.input_findings import INPUT_FINDINGS, NEVER_IGNORED, InputFinding, findings_of
from ekslint.engine.severity import Severity
from ekslint.model.reading import Source

TAG, PRIVILEGED, PROBE, GROUP = RULES


def only(case: Case) -> InputFinding:
    [finding] = case.findings()
    return finding


def test_unknown_name_with_the_one_that_was_meant() -> None:
    finding = only(Case("a: 1 # ekslint: ignore[privilege-container]\n"))
    assert finding.kind == "unknown-ignore"
    assert finding.message == "privilege-container cannot be ignored here: there is no such rule"
    assert finding.help == "did you mean privileged-container?"
    assert (finding.location.line, finding.location.column, finding.location.end_column) == (1, 24, 43)


def test_known_names_beside_an_unknown_one_count() -> None:
    case = Case("a: 1 # ekslint: ignore[floating-image-tag, nope, nada] -- why\n")
    assert case.covers(TAG, "a")
    assert only(case).message == "nope and nada cannot be ignored here: there is no such rule"


def test_category_is_no_rule() -> None:
    finding = only(Case("a: 1 # ekslint: ignore[security]\n"))
    assert finding.help == "security is a category: name the rules that are meant"


@pytest.mark.parametrize("name", sorted(NEVER_IGNORED))
def test_findings_about_ignores_cannot_be_ignored(name: str) -> None:
    case = Case(f"a: 1 # ekslint: ignore[{name}]\n")
    assert not case.covers(name, "a")
    assert only(case).message == f"{name} cannot be ignored in a file"


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("ignore", "no ignore for everything"),
        ("ignore-file", "no ignore for everything"),
        ("ignore floating-image-tag", "no ignore for everything"),
        ("ignore: floating-image-tag", "no ignore for everything"),
        ("ignore=floating-image-tag", "no ignore for everything"),
        ("ignore(floating-image-tag)", "no ignore for everything"),
        ("ignore[floating-image-tag", "no ignore for everything"),
        ("ignore[]", "names no rule"),
        ("ignore[ , ]", "names no rule"),
        ("ignore[floating-image-tag single-node-group]", "between commas"),
        ("disable[floating-image-tag]", "not a directive"),
        ("ignores[floating-image-tag]", "not a directive"),
        ("ignore_file[floating-image-tag]", "not a directive"),
        ("ignore-next-line[floating-image-tag]", "not a directive"),
        ("noqa", "not a directive"),
        ("ignore[floating-image-tag] mirrored nightly", "not understood"),
        ("ignore[floating-image-tag] until 2027-01-01", "not understood"),
        ("ignore[floating-image-tag] until=2027-13-01 -- why", "not a day"),
        ("ignore[floating-image-tag] until=20270101", "not a day"),
        ("ignore[floating-image-tag] until=2027-W01-1", "not a day"),
        ("ignore[floating-image-tag] until= -- why", "not a day"),
        ("ignore[floating-image-tag] -- why until=2027-01-01", "behind the reason"),
    ],
)
def test_malformed_ignores_cover_nothing_and_are_told(comment: str, words: str) -> None:
    case = Case(f"a: 1 # ekslint: {comment}\n")
    assert not case.covers(TAG, "a")
    finding = only(case)
    assert finding.kind == "unknown-ignore"
    assert words in finding.message
    assert finding.help
    assert finding.location.line == 1


@pytest.mark.parametrize("comment", ["# ekslint ignore[floating-image-tag]", "#ekslint-ignore[floating-image-tag]"])
def test_missing_colon(comment: str) -> None:
    case = Case(f"a: 1 {comment}\n")
    assert not case.covers(TAG, "a")
    assert "colon" in only(case).message


@pytest.mark.parametrize(
    "comment", ["# ekslint: see the manual", "# ekslint is run in CI", "# ekslint:", "# ekslint: 1"]
)
def test_remarks_are_no_ignores(comment: str) -> None:
    assert Case(f"a: 1 {comment}\n").told() == []


@pytest.mark.parametrize(
    "comment",
    [
        "# ekslint: ignore[floating-image-tag]",
        "#ekslint:ignore[floating-image-tag]",
        "## ekslint : ignore [ floating-image-tag , ]",
        "# ekslint: ignore[floating-image-tag]--why",
        "# ekslint: ignore[floating-image-tag] until=2026-06-30",
        "# ekslint: ignore[floating-image-tag] until=2026-06-30--why",
        "# ekslint: ignore[floating-image-tag] -- a; b, [c] # d -- e",
        "# ekslint: ignore[floating-image-tag] # another remark",
        "# ekslint: ignore[floating-image-tag,floating-image-tag]",
    ],
)
def test_forms_that_count(comment: str) -> None:
    case = Case(f"a: 1 {comment}\n")
    assert case.covers(TAG, "a")
    assert case.told() == []


def test_unused() -> None:
    case = Case("a: 1 # ekslint: ignore[floating-image-tag, single-node-group]\nb: 2\n")
    assert case.covers(TAG, "a")
    finding = only(case)
    assert (finding.kind, finding.message) == ("unused-ignore", "no finding of single-node-group is ignored here")
    assert finding.location.column == 44


def test_unused_is_not_said_of_rules_that_did_not_run() -> None:
    case = Case("a: 1 # ekslint: ignore[floating-image-tag, single-node-group]\n")
    assert case.told(enabled=[GROUP]) == ["1:44 unused-ignore"]
    assert case.told(enabled=[]) == []


def test_expired_shows_the_finding_again() -> None:
    text = "a: 1 # ekslint: ignore[floating-image-tag] until=2026-06-30 -- mirrored nightly\n"
    on_the_day = Case(text, as_of=date(2026, 6, 30))
    assert on_the_day.covers(TAG, "a")
    assert on_the_day.told() == []
    a_day_late = Case(text, as_of=date(2026, 7, 1))
    assert not a_day_late.covers(TAG, "a")
    finding = only(a_day_late)
    assert (finding.kind, finding.message) == (
        "expired-ignore",
        "the ignore of floating-image-tag expired on 2026-06-30",
    )


def test_expired_and_unused_is_unused() -> None:
    case = Case("a: 1 # ekslint: ignore[floating-image-tag] until=2020-01-01\n")
    assert case.told() == ["1:24 unused-ignore"]


def test_expired_beside_one_that_counts() -> None:
    case = Case(
        "# ekslint: ignore[floating-image-tag] until=2020-01-01\na: 1 # ekslint: ignore[floating-image-tag] -- why\n"
    )
    assert case.covers(TAG, "a")
    assert case.told() == ["1:19 expired-ignore"]


def test_reason_is_required_where_the_configuration_says_so() -> None:
    case = Case("a: 1 # ekslint: ignore[floating-image-tag]\nb: 1 # ekslint: ignore[floating-image-tag] -- \n")
    assert case.covers(TAG, "a")
    assert case.covers(TAG, "b")
    assert case.told() == []
    assert case.told(require_reason=True) == ["1:17 ignore-without-reason", "2:17 ignore-without-reason"]


def test_input_findings_can_be_ignored() -> None:
    case = Case("a: 1\na: 2 # ekslint: ignore[duplicate-key] -- generated\n")
    [finding] = findings_of(case.documents[0])
    assert case.suppressions.covers(finding.kind, finding.location, finding.document, finding.path)
    assert case.told(enabled=INPUT_FINDINGS) == []


def test_annotation_covers_what_the_parser_says_of_its_object() -> None:
    case = Case(
        "kind: List\n"
        "items:\n"
        "- metadata: {annotations: {ekslint/ignore: duplicate-key}}\n"
        "  spec:\n"
        "    b: 1\n"
        "    b: 2\n"
        "- c: 1\n"
        "  c: 2\n"
    )
    first, second = findings_of(case.documents[0])
    assert (first.path, second.path) == (("items", 0, "spec", "b"), ("items", 1, "c"))
    covers = case.suppressions.covers
    assert covers(first.kind, first.location, first.document, first.path)
    assert not covers(second.kind, second.location, second.document, second.path)


def test_finding_without_document() -> None:
    case = Case("a: 1 # ekslint: ignore-file[unreadable-file]\n")
    location = case.documents[0].locate(())
    assert case.suppressions.covers("unreadable-file", location, None, ())
    assert not case.suppressions.covers("unreadable-file", location._replace(path="elsewhere.yaml"), None, ())


def test_findings_are_sorted_by_place() -> None:
    case = Case(
        "# ekslint: ignore[nope]\nmetadata:\n  annotations: {ekslint/ignore: nada}\nb: 1 # ekslint: ignore[none]\n"
    )
    assert case.told() == ["1:19 unknown-ignore", "3:33 unknown-ignore", "4:24 unknown-ignore"]


def test_settled_finding_takes_the_configured_severity() -> None:
    finding = only(Case("a: 1 # ekslint: ignore[nope]\n"))
    assert finding.settled().severity is Severity.WARNING
    diagnostic = finding.settled(Severity.ERROR)
    assert (diagnostic.severity, diagnostic.rule, diagnostic.category) == (Severity.ERROR, "unknown-ignore", "input")
    assert diagnostic.fingerprint == finding.settled().fingerprint


def test_what_a_loader_says_stands_at_its_source() -> None:
    document = Case("a:\n  b: yes\n").documents[0]
    finding = InputFinding.at_source("unquoted-string", Source(document, ("a", "b")), "yes is read as true")
    assert (finding.location.line, finding.location.column) == (2, 6)
    assert finding.settled().severity is Severity.ERROR


def test_every_input_finding_is_documented_like_a_rule() -> None:
    for name, description in INPUT_FINDINGS.items():
        assert description.name == name
        assert description.category == "input"
        assert description.summary.endswith(".")
        assert description.summary[0].isupper()
        assert "## Why is this bad?" in description.documentation
        assert "## How to fix" in description.documentation
        assert not any(line.startswith(" ") for line in description.documentation.splitlines())
    assert list(INPUT_FINDINGS) == sorted(INPUT_FINDINGS)
    assert not NEVER_IGNORED - set(INPUT_FINDINGS)


@pytest.mark.parametrize(
    "text", ["a: {b: [", "a: *x\n", "? [a]\n: 1\n", "a: 1\na: 2\n", "[" * 300, "a: \x00\n", "<<: 1\n"]
)
def test_every_kind_that_the_parser_knows_is_in_the_table(text: str) -> None:
    found = [finding for document in Case(text).documents for finding in findings_of(document)]
    assert found
    assert {finding.kind for finding in found} <= set(INPUT_FINDINGS)
