import re
from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, rule
from ekslint_rules.eksctl import _node_groups as written

_VERSION = re.compile(r"[+-]?[0-9]{1,18}")


@rule(Severity.ERROR, since="0.1.0", tags=("nodes",), dialects=("eksctl",))
def eksctl_launch_template(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A managed node group names its launch template wrongly, or sets what belongs into the template.

    ## Why is this bad?
    eksctl takes the template by ID and, if at all, by the number of a version. What the template decides (image, disk,
    SSH, security groups, metadata, user data) it refuses in the group.

    ## When it stays silent
    What is in the template itself, which the file does not show: an instance profile, an image without user data, an
    instance type beside `instanceTypes`.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: ValidateManagedNodeGroup
    - eksctl, launch template support for managed nodegroups
    """
    if not written.has_launch_template(group):
        return
    if written.is_empty(group, "launchTemplate", "id"):
        yield Finding(
            group.at("launchTemplate", key=True),
            f"{group} has a launch template without an id",
            label="needs id",
            help="templates are named by ID (lt-…), not by name",
        )
    version = written.text(group, "launchTemplate", "version")
    if written.is_present(group, "launchTemplate", "version") and not _is_version(version):
        yield Finding(
            group.at("launchTemplate", "version"),
            f"{group} asks for version {version or '(empty)'} of its launch template, where eksctl wants a number",
            label="not a number from 1 on",
            help="leave version out for the template's default version",
        )
    for path in [*(each.path for each in _EXCLUSIONS if written.is_used(group, each)), *_ssh(group)]:
        yield Finding(
            group.at(*path, key=True),
            f"{group} sets {written.dotted(*path)}, which is up to its launch template",
            label="not with launchTemplate",
            help="move it to the launch template",
            related=[(group.at("launchTemplate", key=True), "the launch template")],
        )


_EXCLUSIONS = eksctl_limits.EXCLUDED_BY_LAUNCH_TEMPLATE


def _is_version(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None and int(text) >= 1


def _ssh(group: EksctlNodeGroup) -> Iterator[tuple[str, ...]]:
    """What opens SSH: the switch, or a key where the switch is not off."""
    allowed = written.value(group, "ssh", "allow")
    if allowed is True:
        yield ("ssh", "allow")
    elif allowed is None and not group.unknown("ssh", "allow"):
        yield from (("ssh", key) for key in eksctl_limits.SSH_KEYS if written.text(group, "ssh", key))
