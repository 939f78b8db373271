from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Place, Severity, eksctl_defaults, eksctl_fields, eksctl_limits, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written


@rule(Severity.ERROR, since="0.1.0", tags=("storage",), dialects=("eksctl",))
def eksctl_volume(group: EksctlNodeGroup) -> Iterator[Finding]:
    """Settings of a node group's volume do not go together, and eksctl refuses them.

    ## Why is this bad?
    IOPS and throughput belong to certain volume types and have limits there; a key encrypts nothing unless encryption
    is on; and a self-managed group that names or encrypts its volume has to say its size. Managed groups get 80 GiB
    before eksctl looks, unless they bring a launch template: the volume is that template's then.

    ## When it stays silent
    What a template fills in, and volume types that do not exist (`eksctl-unknown-field`).

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupBase, validateVolumeOpts
    """
    yield from _without_size(group)
    yield from _iops(group)
    yield from _throughput(group)
    if written.is_filled(group, "volumeKmsKeyID") and not _may_be_encrypted(group) and not _is_of_template(group):
        yield Finding(
            group.at("volumeKmsKeyID", key=True),
            f"{group} has a key for its volume, but does not switch encryption on",
            label="encrypts nothing",
            help="add volumeEncrypted: true",
            discriminator="encryption",
        )


def _is_of_template(group: EksctlNodeGroup) -> bool:
    return written.has_launch_template(group) and written.is_empty(group, "volumeSize")


def _may_be_encrypted(group: EksctlNodeGroup) -> bool:
    return group.unknown("volumeEncrypted") or written.is_true(group, "volumeEncrypted")


def _without_size(group: EksctlNodeGroup) -> Iterator[Finding]:
    if not written.is_empty(group, "volumeSize") or (group.is_managed and not written.has_launch_template(group)):
        return
    why = "its launch template decides on the volume" if group.is_managed else "it has no volumeSize"
    for exclusion in eksctl_limits.NEEDS_VOLUME_SIZE:
        field = written.dotted(*exclusion.path)
        if written.is_used(group, exclusion):
            yield Finding(
                group.at(*exclusion.path, key=True),
                f"{group} sets {field}, but {why}",
                label="needs volumeSize",
                help=f"remove {field}" if group.is_managed else f"add volumeSize: {eksctl_defaults.VOLUME_SIZE_GIB}",
                discriminator="size",
            )
    family = written.family_facts(group)
    if group.is_managed and family is not None and family.is_bottlerocket and written.is_empty(group, "volumeName"):
        yield Finding(
            group.at("amiFamily"),
            f"{group} runs {family.name} from a launch template, which eksctl never accepts: it names the data volume "
            "by itself, and then asks for the volumeSize that a launch template forbids",
            label="not with launchTemplate",
            help="leave amiFamily out and name the image in the launch template, or do without the template",
            related=[(group.at("launchTemplate", key=True), "the launch template")],
            discriminator="bottlerocket",
        )


def _volume_type(group: EksctlNodeGroup) -> str | None:
    """What is written, else gp3; None where a template decides, or there is no such type."""
    if group.unknown("volumeType"):
        return None
    volume_type = written.text(group, "volumeType") or eksctl_defaults.VOLUME_TYPE
    return volume_type if volume_type in eksctl_fields.fields_of("NodeGroup")["volumeType"].allowed else None


def _iops(group: EksctlNodeGroup) -> Iterator[Finding]:
    iops, volume_type = written.number(group, "volumeIOPS"), _volume_type(group)
    if iops is None or volume_type is None:
        return
    limits = eksctl_limits.VOLUME_IOPS.get(volume_type)
    if limits is None:
        yield Finding(
            group.at("volumeIOPS", key=True),
            f"{group} asks for {iops} IOPS, but {volume_type} volumes take no such number",
            label="not for this volume type",
            help=f"{enumerated(list(eksctl_limits.VOLUME_IOPS))} volumes do",
            related=_type_place(group),
        )
    elif not limits[0] <= iops <= limits[1]:
        yield Finding(
            group.at("volumeIOPS"),
            f"{group} asks for {iops} IOPS, but eksctl gives {volume_type} volumes {limits[0]} to {limits[1]}",
            label=f"not between {limits[0]} and {limits[1]}",
            related=_type_place(group),
        )


def _throughput(group: EksctlNodeGroup) -> Iterator[Finding]:
    throughput, volume_type = written.number(group, "volumeThroughput"), _volume_type(group)
    if throughput is None or volume_type is None:
        return
    limits = eksctl_limits.VOLUME_THROUGHPUT.get(volume_type)
    if limits is None:
        yield Finding(
            group.at("volumeThroughput", key=True),
            f"{group} asks for {throughput} MiB/s, but {volume_type} volumes take no such number",
            label="not for this volume type",
            help=f"{enumerated(list(eksctl_limits.VOLUME_THROUGHPUT))} volumes do",
            related=_type_place(group),
        )
    elif not limits[0] <= throughput <= limits[1]:
        yield Finding(
            group.at("volumeThroughput"),
            f"{group} asks for {throughput} MiB/s, but eksctl gives {volume_type} volumes {limits[0]} to {limits[1]}",
            label=f"not between {limits[0]} and {limits[1]}",
            related=_type_place(group),
        )


def _type_place(group: EksctlNodeGroup) -> list[tuple[Place, str]]:
    return [(group.at("volumeType"), "the volume type")] if written.is_filled(group, "volumeType") else []
