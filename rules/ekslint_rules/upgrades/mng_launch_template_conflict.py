from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule

_NAMES = {
    "amiType": "AmiType",
    "diskSize": "DiskSize",
    "instanceTypes": "InstanceTypes",
    "releaseVersion": "ReleaseVersion",
    "remoteAccess": "RemoteAccess",
    "version": "Version",
}
_ALWAYS = {
    "diskSize": "set the size in BlockDeviceMappings of the launch template",
    "remoteAccess": "set KeyName and security groups in the launch template",
}
"""What a group with any launch template may not set itself."""
_OF_THE_IMAGE = ("amiType", "releaseVersion", "version")


@rule(Severity.ERROR, since="0.1.0", dialects=("cloudformation",))
def mng_launch_template_conflict(group: NodeGroup) -> Iterator[Finding]:
    """A managed node group and its launch template both set the same thing.

    ## Why is this bad?
    EKS takes disks and SSH access from the launch template as soon as there is one, and the image and the instance type
    from one of both: where both say something it refuses to create the node group.

    ## When it stays silent
    `AmiType: CUSTOM` beside an image of your own. Launch templates that are declared elsewhere, as far as it depends on
    what is in them. In ClusterConfigs `eksctl-launch-template` speaks.

    ## References
    - Amazon EKS user guide, customize managed nodes with launch templates
    """
    if group.kind != "managed" or group.dialect != "cloudformation":
        return
    beside = group.settings_beside_template
    for name, instead in _ALWAYS.items():
        if name in beside:
            yield Finding(
                group.at("settings_beside_template", name),
                f"{group} has a launch template and sets {_NAMES[name]} itself, which EKS refuses",
                label="not with a launch template",
                help=instead,
                related=[(group.at("launch_template"), "the launch template")],
            )
    template = group.launch_template
    if template is None:
        return
    if not template.unknown("instance_type") and template.instance_type is not None and "instanceTypes" in beside:
        yield Finding(
            group.at("settings_beside_template", "instanceTypes"),
            f"{group} sets InstanceTypes, and {template} sets InstanceType {template.instance_type}: "
            "EKS takes one of both",
            label="set twice",
            help="remove InstanceType from the launch template",
            related=[(template.at("instance_type"), "and here")],
        )
    if not template.has_own_image:
        return
    for name in _OF_THE_IMAGE:
        if name in beside and not (name == "amiType" and beside[name] == "CUSTOM"):
            yield Finding(
                group.at("settings_beside_template", name),
                f"{group} sets {_NAMES[name]}, but the image comes from {template}, and EKS takes one of both",
                label="up to the image",
                help=f"remove {_NAMES[name]}, or ImageId from the launch template",
                related=[(template.at("image"), "the image")],
            )
