"""What the nodes of a managed group are made of: disk, metadata service, SSH."""

from ekslint.facts import eksctl_defaults
from ekslint.facts.ami_families import AmiFamily
from ekslint.loaders.cloudformation import machines
from ekslint.loaders.cloudformation.fields import identifier, integer, sequence
from ekslint.loaders.cloudformation.launches import Launch, is_given
from ekslint.loaders.cloudformation.managed_group import ManagedGroup
from ekslint.loaders.cloudformation.values import mapped, otherwise
from ekslint.model.reading import Reading

# What EKS's own launch template asks of the metadata service (EKS user guide, al2023 and launch-templates).
_METADATA_BY_FAMILY = {"AmazonLinux2": ("optional", 2), "AmazonLinux2023": ("required", 1)}


def metadata_service(group: ManagedGroup, family: Reading) -> dict[str, Reading]:
    """`has_metadata_service`, `http_tokens` and `http_put_response_hop_limit`."""
    place = group.get("LaunchTemplate").source

    def field(name: str, index: int) -> Reading:
        def by_family(leaf: Reading) -> Reading:
            values = _METADATA_BY_FAMILY.get(leaf.value.name)
            return Reading(values[index] if values is not None else None, place)

        return group.of_launch(
            lambda launch: machines.metadata_service(launch)[name], lambda: mapped(family, by_family)
        )

    return {
        "has_metadata_service": group.of_launch(
            lambda launch: machines.metadata_service(launch)["has_metadata_service"], lambda: Reading(True, place)
        ),
        "http_tokens": field("http_tokens", 0),
        "http_put_response_hop_limit": field("http_put_response_hop_limit", 1),
    }


def volume(group: ManagedGroup, family: Reading) -> dict[str, Reading]:
    """`volume_size`, `volume_type` and `volume_encrypted`."""
    disk = integer(group.get("DiskSize"))

    def size_of_launch(launch: Launch) -> Reading:
        return machines.volume(launch, family)["volume_size"]

    def default_size() -> Reading:
        return mapped(family, lambda leaf: Reading(_default_disk(leaf.value), disk.source))

    return {
        "volume_size": otherwise(disk, lambda: group.of_launch(size_of_launch, default_size)),
        "volume_type": group.of_launch(lambda launch: machines.volume(launch, family)["volume_type"]),
        "volume_encrypted": group.of_launch(lambda launch: machines.volume(launch, family)["volume_encrypted"]),
    }


def _default_disk(family: AmiFamily) -> int:
    if family.is_windows:
        return eksctl_defaults.MANAGED_NODE_GROUP_WINDOWS_DISK_GIB
    return eksctl_defaults.MANAGED_NODE_GROUP_DISK_GIB


def ssh(group: ManagedGroup) -> dict[str, Reading]:
    """`ssh_allowed` and `ssh_source_security_groups`.

    With the key of a launch template EKS opens no port: the security groups decide.
    """
    key, groups = group.get("RemoteAccess", "Ec2SshKey"), group.get("RemoteAccess", "SourceSecurityGroups")
    return {
        "ssh_allowed": is_given(key),
        "ssh_source_security_groups": otherwise(sequence(groups, identifier), lambda: Reading((), groups.source)),
    }
