"""The fields of pods that one operating system alone knows, and which the API server refuses for the other one.

Source: Kubernetes API reference, `os` of a PodSpec.
"""

from collections.abc import Iterator

from ekslint import Container, Place, PodTemplate

_WINDOWS_OPTIONS = ("securityContext", "windowsOptions")
_LINUX_ONLY_OF_PODS = (
    ("hostIPC",),
    ("hostPID",),
    ("hostUsers",),
    ("resources",),
    ("securityContext", "appArmorProfile"),
    ("securityContext", "fsGroup"),
    ("securityContext", "fsGroupChangePolicy"),
    ("securityContext", "runAsGroup"),
    ("securityContext", "runAsUser"),
    ("securityContext", "seLinuxOptions"),
    ("securityContext", "seccompProfile"),
    ("securityContext", "supplementalGroups"),
    ("securityContext", "supplementalGroupsPolicy"),
    ("securityContext", "sysctls"),
    ("shareProcessNamespace",),
)
_LINUX_ONLY_OF_CONTAINERS = (
    ("securityContext", "allowPrivilegeEscalation"),
    ("securityContext", "appArmorProfile"),
    ("securityContext", "capabilities"),
    ("securityContext", "privileged"),
    ("securityContext", "procMount"),
    ("securityContext", "readOnlyRootFilesystem"),
    ("securityContext", "runAsGroup"),
    ("securityContext", "runAsUser"),
    ("securityContext", "seLinuxOptions"),
    ("securityContext", "seccompProfile"),
)
_ABSENT_IF_FALSE = frozenset({("hostIPC",), ("hostPID",)})
"""Fields in which the API server cannot tell `false` from nothing."""


def windows_fields(pod: PodTemplate) -> Iterator[tuple[str, Place]]:
    """What a pod and its containers say that Windows alone knows: the dotted name, and where."""
    yield from _given(pod, "", (_WINDOWS_OPTIONS,))
    for container in pod.parts:
        yield from _given(container, f"of {container}", (_WINDOWS_OPTIONS,))


def linux_fields(pod: PodTemplate) -> Iterator[tuple[str, Place]]:
    """What a pod and its containers say that Linux alone knows: the dotted name, and where."""
    yield from _given(pod, "", _LINUX_ONLY_OF_PODS)
    for container in pod.parts:
        yield from _given(container, f"of {container}", _LINUX_ONLY_OF_CONTAINERS)


def _given(
    part: PodTemplate | Container, owner: str, paths: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[str, Place]]:
    for path in paths:
        if part.unknown(*path):
            continue
        value = part.get(*path)
        if value is None or value == [] or (value is False and path in _ABSENT_IF_FALSE):
            continue
        yield f"{'.'.join(path)} {owner}".rstrip(), part.at(*path, key=True)
