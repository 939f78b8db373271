"""The schema walker: what it finds, what it stays silent about, how much of a hostile text it looks at."""

import json
from collections import Counter

import pytest

from ekslint.facts import eksctl_fields
from ekslint.facts.eksctl_fields import ANYTHING, SCALARS, TABLE
from ekslint.model.schema import SchemaProblemKind, dotted, known_fields, schema_problems
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

UNKNOWN, MISSING, VALUE = SchemaProblemKind.UNKNOWN, SchemaProblemKind.MISSING, SchemaProblemKind.VALUE
COMPLETE = {
    "apiVersion": "eksctl.io/v1alpha5",
    "kind": "ClusterConfig",
    "metadata": {"name": "shop", "region": "eu-west-1"},
}


def problems(body, **options):
    return list(schema_problems({**COMPLETE, **body}, TABLE, **options))


def told(body):
    return [(problem.kind, dotted(problem.path), problem.suggestion) for problem in problems(body)]


def test_what_is_complete_has_no_problems():
    assert problems({"managedNodeGroups": [{"name": "general", "volumeType": "gp3", "labels": {"any": "thing"}}]}) == []


def test_unknown_fields_with_what_was_meant():
    assert told({"nodegroups": []}) == [(UNKNOWN, "nodegroups", "nodeGroups")]
    assert told({"vpc": {"nat": {"gatewy": "Single"}}}) == [(UNKNOWN, "vpc.nat.gatewy", "gateway")]
    assert told({"managedNodeGroups": [{"name": "a"}, {"name": "b", "zzz": 1}]}) == [
        (UNKNOWN, "managedNodeGroups[1].zzz", None)
    ]


def test_a_field_that_is_there_already_is_no_suggestion():
    [problem] = problems({"managedNodeGroups": [{"name": "a", "minSize": 1, "minsize": 1}]})
    assert problem.suggestion == "minSize"
    [problem] = problems({"managedNodeGroups": [{"name": "a", "instanceType": "m5.large", "instanceTyp": []}]})
    assert problem.suggestion == "instanceTypes"


@pytest.mark.parametrize(
    "metadata", [{"region": "eu-west-1"}, {"region": "eu-west-1", "name": ""}, {"region": "eu-west-1", "name": None}]
)
def test_missing_fields(metadata):
    [problem] = problems({"metadata": metadata})
    assert (problem.kind, problem.path, problem.type) == (MISSING, ("metadata", "name"), "ClusterMeta")
    assert problem.message == "metadata lacks the field name"


def test_a_misspelt_field_is_not_missing_too():
    assert told({"metadata": {"Name": "shop", "region": "eu-west-1"}}) == [(UNKNOWN, "metadata.Name", "name")]


def test_values_outside_of_an_enum():
    [problem] = problems({"upgradePolicy": {"supportType": "STANDARDS"}})
    assert (problem.kind, problem.path, problem.suggestion) == (VALUE, ("upgradePolicy", "supportType"), "STANDARD")
    assert problem.message == "upgradePolicy.supportType is STANDARDS, but can only be STANDARD or EXTENDED"
    assert problems({"upgradePolicy": {"supportType": ""}}) == []


def test_a_document_of_nothing():
    assert [problem.message for problem in schema_problems({}, TABLE)] == [
        "the ClusterConfig lacks the field apiVersion",
        "the ClusterConfig lacks the field kind",
        "the ClusterConfig lacks the field metadata",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"${EXTRA}": 1},
        {"{{ extra }}": 1},
        {"metadata": {"${KEY}": "shop"}},
        {"metadata": "${METADATA}"},
        {"managedNodeGroups": "{{ groups }}"},
        {"managedNodeGroups": ["${GROUP}"]},
        {"managedNodeGroups": [{"name": "${NAME}", "volumeType": "${TYPE}"}]},
    ],
)
def test_placeholders_are_silent(body):
    assert problems(body) == []


@pytest.mark.parametrize("wrong", [5, True, "text", ["list"], {"a": "map"}, [[{"zzz": 1}]], None])
def test_wrong_types_are_told_by_the_loaders(wrong):
    for field in ("managedNodeGroups", "vpc", "availabilityZones", "metadata"):
        assert all(problem.kind is not MISSING or field == "metadata" for problem in problems({field: wrong}))


def test_several_forms_of_a_value():
    assert told({"nodeGroups": [{"name": "a", "taints": [{"key": "a", "efect": "NoSchedule"}]}]}) == [
        (UNKNOWN, "nodeGroups[0].taints[0].efect", "effect")
    ]
    assert problems({"nodeGroups": [{"name": "a", "taints": {"anything": "goes:NoSchedule"}}]}) == []


def test_free_form_sections_and_types_that_ignore_what_they_do_not_know():
    body = {
        "nodeGroups": [{"name": "a", "kubeletExtraConfig": {"zzz": {"yyy": 1}}}],
        "vpc": {"subnets": {"private": {"eu-west-1a": {"zzz": 1}}}},
    }
    assert problems(body) == []


def test_what_is_shared_is_judged_once():
    shared = {"name": "a", "zzz": 1}
    assert told({"managedNodeGroups": [shared, shared, shared]}) == [(UNKNOWN, "managedNodeGroups[0].zzz", None)]


def test_a_walk_has_an_end():
    groups = [{"name": str(number), "zzz": 1} for number in range(1000)]
    assert len(problems({"managedNodeGroups": groups})) == 1000
    assert len(problems({"managedNodeGroups": groups}, budget=1100)) < 100
    shared = [{"namespace": "a"} for _ in range(1000)]
    assert problems({"fargateProfiles": [{"name": str(number), "selectors": shared} for number in range(1000)]}) == []


@pytest.mark.usefixtures("aliases_without_limit")
def test_an_alias_bomb():
    lines = ["apiVersion: eksctl.io/v1alpha5", "kind: ClusterConfig", "a0: &a0 [{zzz: 1}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    lines += ["managedNodeGroups: *a11", "vpc: {subnets: *a11}"]
    [document] = parse(SourceText("bomb.yaml", "\n".join(lines)))
    found = list(schema_problems(document.root, TABLE))
    assert Counter(problem.kind for problem in found) == {UNKNOWN: 12, MISSING: 1}


def test_ten_thousand_unknown_fields_get_a_hundred_suggestions():
    found = problems({f"nodeGroup{number}": 1 for number in range(10_000)})
    assert len(found) == 10_000
    assert sum(problem.suggestion is not None for problem in found) == 100


def test_the_fields_that_are_known():
    shared = {"key": "a", "zzz": 1}
    body = {"zzz": 1, "nodeGroups": [{"name": "a", "taints": [shared, shared]}, {"labels": {"b": "c"}}], "iam": None}
    found = [(dotted(path), value, field.name) for path, value, field in known_fields(body, TABLE)]
    assert found == [
        ("nodeGroups", body["nodeGroups"], "nodeGroups"),
        ("iam", None, "iam"),
        ("nodeGroups[0].name", "a", "name"),
        ("nodeGroups[0].taints", [shared, shared], "taints"),
        ("nodeGroups[0].taints[0].key", "a", "key"),
        ("nodeGroups[1].labels", {"b": "c"}, "labels"),
    ]
    assert len(list(known_fields(body, TABLE, budget=5))) == 2


# The same tables through another engine: what both say of real files must be the same.


def json_schema():
    definitions = {}
    for name in TABLE.type_names():
        fields = TABLE.fields_of(name)
        definitions[name] = {
            "properties": {field.name: form(field) for field in fields.values()},
            "required": [field.name for field in fields.values() if field.is_required],
            "additionalProperties": TABLE.ignores_unknown_fields(name),
        }
    return {"$ref": f"#/definitions/{eksctl_fields.ROOT}", "definitions": definitions}


def form(field):
    parts = [{"enum": list(field.allowed)}] if field.allowed else []
    for shape in field.shapes:
        if shape.type not in SCALARS | {ANYTHING}:
            of_type = {"$ref": f"#/definitions/{shape.type}"}
            wrapped = {"": of_type, "list": {"items": of_type}, "map": {"additionalProperties": of_type}}
            parts.append(wrapped[shape.container])
    return {"allOf": parts} if parts else {}


def by_json_schema(validator, root):
    found = Counter()
    for error in validator.iter_errors(root):
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            found.update((UNKNOWN, (*path, key)) for key in error.instance if key not in error.schema["properties"])
        elif error.validator == "required":
            found[MISSING, (*path, next(name for name in error.validator_value if repr(name) in error.message))] += 1
        else:
            assert error.validator == "enum"
            found[VALUE, path] += 1
    return found


def spoilt(node, budget=None):
    """A copy with an unknown field in every mapping, without the first field of some, and with spoilt words."""
    if isinstance(node, dict):
        kept = {key: spoilt(value) for key, value in node.items() if key not in ("region", "issuerURL", "keyARN")}
        return {**kept, "zzz": 1}
    if isinstance(node, list):
        return [spoilt(item) for item in node]
    return "nonsense" if node in ("gp2", "gp3", "IPv6", "HighlyAvailable", "EXTENDED", "Bottlerocket") else node


@pytest.mark.parametrize("spoil", [False, True])
def test_another_engine_says_the_same_of_real_files(shared, spoil):
    from jsonschema import Draft7Validator

    validator = Draft7Validator(json_schema())
    examples = sorted((shared / "corpus" / "eksctl-examples").glob("*.yaml"))
    assert len(examples) >= 49
    kinds = Counter()
    for path in examples:
        for document in parse(SourceText(path.name, path.read_text("utf-8"))):
            if document.root is None:
                continue
            root = json.loads(json.dumps(document.root))
            root = spoilt(root) if spoil else root
            mine = Counter((problem.kind, problem.path) for problem in schema_problems(root, TABLE))
            assert mine == by_json_schema(validator, root), path.name
            kinds.update(kind for kind, _ in mine.elements())
    assert kinds.keys() == ({UNKNOWN, MISSING, VALUE} if spoil else set())
