"""What a node group's nodes are made of: image, disk, metadata service, SSH.

Source: eksctl 0.231 `pkg/apis/eksctl.io/v1alpha5/defaults.go`, `pkg/cfn/builder/nodegroup.go` (makeMetadataOptions),
`managed_launch_template.go`.
"""

from ekslint.facts import ami_families, eksctl_defaults
from ekslint.facts.ami_families import AmiFamily
from ekslint.loaders.eksctl.fields import Fields, derived, is_known
from ekslint.model.reading import Reading, Unknown


def external_template(fields: Fields) -> Reading | None:
    """The unknown that a launch template of the user's own leaves; None without one."""
    if not fields.has("launchTemplate"):
        return None
    identifier = fields.section("launchTemplate").text("id")
    name = f"launch template {identifier.value}" if is_known(identifier) and identifier.value else "the launch template"
    return Reading(Unknown(f"{name} is not in the file"), identifier.source)


def image(fields: Fields, external: Reading | None, *, managed: bool) -> dict[str, Reading]:
    """`ami_family`, `ami_id` and, for managed groups, `release_version`."""
    family, identifier = fields.text("amiFamily"), fields.text("ami")
    if family.value is None:
        # A managed group with an image of its own has to say what it is.
        is_own = managed and identifier.value is not None
        family = external or Reading(None if is_own else eksctl_defaults.AMI_FAMILY, family.source)
    elif is_known(family):
        family = Reading(_canonical(str(family.value)), family.source)
    readings = {"ami_family": family, "ami_id": external if external and identifier.value is None else identifier}
    if managed:
        readings["release_version"] = fields.text("releaseVersion")
    return readings


def _canonical(name: str) -> str:
    """eksctl takes the name in any case."""
    folded = name.casefold()
    return next((known for known in ami_families.eksctl_names() if known.casefold() == folded), name)


def family_of(reading: Reading) -> AmiFamily | None:
    """What is known of the image's family; None if it is unknown, or unknown to the table."""
    return ami_families.from_eksctl(reading.value) if isinstance(reading.value, str) else None


def metadata_service(fields: Fields, external: Reading | None) -> dict[str, Reading]:
    """`has_metadata_service`, `http_tokens` and `http_put_response_hop_limit`; eksctl itself never switches it off."""
    if external is not None:
        return dict.fromkeys(("has_metadata_service", "http_tokens", "http_put_response_hop_limit"), external)
    version_one = fields.boolean("disableIMDSv1", default=eksctl_defaults.DISABLE_IMDS_V1)
    pods = fields.boolean("disablePodIMDS", default=eksctl_defaults.DISABLE_POD_IMDS)
    tokens = derived(lambda is_off, _: "required" if is_off else "optional", version_one, pods)
    # Either of them demands tokens.
    certain = next((flag for flag in (version_one, pods) if flag.value is True), None)
    if certain is not None:
        tokens = Reading("required", certain.source)
    hops = derived(lambda is_on: 1 if is_on else eksctl_defaults.METADATA_HOP_LIMIT, pods)
    return {"http_tokens": tokens, "http_put_response_hop_limit": hops}


def root_volume(fields: Fields, external: Reading | None, on_outpost: Reading) -> dict[str, Reading]:
    """`volume_size` (GiB), `volume_type` and `volume_encrypted`."""
    size, sort = fields.integer("volumeSize"), fields.text("volumeType")
    encrypted = fields.boolean("volumeEncrypted")
    if external is not None:
        return {"volume_size": external, "volume_type": external, "volume_encrypted": external}
    if size.value is None:
        size = Reading(eksctl_defaults.VOLUME_SIZE_GIB, size.source)
    if sort.value is None:
        outpost = Reading(True, sort.source) if fields.has("outpostARN") else on_outpost
        sort = derived(
            lambda is_on: eksctl_defaults.VOLUME_TYPE_ON_OUTPOSTS if is_on else eksctl_defaults.VOLUME_TYPE,
            outpost,
            at=sort.source,
        )
    return {"volume_size": size, "volume_type": sort, "volume_encrypted": encrypted}


def ssh(fields: Fields, external: Reading | None) -> dict[str, Reading]:
    """`ssh_allowed` and `ssh_source_security_groups`. A key alone opens the port, unless `allow` says no."""
    section = fields.section("ssh")
    allowed = section.boolean("allow")
    if allowed.value is None:
        keys = (section.text(key) for key in ("publicKeyName", "publicKeyPath", "publicKey"))
        key = next((key for key in keys if key.value is not None), None)
        allowed = Reading(key is not None, key.source if key else allowed.source)
    if external is not None and allowed.value is not True:
        allowed = external
    return {"ssh_allowed": allowed, "ssh_source_security_groups": section.texts("sourceSecurityGroupIds")}
