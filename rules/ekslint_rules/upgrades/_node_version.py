"""The Kubernetes version that a managed node group asks for itself."""

import re

from ekslint import NodeGroup

_RELEASE = re.compile(r"([0-9.]+)-20[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}")
"""1.33.5-20251103 for Amazon Linux, 1.33-2025.11.12 for Windows; Bottlerocket's releases have numbers of their own."""


def asked_version(group: NodeGroup) -> tuple[str, str] | None:
    """(field, version) of what a group says of its version; None where its image or its cluster decides."""
    if not group.unknown("release_version") and group.release_version is not None:
        found = _RELEASE.fullmatch(group.release_version)
        if found is not None:
            return "release_version", found[1]
    if group.unknown("ami_id") or group.ami_id is not None:
        return None
    if not group.unknown("version") and group.version is not None:
        return "version", group.version
    return None
