"""Ignores in annotations and in CloudFormation metadata: what survives rendering."""

import json

import pytest
from suppression_cases import AS_OF, RULES, Case, of

from ekslint.source.scalars import string

TAG, PRIVILEGED, PROBE, GROUP = RULES

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  annotations:
    ekslint/ignore: {value}
spec:
  replicas: 1
  template:
    spec:
      containers:
        - image: nginx
---
kind: Service
metadata: {{name: api}}
"""


def test_annotation_covers_the_whole_object_and_no_other() -> None:
    case = Case(DEPLOYMENT.format(value='"floating-image-tag until=2026-12-31 -- eBPF agent; single-node-group"'))
    assert case.covers(TAG, "spec", "template", "spec", "containers", 0, "image")
    assert case.covers(GROUP, "spec", "replicas")
    assert case.covers(GROUP)
    assert not case.covers(PRIVILEGED, "spec")
    assert not case.covers(TAG, "metadata", "name", document=1)
    assert case.told() == []


def test_annotation_of_a_pod_template_covers_the_template() -> None:
    case = Case(
        "kind: CronJob\n"
        "spec:\n"
        "  schedule: x\n"
        "  jobTemplate:\n"
        "    spec:\n"
        "      template:\n"
        "        metadata:\n"
        "          annotations: {ekslint/ignore: privileged-container}\n"
        "        spec: {containers: [{name: a}]}\n"
    )
    template = ("spec", "jobTemplate", "spec", "template")
    assert case.covers(PRIVILEGED, *template, "spec", "containers", 0)
    assert case.covers(PRIVILEGED, *template)
    assert not case.covers(PRIVILEGED, "spec", "schedule")


def test_annotation_of_an_item_of_a_list() -> None:
    case = Case(
        "kind: List\n"
        "items:\n"
        "- metadata: {annotations: {ekslint/ignore: floating-image-tag}}\n"
        "  spec: {image: a}\n"
        "- spec: {image: b}\n"
    )
    assert case.covers(TAG, "items", 0, "spec", "image")
    assert not case.covers(TAG, "items", 1, "spec", "image")


def test_annotation_in_json() -> None:
    manifest = {"metadata": {"annotations": {"ekslint/ignore": "floating-image-tag, single-node-group"}}, "spec": {}}
    case = Case(json.dumps(manifest, indent=2), file="apps/api.json")
    assert case.covers(TAG, "spec")
    assert case.told() == ["4:46 unused-ignore"]


def test_annotation_through_aliases() -> None:
    case = Case(
        "kind: List\n"
        "items:\n"
        "- metadata: &m {annotations: {ekslint/ignore: floating-image-tag}}\n"
        "  image: a\n"
        "- metadata: *m\n"
        "  image: b\n"
    )
    assert case.covers(TAG, "items", 0, "image")
    assert case.covers(TAG, "items", 1, "image")


def test_annotation_over_several_lines_shows_the_line_of_the_name() -> None:
    case = Case(
        "metadata:\n"
        "  annotations:\n"
        "    ekslint/ignore: |\n"
        "      floating-image-tag -- mirrored\n"
        "      no-such-rule -- typo\n"
        "      privileged-container -- agent\n"
    )
    assert case.covers(TAG, "metadata")
    assert case.told() == ["5:7 unknown-ignore", "6:7 unused-ignore"]


def test_annotation_with_escapes_still_has_a_place() -> None:
    case = Case('metadata:\n  annotations:\n    ekslint/ignore: "no-\\u0073uch-rule -- typ\\u006f; also-not"\n')
    assert case.told() == ["3:21 unknown-ignore", "3:21 unknown-ignore"]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("[floating-image-tag]", "6:5"),
        ("7", "6:21"),
        ('""', None),
        ('"-- why"', "6:22"),
        ('"floating-image-tag single-node-group"', "6:22"),
        ('"floating-image-tag until=tomorrow"', "6:47"),
        ('"floating-image-tag until 2027-01-01"', "6:22"),
        ('"floating-image-tag -- why until=2027-01-01"', "6:22"),
        ('"{{ .Values.ignore }}"', None),
        ('"${IGNORE}"', None),
    ],
)
def test_annotations_that_cannot_be_understood(value: str, place: str | None) -> None:
    case = Case(DEPLOYMENT.format(value=value))
    assert not case.covers(TAG, "spec")
    assert case.told() == ([f"{place} unknown-ignore"] if place else [])


@pytest.mark.parametrize("key", ["ekslint.dev/ignore", "ekslint/ignores", "ekslint.io/Ignore"])
def test_annotation_of_another_name(key: str) -> None:
    case = Case(f"metadata:\n  annotations:\n    {key}: floating-image-tag\n")
    [finding] = case.findings()
    assert (finding.kind, finding.help) == ("unknown-ignore", "did you mean ekslint/ignore?")
    assert finding.location.line == 3


def test_other_annotations_are_none_of_our_business() -> None:
    case = Case("metadata:\n  annotations:\n    ekslint/owner: team-a\n    example.com/ignore: ekslint\n")
    assert case.told() == []


TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Metadata:
  ekslint:
    ignore:
      - single-node-group -- further groups are in another stack
Resources:
  Workers:
    Type: AWS::EKS::Nodegroup
    Metadata:
      ekslint:
        ignore: ["floating-image-tag, privileged-container until=2026-06-30 -- reason", missing-readiness-probe]
    Properties:
      AmiType: AL2_x86_64
  Others:
    Type: AWS::EKS::Nodegroup
"""


def test_metadata_of_a_resource_and_of_the_template() -> None:
    case = Case(TEMPLATE, file="stack.template", typing=string)
    assert case.covers(GROUP, "Resources", "Others", "Type")
    assert case.covers(TAG, "Resources", "Workers", "Properties", "AmiType")
    assert case.covers(PRIVILEGED, "Resources", "Workers")
    assert not case.covers(TAG, "Resources", "Others")
    assert case.told() == ["11:89 unused-ignore"]


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ("{ignore: floating-image-tag -- why}", []),
        ("{ignore: [floating-image-tag]}", []),
        ("{ignore: []}", []),
        ("{Ignore: [floating-image-tag]}", ["3:16 unknown-ignore"]),
        ("{ignore: [!Ref Rules]}", ["3:35 unknown-ignore"]),
        ("{ignore: [floating-image-tag], until: 2030-01-01}", ["3:16 unknown-ignore"]),
        ("floating-image-tag", ["3:16 unknown-ignore"]),
    ],
)
def test_forms_of_metadata(metadata: str, told: list[str]) -> None:
    case = Case(f"Resources:\n  Workers:\n    Metadata: {{ekslint: {metadata}}}\n", typing=string)
    case.covers(TAG, "Resources", "Workers")
    assert [each for each in case.told() if "unused" not in each] == told


def test_alias_bomb_ends() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    case = Case(f"l0: &l0 {{ekslint: 1}}\n{levels}")
    assert not case.covers(TAG, "l0")


def test_empty_estate() -> None:
    assert of({}, as_of=AS_OF).findings(RULES) == []
