"""The report for programs."""

import json
from pathlib import Path

import jsonschema
import pytest
from report_golden import GOLDEN, Golden, rendered
from report_hostile import hostile_outcome, obeyed_commands, unprintable
from report_samples import outcome, realistic

from ekslint.engine.diagnostic import Outcome
from ekslint.report import ReportSettings

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text(encoding="utf-8"))

PLACE = ["path", "line", "column", "end_line", "end_column"]


def test_golden(golden: Golden) -> None:
    golden(GOLDEN / "report.json", rendered("json", realistic(), ReportSettings()))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("run", [realistic(), hostile_outcome(), outcome(), outcome(linted=0)])
@pytest.mark.parametrize("unicode", [True, False])
def test_reports_conform_to_the_published_schema(run: Outcome, unicode: bool) -> None:
    text = rendered("json", run, ReportSettings(unicode=unicode))
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))
    assert text.endswith("\n")
    assert unicode or text.isascii()


def test_the_schema_rejects_what_the_report_never_says() -> None:
    document = json.loads(rendered("json", realistic(), ReportSettings()))
    document["findings"][0]["severity"] = "critical"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_keys_come_in_the_order_of_the_contract() -> None:
    document = json.loads(rendered("json", realistic(), ReportSettings()))
    assert list(document) == ["schema", "findings", "summary"]
    names = ["rule", "category", "severity", "message", *PLACE, "resource", "cluster", "help", "related", "fingerprint"]
    assert [list(each) for each in document["findings"]] == [names] * len(realistic().diagnostics)
    assert list(document["findings"][1]["related"][0]) == [*PLACE, "label"]
    assert list(document["summary"]) == ["files", "errors", "warnings", "infos", "undecided", "seconds"]
    finding = SCHEMA["$defs"]["finding"]
    assert finding["required"] == list(finding["properties"]) == names


def test_values_arrive_as_they_are() -> None:
    document = json.loads(rendered("json", realistic(), ReportSettings()))
    for written, diagnostic in zip(document["findings"], realistic().diagnostics, strict=True):
        assert written["message"] == diagnostic.message
        assert written["cluster"] == diagnostic.cluster
        assert written["help"] == diagnostic.help
        assert [written[key] for key in PLACE] == list(diagnostic.location)
        assert [[each[key] for key in PLACE] for each in written["related"]] == [
            list(each.location) for each in diagnostic.related
        ]
    assert document["summary"] == {
        "files": 214,
        "errors": 2,
        "warnings": 3,
        "infos": 1,
        "undecided": 1,
        "seconds": 0.615,
    }


def test_hostile_text_is_escaped_and_not_lost() -> None:
    text = rendered("json", hostile_outcome(), ReportSettings(github_actions=True))
    assert unprintable(text) == set()
    assert obeyed_commands(text) == []
    text.encode()
    messages = [each["message"] for each in json.loads(text)["findings"]]
    assert messages == [each.message for each in hostile_outcome().diagnostics]


def test_colors_and_width_change_nothing() -> None:
    assert rendered("json", realistic(), ReportSettings(color=True, width=40, quiet=True)) == rendered(
        "json", realistic(), ReportSettings()
    )
