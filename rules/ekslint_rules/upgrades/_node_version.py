"""The Kubernetes version that a managed node group asks for itself."""

from ekslint import NodeGroup


def asked_version(group: NodeGroup) -> tuple[str, str] | None:
    """(field, version) of what a group says of its version; None where its image or its cluster decides."""
    if not group.unknown("release_version") and group.release_version is not None:
        # 1.33.5-20251103 for Amazon Linux; Bottlerocket's releases have numbers of their own.
        number, separator, build = group.release_version.partition("-")
        if separator and build.isdigit():
            return "release_version", number
    if group.unknown("ami_id") or group.ami_id is not None:
        return None
    if not group.unknown("version") and group.version is not None:
        return "version", group.version
    return None
