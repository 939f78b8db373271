"""aws-auth: YAML in a string, with the places of the file that it stands in."""

import pytest

from ekslint.model.cluster import IdentityMapping
from ekslint.model.kubernetes.configuration import ConfigMap
from unit.model.kubernetes.kubernetes_estate import read, why

AWS_AUTH = """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: aws-auth
      namespace: kube-system
    data:
      mapRoles: |  # roles
        # the nodes
        - rolearn: arn:aws:iam::111122223333:role/nodes
          username: system:node:{{EC2PrivateDNSName}}
          groups:
            - system:bootstrappers
            - system:nodes

        - rolearn: arn:aws:iam::111122223333:role/admin
          username: admin:{{SessionName}}
          groups: [system:masters]
      mapUsers: |
        - userarn: arn:aws:iam::111122223333:user/ann
"""


def test_every_line_has_its_place() -> None:
    found = read(AWS_AUTH)
    nodes, admin, ann = found.estate.of(IdentityMapping)
    assert nodes.arn == "arn:aws:iam::111122223333:role/nodes"
    assert nodes.username == "system:node:{{EC2PrivateDNSName}}"
    assert list(nodes.groups) == ["system:bootstrappers", "system:nodes"]
    assert found.line(nodes.at("arn")) == "9 arn:aws:iam::111122223333:role/nodes"
    assert found.line(nodes.at("groups", 1)) == "13 system:nodes"
    assert found.line(nodes.at("groups")) == "11 groups"
    assert found.line(admin.at("groups", 0)) == "17 system:masters"
    assert found.line(admin.at("username")) == "16 admin:{{SessionName}}"
    assert (ann.arn, ann.groups, ann.username) == ("arn:aws:iam::111122223333:user/ann", (), None)
    assert found.line(ann.at("arn")) == "19 arn:aws:iam::111122223333:user/ann"
    assert found.line(ann.at("username")) == "19 userarn"
    assert str(ann) == "aws-auth entry for arn:aws:iam::111122223333:user/ann"
    assert ann.resource == "ConfigMap/kube-system/aws-auth/mapUsers/arn:aws:iam::111122223333:user/ann"
    assert ann.owner is found.one(ConfigMap)


def test_only_aws_auth_is_read_that_way() -> None:
    assert read(AWS_AUTH.replace("name: aws-auth", "name: other")).estate.of(IdentityMapping) == []


@pytest.mark.parametrize(
    "written",
    [
        '"- rolearn: arn:x\\n  groups: [a, b]\\n"',
        "'- {rolearn: arn:x, groups: [a, b]}'",
        "|-\n      - rolearn: arn:x\n        groups: [a, b]",
        "|2\n      - rolearn: arn:x\n        groups: [a, b]",
    ],
)
def test_whatever_its_style(written: str) -> None:
    found = read(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: aws-auth}}\ndata:\n  mapRoles: {written}\n")
    [mapping] = found.estate.of(IdentityMapping)
    assert mapping.arn == "arn:x"
    assert list(mapping.groups) == ["a", "b"]
    assert mapping.at("arn").location.line in {5, 6}


def test_in_json() -> None:
    found = read(
        {
            "auth.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "aws-auth"},\n'
            ' "data": {"mapRoles": "- rolearn: arn:x\\n  groups: [a]\\n"}}\n'
        }
    )
    [mapping] = found.estate.of(IdentityMapping)
    assert found.line(mapping.at("arn")) == "2 arn:x"


def test_with_carriage_returns() -> None:
    text = read(AWS_AUTH).texts["manifest.yaml"].replace("\n", "\r\n")
    found = read({"manifest.yaml": text})
    nodes, admin, _ = found.estate.of(IdentityMapping)
    assert nodes.at("arn").location.line == 9
    assert admin.at("groups", 0).location.line == 17
    assert admin.at("groups", 0).location.column == 16


def test_templates_in_it() -> None:
    found = read(AWS_AUTH.replace("111122223333:role/admin", "${ACCOUNT}:role/admin"))
    nodes, admin, _ = found.one(ConfigMap).identity_mappings
    assert nodes.arn is not None
    assert why(lambda: admin.arn) == "a template fills it in"
    assert list(admin.groups) == ["system:masters"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("'${MAP_ROLES}'", "a template fills it in"),
        ("|\n    ${MAP_ROLES}", "a template fills it in"),
        ("[{rolearn: arn:x}]", "it is not a string"),
        ("'text'", "it is no list of mappings"),
        ("'{rolearn: arn:x}'", "it is no list of mappings"),
    ],
)
def test_what_cannot_be_read(value: str, reason: str) -> None:
    found = read(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: aws-auth}}\ndata:\n  mapRoles: {value}\n")
    auth = found.one(ConfigMap)
    assert why(lambda: list(auth.identity_mappings)) == reason
    assert list(auth.parts) == []


def test_a_text_that_is_no_yaml() -> None:
    found = read(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth}\ndata:\n"
        "  mapRoles: |\n    - rolearn: arn:x\n    - rolearn: 'y\n"
    )
    auth = found.one(ConfigMap)
    embedded = auth.document_in("mapRoles")
    assert embedded is not None
    assert [problem.kind for problem in embedded.document.problems] == ["syntax-error"]
    assert why(lambda: list(auth.identity_mappings)) == "it is no list of mappings"


def test_a_folded_text_is_located_as_a_whole() -> None:
    found = read(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth}\ndata:\n"
        "  mapRoles: >\n    - {rolearn: arn:x,\n    username: u}\n"
    )
    [mapping] = found.estate.of(IdentityMapping)
    assert (mapping.arn, mapping.username) == ("arn:x", "u")
    assert found.line(mapping.at("username")) == "7 u"


def test_odd_items_are_passed_over() -> None:
    found = read(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth}\ndata:\n"
        "  mapRoles: |\n    - 5\n    - rolearn: [x]\n      groups: text\n    - {}\n    -\n"
    )
    odd, empty = found.one(ConfigMap).identity_mappings
    assert why(lambda: odd.arn) == "it is not a string"
    assert why(lambda: odd.groups) == "it is not a list"
    assert (empty.arn, empty.groups) == (None, ())
