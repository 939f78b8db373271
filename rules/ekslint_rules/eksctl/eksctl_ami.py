from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, ami_families, eksctl_limits, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written


@rule(Severity.ERROR, since="0.1.0", tags=("images",), dialects=("eksctl",))
def eksctl_ami(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A node group with an image of its own does not say enough about it, or says what the image decides.

    ## Why is this bad?
    eksctl cannot look into an image. It has to be told the family, and, for families without nodeadm or TOML, the
    command that joins the node to the cluster. In managed groups `ami` is an image ID and nothing else, and what EKS
    would otherwise do to its own images (limit the pods, choose a release) is up to the image then.

    ## When it stays silent
    Managed groups with a launch template, where `ami` is wrong by itself (`eksctl-launch-template`), and commands that
    the family does not run at all (`eksctl-bootstrap-family`).

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: ValidateNodeGroup, ValidateManagedNodeGroup
    - eksctl, custom AMI support
    """
    if written.has_launch_template(group) or group.unknown("launchTemplate"):
        return
    image, family = written.text(group, "ami"), written.ami_family(group)
    if group.is_managed:
        yield from _managed(group, image, family)
    elif image:
        yield from _self_managed(group, image, family)


def _self_managed(group: EksctlNodeGroup, image: str, family: str | None) -> Iterator[Finding]:
    if not image.startswith("ami-") and image not in eksctl_limits.IMAGE_RESOLVERS:
        yield Finding(
            group.at("ami"),
            f"{group} has {image} for its image, which is neither an image ID nor a way to find one",
            label="not an image",
            help=f"write an image ID, or {enumerated(eksctl_limits.IMAGE_RESOLVERS, 'or')}",
            discriminator="value",
        )
    if family == "":
        yield _without_family(group, image)
    elif family is not None:
        yield from _without_command(group, image, may_be_windows=True)


def _managed(group: EksctlNodeGroup, image: str, family: str | None) -> Iterator[Finding]:
    if not image:
        if (
            not group.unknown("ami")
            and not _is_self_starting(group)
            and written.is_present(group, "overrideBootstrapCommand")
        ):
            yield Finding(
                group.at("overrideBootstrapCommand", key=True),
                f"{group} overrides the bootstrap command of an image that EKS starts by itself",
                label="needs ami",
                help="name the image, or move what has to be done to preBootstrapCommands",
            )
        return
    if not image.startswith("ami-"):
        yield Finding(
            group.at("ami"),
            f"{group} is a managed node group, whose ami is an image ID, and {image} is none",
            label="not an image ID",
            help="leave it out: managed groups find the newest image by themselves"
            if image in eksctl_limits.IMAGE_RESOLVERS
            else "write an image ID (ami-…)",
            discriminator="value",
        )
    if family == "":
        yield _without_family(group, image)
    elif family is not None:
        facts = written.family_facts(group)
        if facts is not None and facts.is_windows:
            yield Finding(
                group.at("amiFamily"),
                f"{group} is a managed node group with an image of its own, which eksctl does not support for {family}",
                label="not with ami",
                help="leave ami out, or make it a self-managed group (nodeGroups)",
                related=[(group.at("ami"), "the image")],
            )
        else:
            yield from _without_command(group, image, may_be_windows=False)
    for exclusion in eksctl_limits.EXCLUDED_BY_CUSTOM_IMAGE:
        if written.is_used(group, exclusion):
            yield Finding(
                group.at(*exclusion.path, key=True),
                f"{group} sets {written.dotted(*exclusion.path)}, which is up to the image where there is an ami",
                label="not with ami",
                help="remove it",
                related=[(group.at("ami"), "the image")],
            )


def _is_self_starting(group: EksctlNodeGroup) -> bool:
    """Whether the command is right as it is, or wrong for another reason."""
    facts = written.family_facts(group)
    return facts is None or facts.bootstrap in {"nodeadm", "toml", "powershell"}


def _without_family(group: EksctlNodeGroup, image: str) -> Finding:
    return Finding(
        group.at("ami"),
        f"{group} has {_shown(image)}, and no amiFamily that tells eksctl how to start it",
        label="needs amiFamily",
        help="add amiFamily",
        discriminator="family",
    )


def _without_command(group: EksctlNodeGroup, image: str, *, may_be_windows: bool) -> Iterator[Finding]:
    facts = written.family_facts(group)
    if facts is None or not written.is_missing(group, "overrideBootstrapCommand"):
        return
    if facts.bootstrap not in {"nodeadm", "toml"} and not (facts.is_windows and may_be_windows):
        yield Finding(
            group.at("ami"),
            f"{group} has {_shown(image)} of {facts.name}, and no overrideBootstrapCommand that joins its nodes",
            label="needs overrideBootstrapCommand",
            help=_join_help(facts, image),
            discriminator="command",
        )


def _shown(image: str) -> str:
    return f"ami: {image}" if image in eksctl_limits.IMAGE_RESOLVERS else f"the image {image}"


def _join_help(facts: ami_families.AmiFamily, image: str) -> str:
    if image in eksctl_limits.IMAGE_RESOLVERS:
        return "remove ami: eksctl finds the newest image without it"
    return "add an overrideBootstrapCommand that calls /etc/eks/bootstrap.sh, or move to AmazonLinux2023"
