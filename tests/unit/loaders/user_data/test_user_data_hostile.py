"""User data that nobody means well with."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from user_data_results import start

from ekslint.loaders.user_data.mime import LONGEST_USER_DATA

SIZE = LONGEST_USER_DATA // 2


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/bash\n" + "/etc/eks/bootstrap.sh x '" * (SIZE // 25),
        "#!/bin/bash\n" + "/etc/eks/bootstrap.sh x $(" * (SIZE // 26),
        "#!/bin/bash\n/etc/eks/bootstrap.sh " + "$(" * (SIZE // 2),
        "#!/bin/bash\n/etc/eks/bootstrap.sh " + '"\\' * (SIZE // 2),
        "#!/bin/bash\n/etc/eks/bootstrap.sh x --kubelet-extra-args '" + "--node-labels=a=b " * (SIZE // 18) + "'",
        "#!/bin/bash\n" + "sed x /etc/eks/bootstrap.sh " * (SIZE // 28),
        "#!/bin/bash\n" + 'A="\n' * (SIZE // 4) + "/etc/eks/bootstrap.sh $A",
        "#!/bin/bash\n" + "cat <<EOF\n" * (SIZE // 10),
        "#!/bin/bash\n" + "cat <<A\napiVersion: node.eks.aws\nA\n" * 500,
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n" + "--x\n\n#!\n" * (SIZE // 8),
        "apiVersion: node.eks.aws/v1alpha1\nspec: " + "[" * SIZE,
        "apiVersion: node.eks.aws/v1alpha1\nspec: " + "{a: " * 5_000,
        "[settings.kubernetes]\nx = " + "[" * SIZE,
        "[settings.kubernetes]\nmax-pods = " + "9" * SIZE,
        "[settings.kubernetes]\n" + "a = ${X}\n" * (SIZE // 9),
        "<powershell>\n" + "-EKSClusterName `\n" * (SIZE // 18),
        "<powershell>\n-EKSClusterName x " + '-A "' * (SIZE // 4),
        "A" * SIZE,
        " " * SIZE + "!",
        "\n" * SIZE,
        "$" * SIZE,
        "x" * (LONGEST_USER_DATA + 1),
        "\0\ud800#!/bin/bash",
        "",
    ],
    ids=range(24),
)
def test_it_is_read_to_the_end(text: str) -> None:
    found = start(text)
    assert isinstance(found.labels, dict)


def test_too_much_is_not_read() -> None:
    found = start("#!/bin/bash\n/etc/eks/bootstrap.sh shop\n" + "#" * LONGEST_USER_DATA)
    assert found.cluster_name is None
    assert found.open_labels is not None


PIECES = st.sampled_from(
    [
        *(
            "#!/bin/bash\n",
            "/etc/eks/bootstrap.sh",
            " ",
            "\n",
            "'",
            '"',
            "\\",
            "$",
            "${X}",
            "`",
            "--kubelet-extra-args",
        ),
        *("--node-labels=", "a=b", ",", "--register-with-taints=", "x=y:NoSchedule", "<<EOF\n", "EOF\n", "#", ";"),
        *("apiVersion: node.eks.aws/v1alpha1\n", "kind: NodeConfig\n", "spec:\n", "  kubelet: ", "{", "}", "[", "]"),
        *("[settings.kubernetes]\n", "node-labels", " = ", "<powershell>", "-EKSClusterName", "MIME-Version: 1.0\n"),
        *("Content-Type: multipart/mixed; boundary=x\n\n", "--x\n", "--x--\n", "#cloud-config\n"),
    ]
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80))
def test_whatever_is_written(text: str) -> None:
    found = start(text)
    assert all(isinstance(key, str) for key in found.labels)
