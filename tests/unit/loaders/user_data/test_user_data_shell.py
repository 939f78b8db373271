"""Shell scripts that call bootstrap.sh."""

import pytest
from user_data_results import UNKNOWN, labels, plain, start, taints

from ekslint.loaders.user_data.shell import command_words


def script(*lines: str) -> str:
    return "\n".join(("#!/bin/bash", "set -o xtrace", *lines, ""))


@pytest.mark.parametrize(
    ("line", "name", "given_labels", "given_taints"),
    [
        ("/etc/eks/bootstrap.sh shop", "shop", {}, []),
        ("/etc/eks/bootstrap.sh 'shop'", "shop", {}, []),
        ("sudo -E bash /etc/eks/bootstrap.sh shop", "shop", {}, []),
        ("if true; then /etc/eks/bootstrap.sh shop; fi", "shop", {}, []),
        ("yum update -y && /etc/eks/bootstrap.sh shop || true", "shop", {}, []),
        ("B64=x /etc/eks/bootstrap.sh shop --b64-cluster-ca $B64 > /tmp/log 2>&1", "shop", {}, []),
        ("/etc/eks/bootstrap.sh shop --kubelet-extra-args '--node-labels=a=b,c=d'", "shop", {"a": "b", "c": "d"}, []),
        ('/etc/eks/bootstrap.sh shop --kubelet-extra-args "--node-labels a=b"', "shop", {"a": "b"}, []),
        ("/etc/eks/bootstrap.sh shop --kubelet-extra-args --node-labels=a=b", "shop", {"a": "b"}, []),
        (r"/etc/eks/bootstrap.sh shop --kubelet-extra-args \"--node-labels=a=b\"", "shop", {}, []),
        (
            "/etc/eks/bootstrap.sh shop \\\n  --kubelet-extra-args \\\n  '--node-labels=a=b \\\n --max-pods=20'",
            "shop",
            {"a": "b"},
            [],
        ),
        (
            "/etc/eks/bootstrap.sh shop --kubelet-extra-args --register-with-taints=x=y:NoSchedule,z:NoExecute,p=:Soft",
            "shop",
            {},
            ["x=y:NoSchedule", "z:NoExecute", "p:Soft"],
        ),
        (
            "/etc/eks/bootstrap.sh shop --kubelet-extra-args '--node-labels=a=b --node-labels=c=d'",
            "shop",
            {"a": "b", "c": "d"},
            [],
        ),
        ("/etc/eks/bootstrap.sh ${ClusterName}", "${ClusterName}", {}, []),
        ("/etc/eks/bootstrap.sh shop ${Arguments}", "shop", {"*": UNKNOWN}, [UNKNOWN]),
        ("/etc/eks/bootstrap.sh shop --kubelet-extra-args $ARGS", "shop", {"*": UNKNOWN}, [UNKNOWN]),
        (
            "/etc/eks/bootstrap.sh shop --kubelet-extra-args '--node-labels=a=${Team},$More'",
            "shop",
            {"a": UNKNOWN, "*": UNKNOWN},
            [],
        ),
        (
            "/etc/eks/bootstrap.sh shop --kubelet-extra-args '--register-with-taints=x=$V:NoSchedule'",
            "shop",
            {},
            [UNKNOWN],
        ),
        ("# /etc/eks/bootstrap.sh other\n/etc/eks/bootstrap.sh shop # --kubelet-extra-args x", "shop", {}, []),
    ],
)
def test_calls(line: str, name: str, given_labels: dict[str, str], given_taints: list[str]) -> None:
    found = start(script(line))
    assert (found.format, found.bootstrapper, found.cluster_name) == ("shell", "bootstrap.sh", name)
    assert labels(found) == given_labels
    assert taints(found) == given_taints


def test_arguments() -> None:
    found = start(
        script(
            "/etc/eks/bootstrap.sh shop --use-max-pods false --container-runtime containerd --b64-cluster-ca $CA \\",
            "  --apiserver-endpoint $URL --kubelet-extra-args '--max-pods=110 --container-runtime=docker --v 4 --x'",
        )
    )
    assert found.script_arguments["use-max-pods"] == "false"
    assert found.script_arguments["container-runtime"] == "containerd"
    assert found.kubelet_flags == {"max-pods": "110", "container-runtime": "docker", "v": "4", "x": ""}
    assert found.max_pods == 110
    assert list(found.cluster_fields) == ["name", "certificateAuthority", "apiServerEndpoint"]


@pytest.mark.parametrize(
    ("text", "value"), [("--max-pods=$N", UNKNOWN), ("--max-pods=many", UNKNOWN), ("--max-pods=8", 8), ("--v=2", None)]
)
def test_the_most_pods(text: str, value: object) -> None:
    found = start(script(f"/etc/eks/bootstrap.sh shop --kubelet-extra-args '{text}'"))
    assert plain(found.max_pods) == value


def test_variables_that_are_set_once() -> None:
    found = start(
        script(
            "CLUSTER=shop",
            "export LABELS='workload=cpu'",
            'EXTRA="--node-labels=$LABELS"',
            '/etc/eks/bootstrap.sh "$CLUSTER" --kubelet-extra-args "--node-labels=${LABELS},team=a"',
        )
    )
    assert found.cluster_name == "shop"
    assert labels(found) == {"workload": "cpu", "team": "a", "*": UNKNOWN}  # EXTRA is never seen to be used


def test_flags_that_only_the_call_uses() -> None:
    lines = ['LABELS="workload=cpu"', 'EXTRA="--node-labels=$LABELS --register-with-taints=a=b:NoSchedule"']
    call = '/etc/eks/bootstrap.sh shop --kubelet-extra-args "$EXTRA"'
    found = start(script(*lines, call))
    assert labels(found) == {"workload": "cpu"}
    assert found.open_taints is None
    elsewhere = start(script(*lines, 'echo "$EXTRA" >> /etc/sysconfig/kubelet', call))
    assert labels(elsewhere) == {"workload": "cpu", "*": UNKNOWN}


def test_variables_that_grow() -> None:
    lines = ["A0=" + "x" * 10, *(f"A{n}=$A{n - 1}$A{n - 1}" for n in range(1, 60))]
    found = start(script(*lines, "/etc/eks/bootstrap.sh shop --kubelet-extra-args --node-labels=a=$A59"))
    assert labels(found) == {"*": UNKNOWN} or labels(found) == {"a": UNKNOWN}


@pytest.mark.parametrize(
    "assignments",
    [
        ["LABELS=a=b", "LABELS=c=d"],
        ["LABELS=a=b", "LABELS+=,c=d"],
        ["LABELS=$(curl http://169.254.169.254/)"],
        ["LABELS=a=b other command"],
        ['LABELS="${LABELS}"'],
        [],
    ],
)
def test_variables_that_cannot_be_followed(assignments: list[str]) -> None:
    found = start(script(*assignments, "/etc/eks/bootstrap.sh shop --kubelet-extra-args --node-labels=$LABELS"))
    assert labels(found) == {"*": UNKNOWN}


def test_several_calls() -> None:
    same = start(script("if spot; then", "/etc/eks/bootstrap.sh shop", "else", "/etc/eks/bootstrap.sh shop", "fi"))
    assert (same.cluster_name, labels(same)) == ("shop", {})
    different = start(
        script(
            "if spot; then",
            "/etc/eks/bootstrap.sh shop --kubelet-extra-args --node-labels=lifecycle=spot",
            "else",
            "/etc/eks/bootstrap.sh shop",
            "fi",
        )
    )
    assert (different.bootstrapper, different.cluster_name) == ("bootstrap.sh", "shop")
    assert labels(different) == {"*": UNKNOWN}
    assert taints(different) == [UNKNOWN]


@pytest.mark.parametrize(
    "line",
    [
        "sed -i 's/KUBELET/X/' /etc/eks/bootstrap.sh",
        'bash -c "/etc/eks/bootstrap.sh shop --kubelet-extra-args --node-labels=a=b"',
        "cp /etc/eks/bootstrap.sh /tmp/x",
    ],
)
def test_a_bootstrap_script_that_is_patched_or_quoted(line: str) -> None:
    found = start(script(line))
    assert found.bootstrapper == "bootstrap.sh"
    assert labels(found) == {"*": UNKNOWN}


@pytest.mark.parametrize(
    "line",
    [
        "echo KUBELET_EXTRA_ARGS=--v=4 >> /etc/sysconfig/kubelet",
        "cat > /etc/systemd/system/kubelet.service.d/x.conf <<EOF\n--node-labels=a=b\nEOF",
        "jq '.registerWithTaints=[]' /etc/kubernetes/kubelet/kubelet-config.json",
    ],
)
def test_flags_that_are_set_behind_the_script_s_back(line: str) -> None:
    found = start(script(line, "/etc/eks/bootstrap.sh shop"))
    assert found.cluster_name == "shop"
    assert labels(found) == {"*": UNKNOWN}


def test_max_pods_behind_the_script_s_back() -> None:
    found = start(script("jq '.maxPods=20' kubelet-config.json", "/etc/eks/bootstrap.sh shop"))
    assert plain(found.max_pods) == UNKNOWN
    assert labels(found) == {}


@pytest.mark.parametrize(
    ("lines", "bootstrapper"),
    [
        (["yum install -y jq", "systemctl restart sshd"], None),
        (["curl -s https://example.com/start.sh | bash"], UNKNOWN),
        (["aws s3 cp s3://bucket/start.sh . && bash start.sh"], UNKNOWN),
        (["${BootstrapCommands}"], UNKNOWN),
        (["# curl nothing"], None),
        (["./bootstrap.sh shop"], None),
        (["aws s3 cp s3://bucket/etc/eks/bootstrap.sh /tmp/x && bash /tmp/x shop"], UNKNOWN),
    ],
)
def test_scripts_without_a_bootstrap(lines: list[str], bootstrapper: object) -> None:
    found = start(script(*lines))
    assert plain(found.bootstrapper) == bootstrapper
    assert labels(found) == {}


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("a b  c", ["a", "b", "c"]),
        ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
        ("a'b'\"c\"d", ["abcd"]),
        (r"a\ b \"c\"", ["a b", '"c"']),
        (r'"a \"b\" \$c \n"', [r'a "b" $c \n']),
        ("'' \"\"", ["", ""]),
        ("a \\\n b\nc", ["a", "b"]),
        ("a; b", ["a"]),
        ("a | b", ["a"]),
        ("a $(b c) `d e`", ["a", "$(b c)", "`d e`"]),
        ("a 'unclosed", ["a"]),
        ("a #b c", ["a"]),
        ("a#b", ["a#b"]),
        ("", []),
    ],
)
def test_words_of_a_command(command: str, words: list[str]) -> None:
    assert command_words(command, 0)[0] == words
