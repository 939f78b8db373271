"""Placeholders that some other tool fills in: unknown, never absent, and never contagious."""

import pytest

from ekslint.model.kubernetes.manifest import Hole, Sheet
from ekslint.model.kubernetes.sheet import has_markers, is_template
from ekslint.model.kubernetes.view import View
from ekslint.model.kubernetes.workloads import Deployment
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText
from ekslint.source.tree import Map
from unit.model.kubernetes.kubernetes_estate import read, why


@pytest.mark.parametrize(
    "text",
    [
        *("${NAME}", "a-${name:-x}-b", "$NAME", "role-$CLUSTER_NAME", "{{ name }}", "{{.Values.x}}", "${AWS::Region}"),
        *(
            "<cluster-name>",
            "arn:aws:iam::<ACCOUNT_ID>:role/x",
            "<<AZ>>",
            "<your cluster's name>",
            "--cluster=<name>\n",
        ),
        *("__REGION__", "a-__NAME__-b", "--EKS_VERSION--", "@IMAGE_TAG@", "%CLUSTER_NAME%", "NAME_PLACEHOLDER"),
    ],
)
def test_placeholders(text: str) -> None:
    assert is_template(text)


@pytest.mark.parametrize(
    "text",
    [
        *("$(NAME)", "$$", "$", "$Latest", "{a}", "100$", "system:node:{{EC2PrivateDNSName}}"),
        *("{{ SessionName }}", "admin-{{AccountID}}", "", 5, None, True, ["${X}"]),
        *("<p>at <b>home</b></p>", "Jo <jo@example.com>", "<powershell>\nls\n", "1 < 2 > 0", "--BOUNDARY--\n\nls\n"),
        *("__init__", "__x__.py", "--flag", "a--b--c", "100%", "%h:%p", "%ProgramFiles%", "user@HOST", "a@b@c"),
    ],
)
def test_what_is_no_placeholder(text: object) -> None:
    assert not is_template(text)


def test_only_the_document_with_markers_is_marked() -> None:
    plain, marked = parse(SourceText("a.yaml", "a: b\n---\na: ${X}\n"))
    assert not has_markers(plain)
    assert has_markers(marked)


TEMPLATED = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec:
      replicas: ${REPLICAS}
      selector: {matchLabels: {app: api}}
      template:
        metadata:
          labels:
            app: api
            ${EXTRA}: x
        spec:
          nodeSelector: {workload: "{{ workload }}", disk: ssd}
          containers:
            - name: web
              image: api:${TAG}
              args: [a, "$VERBOSE", b]
"""


def test_what_is_known_stays_known() -> None:
    deployment = read(TEMPLATED).one(Deployment)
    pod = deployment.pod
    assert why(lambda: deployment.replicas) == "a template fills it in"
    assert deployment.unknown("spec", "replicas")
    assert pod.labels["app"] == "api"
    assert why(lambda: pod.labels["team"]) == "a template fills in further keys"
    assert why(lambda: len(pod.labels)) == "a template fills in further keys"
    assert pod.node_selector["disk"] == "ssd"
    assert "other" not in pod.node_selector
    assert why(lambda: pod.node_selector["workload"]) == "a template fills it in"
    assert pod.unknown("nodeSelector", "workload")
    assert not pod.unknown("nodeSelector", "disk")
    assert pod.unknown("labels", "team")
    assert not pod.unknown("labels", "app")
    [web] = pod.containers
    assert web.name == "web"
    assert why(lambda: web.image) == "a template fills it in"
    assert web.arguments[0] == "a"
    assert why(lambda: web.arguments[1]) == "a template fills it in"


def test_a_template_in_place_of_a_structure() -> None:
    deployment = read(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {}, template: '${T}'}\n"
    ).one(Deployment)
    assert why(lambda: deployment.pod) == "a template fills it in"
    assert list(deployment.parts) == []


def view(text: str, *holes: Hole) -> View:
    [document] = parse(SourceText("a.yaml", text))
    assert isinstance(document.root, Map)
    return View("view", Sheet(document, holes, has_markers(document)), (), document.root, resource="x")


def test_holes() -> None:
    found = view("a: {b: 1, c: [1, 2]}\nd: 1\n", Hole(("a", "b"), "patched"), Hole(("a", "new"), "added"))
    assert why(lambda: found.get("a", "b")) == "patched"
    assert why(lambda: found.get("a", "b", "deeper")) == "patched"
    assert why(lambda: found.get("a", "new")) == "added"
    assert found.get("a", "c") == [1, 2]
    assert found.get("d") == 1
    assert found.get("a")["c"] == [1, 2]
    assert why(lambda: found.get("a")["b"]) == "patched"
    assert why(lambda: found.get("a")["new"]) == "added"


def test_a_hole_for_further_items() -> None:
    found = view("a: [{name: x}]\n", Hole(("a", 1), "added"))
    items = found.get("a")
    assert items[0] == {"name": "x"}
    assert why(lambda: len(items)) == "added"
    made = found.each(("a",), lambda index, item: item["name"])
    assert made[0] == "x"
    assert why(lambda: list(made)) == "added"


@pytest.mark.usefixtures("aliases_without_limit")
def test_one_alias_does_not_make_a_read_endless() -> None:
    lines = ["a0: &a0 {x: 1, y: '${Y}'}"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 25)]
    found = view("\n".join(lines) + "\n")
    assert why(lambda: found.get("a24")) == "it stands for more than anybody wrote"
    assert found.get("a0", "x") == 1
