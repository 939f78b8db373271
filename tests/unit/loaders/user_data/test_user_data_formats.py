"""The other ways to start a kubelet: nodeadm, Bottlerocket, Windows; and what wraps them."""

from base64 import b64encode
from gzip import compress

import pytest
from user_data_results import UNKNOWN, labels, plain, start, taints

from ekslint.loaders.user_data.mime import LONGEST_USER_DATA
from ekslint.loaders.user_data.start import NOT_FOLLOWED

NODE_CONFIG = """apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  cluster:
    name: shop
    apiServerEndpoint: https://example.com
    certificateAuthority: ${CA}
    cidr: 10.100.0.0/16
  kubelet:
    config:
      maxPods: 58
      registerWithTaints:
        - {key: dedicated, value: batch, effect: NoSchedule}
        - {key: gpu, effect: NoExecute}
    flags:
      - --node-labels=workload=cpu,team=${Team}
      - --v=4
"""


def test_nodeadm() -> None:
    found = start(NODE_CONFIG)
    assert (found.format, found.bootstrapper, found.cluster_name) == ("nodeadm", "nodeadm", "shop")
    assert list(found.cluster_fields) == ["name", "apiServerEndpoint", "certificateAuthority", "cidr"]
    assert labels(found) == {"workload": "cpu", "team": UNKNOWN}
    assert taints(found) == ["dedicated=batch:NoSchedule", "gpu:NoExecute"]
    assert found.max_pods == 58
    assert found.kubelet_flags["v"] == "4"


@pytest.mark.parametrize(
    ("kubelet", "given_labels", "given_taints", "pods"),
    [
        ("{}", {}, [], None),
        ("{flags: ['--node-labels=a=b']}", {"a": "b"}, [], None),
        ("{flags: $FLAGS}", {"*": UNKNOWN}, [UNKNOWN], UNKNOWN),
        ("{flags: ['$FLAGS']}", {"*": UNKNOWN}, [UNKNOWN], UNKNOWN),
        ("{config: {maxPods: '${Max}'}}", {}, [], UNKNOWN),
        ("{config: {registerWithTaints: '${Taints}'}}", {}, [UNKNOWN], None),
        ("{config: {registerWithTaints: [{key: a, value: '${V}', effect: NoSchedule}]}}", {}, [UNKNOWN], None),
        ("{maxPodsExpression: 'max_pods * 2'}", {}, [], UNKNOWN),
        ("'${Kubelet}'", {"*": UNKNOWN}, [UNKNOWN], UNKNOWN),
        ("[]", {}, [], None),
    ],
)
def test_what_nodeadm_tells_the_kubelet(
    kubelet: str, given_labels: dict[str, str], given_taints: list[str], pods: object
) -> None:
    found = start(f"apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet: {kubelet}\n")
    assert (labels(found), taints(found), plain(found.max_pods)) == (given_labels, given_taints, pods)


def test_a_node_config_that_is_no_yaml() -> None:
    found = start("apiVersion: node.eks.aws/v1alpha1\nkind: [")
    assert found.bootstrapper == "nodeadm"
    assert labels(found) == {"*": UNKNOWN}


def test_nodeadm_in_a_script() -> None:
    found = start(f"#!/bin/bash\ncat > /tmp/n.yaml <<'EOF'\n{NODE_CONFIG}EOF\nnodeadm init -c file:///tmp/n.yaml\n")
    assert (found.format, found.bootstrapper, found.cluster_name) == ("shell", "nodeadm", "shop")
    assert labels(found) == {"workload": "cpu", "team": UNKNOWN}


def multipart(*parts: tuple[str, str], boundary: str = "BOUNDARY", encoding: str = "") -> str:
    lines = ["MIME-Version: 1.0", f'Content-Type: multipart/mixed; boundary="{boundary}"', ""]
    for content_type, text in parts:
        lines += [f"--{boundary}", f'Content-Type: {content_type}; charset="us-ascii"']
        lines += [f"Content-Transfer-Encoding: {encoding}"] if encoding else []
        lines += ["", text]
    return "\n".join([*lines, f"--{boundary}--", ""])


def test_multipart() -> None:
    found = start(
        multipart(
            ("text/x-shellscript", "#!/bin/bash\necho hello\n"),
            ("application/node.eks.aws", NODE_CONFIG),
            (
                "application/node.eks.aws",
                "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {kubelet: {flags: [--node-labels=x=y]}}",
            ),
        )
    )
    assert (found.format, found.bootstrapper) == ("mime", "nodeadm")
    assert labels(found) == {"workload": "cpu", "team": UNKNOWN, "x": "y"}


def test_parts_of_a_multipart_text() -> None:
    script = "#!/bin/bash\n/etc/eks/bootstrap.sh shop\n"
    assert start(multipart(("text/x-shellscript", script))).cluster_name == "shop"
    assert start(multipart(("text/plain", script))).cluster_name == "shop"
    encoded = b64encode(script.encode()).decode()
    assert start(multipart(("text/x-shellscript", encoded), encoding="base64")).cluster_name == "shop"
    assert start(multipart(("text/x-shellscript", script)).replace("\n", "\r\n")).cluster_name == "shop"
    cloud = start(multipart(("text/cloud-config", "#cloud-config\nruncmd: [/etc/eks/bootstrap.sh shop]")))
    assert (cloud.bootstrapper, labels(cloud)) == ("bootstrap.sh", {"*": UNKNOWN})
    harmless = start(multipart(("text/cloud-config", "#cloud-config\npackages: [jq]")))
    assert (harmless.bootstrapper, labels(harmless)) == (None, {})
    lost = start("MIME-Version: 1.0\nContent-Type: multipart/mixed\n\n/etc/eks/bootstrap.sh shop\n")
    assert labels(lost) == {"*": UNKNOWN}


@pytest.mark.parametrize(
    ("settings", "given_labels", "given_taints", "pods"),
    [
        (
            """max-pods = 58
[settings.kubernetes.node-labels]
"workload" = "cpu"
"team" = "${Team}"
[settings.kubernetes.node-taints]
"dedicated" = "batch:NoSchedule"
"x" = ["a:NoSchedule", ":NoExecute"]""",
            {"workload": "cpu", "team": UNKNOWN},
            ["dedicated=batch:NoSchedule", "x=a:NoSchedule", "x:NoExecute"],
            58,
        ),
        ('node-labels = {a = "b"}\nmax-pods = ${Max}', {"a": "b"}, [], UNKNOWN),
        ('node-taints = {a = "${Value}:NoSchedule", b = 1}', {}, [UNKNOWN, UNKNOWN], None),
        ("node-labels = [", {"*": UNKNOWN}, [UNKNOWN], UNKNOWN),
        ("${More}", {"*": UNKNOWN}, [UNKNOWN], UNKNOWN),
    ],
)
def test_bottlerocket(settings: str, given_labels: dict[str, str], given_taints: list[str], pods: object) -> None:
    found = start(f'[settings.kubernetes]\ncluster-name = "shop"\napi-server = "x"\n{settings}\n')
    assert (found.format, found.bootstrapper) == ("toml", "bottlerocket")
    assert (labels(found), taints(found), plain(found.max_pods)) == (given_labels, given_taints, pods)


def test_bottlerocket_without_kubernetes() -> None:
    found = start("[settings.host-containers.admin]\nenabled = true\n")
    assert (found.format, found.bootstrapper, labels(found)) == ("toml", None, {})
    whole = start('[settings.kubernetes]\ncluster-name = "shop"\napi-server = "x"\ncluster-certificate = "y"\n')
    assert (whole.cluster_name, len(whole.cluster_fields)) == ("shop", 3)


WINDOWS = """<powershell>
[string]$EKSBinDir = "$env:ProgramFiles\\Amazon\\EKS"
[string]$EKSBootstrapScriptName = 'Start-EKSBootstrap.ps1'
[string]$EKSBootstrapScriptFile = "$EKSBinDir\\$EKSBootstrapScriptName"
& $EKSBootstrapScriptFile ARGUMENTS 3>&1 4>&1 5>&1 6>&1
</powershell>
"""


@pytest.mark.parametrize(
    ("arguments", "name", "given_labels"),
    [
        ("-EKSClusterName shop", "shop", {}),
        (
            '-EKSClusterName "shop" -KubeletExtraArgs "--node-labels=os=windows,a=b"',
            "shop",
            {"os": "windows", "a": "b"},
        ),
        ("-EKSClusterName ${Name} -KubeletExtraArgs '--node-labels=a=${B}'", "${Name}", {"a": UNKNOWN}),
        ("-EKSClusterName shop ${Arguments}", "shop", {"*": UNKNOWN}),
        ("-EKSClusterName shop -Verbose -KubeletExtraArgs '--node-labels=a=b'", "shop", {"a": "b"}),
        ("-EKSClusterName shop `\n  -KubeletExtraArgs '--node-labels=a=b'", "shop", {"a": "b"}),
        ("-EKSClusterName shop\n & $F -EKSClusterName shop", "shop", {}),
    ],
)
def test_windows(arguments: str, name: str, given_labels: dict[str, str]) -> None:
    found = start(WINDOWS.replace("ARGUMENTS", arguments))
    assert (found.format, found.bootstrapper, found.cluster_name) == ("powershell", "Start-EKSBootstrap", name)
    assert labels(found) == given_labels


def test_windows_that_cannot_be_followed() -> None:
    splatted = start(WINDOWS.replace("ARGUMENTS", "@Arguments"))
    assert (splatted.bootstrapper, labels(splatted)) == ("Start-EKSBootstrap", {"*": UNKNOWN})
    twice = start(WINDOWS.replace("ARGUMENTS", "-EKSClusterName a\n& $F -EKSClusterName b"))
    assert plain(twice.cluster_name) == UNKNOWN
    none = start("<powershell>\nWrite-Output x\n</powershell>")
    assert (none.bootstrapper, labels(none)) == (None, {})
    more = start(WINDOWS.replace("ARGUMENTS", '-EKSClusterName a -APIServerEndpoint "x" -Base64ClusterCA "y"'))
    assert list(more.cluster_fields) == ["name", "apiServerEndpoint", "certificateAuthority"]


def test_text_that_somebody_encoded_by_hand() -> None:
    encoded = b64encode(b"#!/bin/bash\n/etc/eks/bootstrap.sh shop --use-max-pods false\n").decode()
    assert start(encoded).cluster_name == "shop"
    assert start("notbase64atallbutlettersonlyandlongenoughtobeit").bootstrapper is None


def test_text_that_eksctl_compressed() -> None:
    script = b"#!/bin/bash\n/etc/eks/bootstrap.sh shop --use-max-pods false\n"
    packed = b64encode(compress(script))
    assert start(packed.decode()).cluster_name == "shop"
    assert start(b64encode(compress(script)[:-9]).decode()).bootstrapper == NOT_FOLLOWED
    assert start(b64encode(compress(script)[:12] + b"x" * 40).decode()).bootstrapper == NOT_FOLLOWED
    assert start(b64encode(compress(b"#" * (LONGEST_USER_DATA + 1))).decode()).open_labels == NOT_FOLLOWED


def test_bytes_that_are_no_text_may_start_anything() -> None:
    found = start(b64encode(bytes(range(128, 256))).decode())
    assert (found.bootstrapper, found.open_labels) == (NOT_FOLLOWED, NOT_FOLLOWED)


def test_a_script_without_its_first_line() -> None:
    found = start("/etc/eks/bootstrap.sh shop\n")
    assert (found.format, found.bootstrapper, found.cluster_name) == (None, "bootstrap.sh", "shop")


def test_cloud_config() -> None:
    found = start("#cloud-config\nruncmd:\n  - /etc/eks/bootstrap.sh shop\n")
    assert (found.format, found.bootstrapper, labels(found)) == ("cloud-config", "bootstrap.sh", {"*": UNKNOWN})
