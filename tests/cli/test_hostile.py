"""Files of strangers: whatever is in them, the run ends, says where the trouble is, and loses nothing else."""

import errno
import os
from pathlib import Path

import pytest

from linting import Ran, ekslint, lint, write

GOOD = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1, version: "1.21"}
"""
WITNESS = "kubernetes-version-unsupported"
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"


def check(folder: Path, name: str, content: str | bytes) -> Ran:
    """Lint a hostile file beside a good one, whose finding must survive."""
    write(folder, {"good.yaml": GOOD})
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = lint(folder)
    assert ran.code == 1, ran.err
    rules = {each["rule"] for each in ran.findings}
    assert WITNESS in rules
    assert "internal-error" not in rules
    return ran


def places(ran: Ran, name: str) -> list[tuple[str, int, int]]:
    return [(each["rule"], each["line"], each["column"]) for each in ran.findings if each["path"] == name]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("bad.yaml", HEAD + "data: [1, 2\n", ("syntax-error", 5, 1)),
        ("bad.yaml", HEAD + "data:\n  a: 1\n  a: 2\n", ("duplicate-key", 6, 3)),
        ("bad.yaml", HEAD + "data: *nowhere\n", ("invalid-alias", 4, 7)),
        ("bad.yaml", HEAD + "data: &x\n  y: *x\n", ("invalid-alias", 5, 6)),
        ("bad.yaml", HEAD + "data: {? [a, b] : c}\n", ("complex-key", 4, 10)),
        ("bad.yaml", HEAD + "data: " + "[" * 100_000, ("too-deep", 4, 206)),
        (
            "bad.yaml",
            HEAD + "data:\n" + "".join("  " * depth + "- \n" for depth in range(1, 300)),
            ("too-deep", 204, 401),
        ),
        ("bad.json", '{"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": 1,}', ("syntax-error", 1, 60)),
        ("bad.yaml", HEAD.encode() + b"data: {a: caf\xe9}\n", ("invalid-encoding", 4, 14)),
        ("bad.yaml", HEAD.encode() + b"data: {a: \x00}\n", ("syntax-error", 4, 11)),
        ("bad.yaml", HEAD + "data: {a: \x1b[31m}\n", ("syntax-error", 4, 11)),
    ],
    ids=[
        *("syntax", "duplicate-key", "undefined-alias", "recursive-alias", "complex-key", "flow-depth", "block-depth"),
        *("json", "latin-1", "nul", "escape"),
    ],
)
def test_broken_text_has_a_place(
    tmp_path: Path, name: str, content: str | bytes, expected: tuple[str, int, int]
) -> None:
    assert expected in places(check(tmp_path, name, content), name)


def test_documents_fail_one_by_one(tmp_path: Path) -> None:
    one, two = GOOD.replace("shop", "one"), GOOD.replace("shop", "two")
    ran = check(tmp_path, "many.yaml", f"---\n{one}---\na: [1, 2\n---\n{two}")
    assert [place[:2] for place in places(ran, "many.yaml") if place[0] in {WITNESS, "syntax-error"}] == [
        (WITNESS, 4),
        ("syntax-error", 7),
        (WITNESS, 10),
    ]


def test_an_alias_bomb(tmp_path: Path) -> None:
    lines = ["a0: &a0 {x: lol}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 60)]
    check(tmp_path, "bomb.yaml", HEAD + "data:\n" + "".join(f"  {line}\n" for line in lines))


def test_an_alias_bomb_in_a_template(tmp_path: Path) -> None:
    lines = ["  A0: &a0 {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: x}}"]
    lines += [
        f"  A{n}: &a{n} {{Type: AWS::IAM::Role, Properties: {{Policies: [{', '.join([f'*a{n - 1}'] * 10)}]}}}}"
        for n in range(1, 40)
    ]
    check(tmp_path, "bomb.template", "Resources:\n" + "\n".join(lines) + "\n")


def test_lists_that_share_a_long_list(tmp_path: Path) -> None:
    shared = ", ".join("{namespace: x}" for _ in range(3000))
    profiles = "".join(f"  - {{name: p{n}, selectors: *s}}\n" for n in range(3000))
    check(tmp_path, "odd.yaml", f"x: &s [{shared}]\n{GOOD.replace('shop', 'other')}fargateProfiles:\n{profiles}")


def test_lists_within_lists_behind_aliases(tmp_path: Path) -> None:
    lines = ["x0: &x0 {apiVersion: v1, kind: Pod, metadata: {name: x}}"]
    lines += [
        f"x{n}: &x{n} {{apiVersion: v1, kind: List, items: [{', '.join([f'*x{n - 1}'] * 10)}]}}" for n in range(1, 12)
    ]
    check(tmp_path, "bomb.yaml", "apiVersion: v1\nkind: List\nitems: [*x11]\n" + "\n".join(lines) + "\n")
    check(tmp_path, "bomb.yaml", "\n".join(lines) + "\napiVersion: v1\nkind: List\nitems: [*x11]\n")


def test_a_scalar_of_50_megabytes(tmp_path: Path) -> None:
    check(tmp_path, "huge.yaml", HEAD + "data: {a: '" + "x" * 50_000_000 + "'}\n")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    write(tmp_path, {"good.yaml": GOOD})
    ran = lint(tmp_path)
    assert places(ran, "huge.yaml") == [("too-large", 1, 1)]
    assert WITNESS in {each["rule"] for each in ran.findings}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    write(tmp_path, {"good.yaml": GOOD})
    assert lint(tmp_path).code == 1
    assert "a named pipe" in ekslint("files", tmp_path).out


def test_links(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    write(inside, {"good.yaml": GOOD})
    write(outside, {"secret.yaml": GOOD.replace("shop", "secret")})
    (inside / "loop.yaml").symlink_to("loop.yaml")
    (inside / "escape.yaml").symlink_to(outside / "secret.yaml")
    (inside / "folder").symlink_to("..")
    ran = lint(inside)
    assert {each["path"] for each in ran.findings} == {"good.yaml"}
    assert "secret" not in ran.out


def test_a_file_that_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ekslint.cli.session as session

    write(tmp_path, {"good.yaml": GOOD, "gone.yaml": GOOD})
    read = session.read

    def vanishing(found):  # type: ignore[no-untyped-def]
        if found.path == "gone.yaml":
            found.absolute.unlink()
        return read(found)

    monkeypatch.setattr(session, "read", vanishing)
    ran = lint(tmp_path)
    assert places(ran, "gone.yaml") == [("unreadable-file", 1, 1)]
    assert WITNESS in {each["rule"] for each in ran.findings}


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"good.yaml": GOOD, "mine.yaml": GOOD})
    open_ = os.open

    def refusing(path, flags, *rest, **more):  # type: ignore[no-untyped-def]
        if str(path).endswith("mine.yaml"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return open_(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", refusing)
    ran = lint(tmp_path)
    assert places(ran, "mine.yaml") == [("unreadable-file", 1, 1)]
    assert "permission denied" in ran.out


def test_nothing_is_injected_into_a_terminal_or_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    name = r"\e[31m\n::error::pwned\n##[warning]x\u202e"
    hostile = GOOD.replace("shop", f'"{name}"')
    write(tmp_path, {"hostile.yaml": hostile, "::error::x.yaml": hostile})
    for format_name in ("full", "concise", "json", "sarif", "github"):
        ran = ekslint("check", tmp_path, "--output-format", format_name, "--color", "never")
        text = ran.out + ran.err
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\n::error::pwned" not in text
        assert "##[" not in text


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n",
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: 3\nnodeGroups: {a: b}\nmanagedNodeGroups: x\n",
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: [], region: {}}\nvpc: []\niam: 1\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec: []\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: 3}\nspec: {replicas: x, template: {spec: {containers: {a: b}}}}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {template: {spec: {tolerations: [1], affinity: x}}}\n",
        "apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: 7}\n",
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: {selector: [x], minAvailable: {}}\n",
        "apiVersion: karpenter.sh/v1\nkind: NodePool\nspec: {template: {spec: {requirements: [3, {key: []}], taints: x}}}\n",
        "apiVersion: v1\nkind: List\nitems: {a: b}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata: {mapRoles: '[1, {rolearn: 3}]'}\n",
        "Resources: []\n",
        "Resources: {A: {Type: AWS::EKS::Nodegroup, Properties: []}, B: 3, C: {Type: 4}}\n",
        "Resources: {A: {Type: AWS::EKS::Nodegroup, Properties: {ScalingConfig: x, Labels: [1], Taints: {a: b}, Subnets: 1}}}\n",
        "Parameters: {A: {Default: !Ref A}}\nResources: {A: {Type: AWS::EKS::Cluster, Properties: {Name: !Ref A}}}\n",
        "Conditions: {A: !Not [{Condition: A}]}\nResources: {A: {Type: AWS::EKS::Cluster, Condition: A, Properties: {}}}\n",
        "Mappings: {A: x}\nResources: {A: {Type: AWS::EKS::Cluster, Properties: {Version: !FindInMap [A, B, C]}}}\n",
    ],
)
def test_wrong_shapes(tmp_path: Path, text: str) -> None:
    check(tmp_path, "odd.yaml", text)


@pytest.mark.parametrize(("number", "expected"), [(500, []), (502, [("too-large", 505, 12)])])
def test_more_node_groups_than_anybody_compares(
    tmp_path: Path, number: int, expected: list[tuple[str, int, int]]
) -> None:
    groups = "".join(f"  - {{name: g{each}, instanceType: m6i.large}}\n" for each in range(number))
    text = GOOD.replace("1.21", "1.35").replace("name: shop", "name: bank") + f"managedNodeGroups:\n{groups}"
    ran = check(tmp_path, "many.yaml", text)
    assert [place for place in places(ran, "many.yaml") if place[0] == "too-large"] == expected
    judged = {each["resource"] for each in ran.findings if each["rule"] == "node-group-no-autoscaling"}
    assert len(judged) == min(number, 500)
