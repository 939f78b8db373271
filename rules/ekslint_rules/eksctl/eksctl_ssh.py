from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written


@rule(Severity.ERROR, since="0.1.0", tags=("access",), dialects=("eksctl",))
def eksctl_ssh(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A node group names several SSH keys, or switches off the SSM agent, which eksctl cannot.

    ## Why is this bad?
    A node has one key. eksctl refuses more in a self-managed group, and picks one of them, without a word, in a managed
    group. The SSM agent is part of the images, so that eksctl refuses `enableSsm: false`.

    ## When it stays silent
    Empty keys. SSH that is open to the internet is what `node-ssh-open-world` reports.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupSSH, validateNodeGroupBase
    - eksctl, pkg/ssh/loader.go
    """
    given = [key for key in eksctl_limits.SSH_KEYS if written.text(group, "ssh", key)]
    for key in given[1:]:
        yield Finding(
            group.at("ssh", key, key=True),
            f"{group} names {enumerated(given)}, of which eksctl "
            + (f"takes {given[0]} alone" if group.is_managed else "accepts one alone"),
            label="one key too many",
            help="keep one of them",
            related=[(group.at("ssh", given[0], key=True), "the other key")],
            severity=Severity.WARNING if group.is_managed else None,
        )
    if written.value(group, "ssh", "enableSsm") is False:
        yield Finding(
            group.at("ssh", "enableSsm"),
            f"{group} switches off the SSM agent, which is part of the images and stays on",
            label="cannot be switched off",
            help="remove enableSsm",
        )
