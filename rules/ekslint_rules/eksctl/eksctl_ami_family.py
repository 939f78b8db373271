from collections.abc import Iterator

from ekslint import (
    EksctlNodeGroup,
    Finding,
    Severity,
    ami_families,
    eksctl_limits,
    instance_types,
    nearest,
    rule,
)
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written

_DEVICES = {"neuron": "Inferentia or Trainium devices", "nvidia": "NVIDIA GPUs"}


@rule(Severity.ERROR, since="0.1.0", tags=("images",), dialects=("eksctl",))
def eksctl_ami_family(group: EksctlNodeGroup) -> Iterator[Finding]:
    """eksctl knows no such AMI family, or the family has no image for the instance type.

    ## Why is this bad?
    eksctl refuses families that it does not know, Inferentia and Trainium types with any family but Amazon Linux and
    Bottlerocket, and, in self-managed groups, types that the family has no image for. NVIDIA types with Ubuntu or
    Windows it lets pass with a warning: nothing installs the driver there, so that pods find no GPU.

    ## When it stays silent
    Types that the table of this release of ekslint does not know, and images of your own (`ami: ami-…`), which may hold
    anything. Amazon Linux 2 with Kubernetes 1.33 or later is what `al2-ami` reports.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupBase, validateInstanceTypeSupport
    - eksctl, pkg/apis/eksctl.io/v1alpha5/amitype.go
    """
    name = written.ami_family(group)
    if name is None:
        return
    if name and name not in ami_families.eksctl_names():
        yield _unknown(group, name)
        return
    family, instance_type = written.family_facts(group), written.decisive_type(group)
    if family is None or instance_type is None or written.text(group, "ami").startswith("ami-"):
        return
    device = written.accelerator(instance_type)
    if device is not None and device not in family.accelerators:
        yield Finding(
            group.at("amiFamily"),
            f"{group} runs {name} on {instance_type}, and only Amazon Linux and Bottlerocket have drivers for its "
            f"{_DEVICES[device]}",
            label=f"no drivers for {instance_type}",
            help="use AmazonLinux2023 or Bottlerocket",
            related=[(group.at(*written.types_path(group)), f"{instance_type}")] if _lists_types(group) else (),
            severity=Severity.WARNING if device == "nvidia" and _has_image(family, instance_type) else None,
        )
    elif not group.is_managed and not _has_image(family, instance_type):
        kind = "arm64 with a GPU" if device is not None else "arm64"
        yield Finding(
            group.at("amiFamily"),
            f"{group} runs {name} on {instance_type}, which is {kind}, and {name} has no image for that",
            label="no such image",
            help="use AmazonLinux2023 or Bottlerocket, or an instance type of another architecture",
        )


def _unknown(group: EksctlNodeGroup, name: str) -> Finding:
    dropped = ami_families.from_eksctl(name) is not None
    meant = nearest(name, ami_families.eksctl_names())
    return Finding(
        group.at("amiFamily"),
        f"{group} asks for the AMI family {name}, which eksctl has dropped"
        if dropped
        else f"{group} asks for the AMI family {name}, which eksctl does not know",
        label="no longer published" if dropped else f"did you mean {meant}?" if meant else "unknown family",
        help=f"eksctl knows {enumerated(ami_families.eksctl_names())}",
    )


def _lists_types(group: EksctlNodeGroup) -> bool:
    return bool(written.texts(group, *written.types_path(group)))


def _has_image(family: ami_families.AmiFamily, instance_type: instance_types.InstanceType) -> bool:
    """Whether eksctl has an image of the family for the type's architecture and accelerator."""
    if "arm64" not in instance_type.architectures:
        return True
    missing = eksctl_limits.WITHOUT_ARM_IMAGE_FOR.get(family.name, frozenset())
    return "arm64" in family.architectures and written.accelerator(instance_type) not in missing
