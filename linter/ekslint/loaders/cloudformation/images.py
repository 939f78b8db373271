"""The operating system of nodes: by AMI type, by the path of the image, or by what EKS picks for want of both."""

from collections.abc import Sequence

from ekslint.facts import ami_families
from ekslint.facts.ami_families import AmiFamily
from ekslint.loaders.cloudformation.values import combined, mapped
from ekslint.model.reading import Reading, Source, Unknown

_CUSTOM = "CUSTOM"
_FIRST_WITH_AMAZON_LINUX_2023 = (1, 30)
"""From this version on, new managed node groups get Amazon Linux 2023 (EKS user guide, al2023)."""
_NO_VERSION = "99.999"
_GAP = r"\$\{[^}]*\}"


def family_of_image(image: Reading) -> Reading:
    """`AmiFamily` of an image ID or Parameter Store path; Unknown where its name does not tell."""

    def convert(leaf: Reading) -> Reading:
        reference = _reference(str(leaf.value))
        if reference is None:
            return Reading(Unknown("the image does not tell its operating system"), leaf.source)
        return Reading(reference[0], leaf.source)

    return mapped(image, convert)


def version_of_image(image: Reading) -> Reading:
    """The Kubernetes version that an image was built for."""

    def convert(leaf: Reading) -> Reading:
        reference = _reference(str(leaf.value))
        if reference is None or reference[1] == _NO_VERSION:
            return Reading(Unknown("the image does not tell its Kubernetes version"), leaf.source)
        return Reading(reference[1], leaf.source)

    return mapped(image, convert)


def managed_family(ami_type: Reading, image: Reading, version: Reading, source: Source) -> Reading:
    """`AmiFamily` of a managed node group; `version` is its own or its cluster's."""

    def choose(readings: Sequence[Reading]) -> Reading:
        kind, own_image, of_version = readings
        if isinstance(kind.value, str) and kind.value != _CUSTOM:
            family = ami_families.from_ami_type(kind.value)
            return Reading(family or Unknown(f"nothing is known of AMI type {kind.value}"), kind.source)
        if own_image.value is not None:
            return family_of_image(own_image)
        if kind.value is not None:
            return (
                kind
                if isinstance(kind.value, Unknown)
                else Reading(Unknown("the image is the user's own"), kind.source)
            )
        return _picked(of_version, source)

    return combined([ami_type, image, version], choose, source)


def _picked(version: Reading, source: Source) -> Reading:
    """What EKS takes without AMI type and image: it depends on the version alone, which without one is a recent one."""
    if isinstance(version.value, Unknown):
        return Reading(version.value, source)
    numbers = _numbers(version.value)
    if numbers is not None and numbers < _FIRST_WITH_AMAZON_LINUX_2023:
        return Reading(ami_families.family("AmazonLinux2"), source)
    return Reading(ami_families.family("AmazonLinux2023"), source)


def eksctl_name(family: Reading) -> Reading:
    """A family as eksctl calls it."""

    def convert(leaf: Reading) -> Reading:
        wanted: AmiFamily = leaf.value
        for name in ami_families.eksctl_names():
            found = ami_families.from_eksctl(name)
            if found is not None and found.name == wanted.name:
                return Reading(name, leaf.source)
        return Reading(Unknown("eksctl has no such family"), leaf.source)

    return mapped(family, convert)


def _reference(text: str) -> tuple[AmiFamily, str] | None:
    import re

    from ekslint.facts.ami_names import from_ssm_path

    # The version is what templates leave open most often; the rest of the path tells the family all the same.
    found = from_ssm_path(re.sub(_GAP, _NO_VERSION, text))
    return (found.family, found.kubernetes_version) if found is not None else None


def _numbers(version: object) -> tuple[int, int] | None:
    if not isinstance(version, str):
        return None
    major, _, rest = version.partition(".")
    minor = rest.partition(".")[0]
    if major.isascii() and major.isdigit() and minor.isascii() and minor.isdigit() and len(version) < 16:
        return int(major), int(minor)
    return None
