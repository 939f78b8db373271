"""What the name of an image says about the processor that it is built for."""

import re

from ekslint import Container, Workload

_WORDS = {
    "amd64": "amd64",
    "x86_64": "amd64",
    "x86-64": "amd64",
    "arm64": "arm64",
    "aarch64": "arm64",
    "arm64v8": "arm64",
}
_ALTERNATIVES = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_IN_NAME = re.compile(rf"(?:^|[-_.])({_ALTERNATIVES})(?:$|[-_.])")
_PUBLIC = (
    "docker.io/",
    "public.ecr.aws/",
    "registry.k8s.io/",
    "k8s.gcr.io/",
    "gcr.io/",
    "quay.io/",
    "ghcr.io/",
)
_OF_EKS = re.compile(r"[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/(eks|amazon)/")


def image_architecture(container: Container) -> str | None:
    """`amd64` or `arm64` where the image's repository or tag says so; None where it says nothing, or both.

    A digest may be that of an index for all processors, whatever the tag says.
    """
    reference = container.image_reference
    if reference is None or reference.digest is not None:
        return None
    steps = reference.repository.split("/")
    if reference.registry == "docker.io" and steps[0] in {"arm64v8", "amd64"}:
        return _WORDS[steps[0]]
    texts = [steps[-1], reference.tag or ""]
    found = {_WORDS[match] for text in texts for match in _IN_NAME.findall(text.lower())}
    return found.pop() if len(found) == 1 else None


def is_public(container: Container) -> bool:
    """Whether an image comes from where images are built for all processors, as a rule."""
    reference = container.image_reference
    if reference is None:
        return True
    name = f"{reference.registry}/{reference.repository}"
    return name.startswith(_PUBLIC) or _OF_EKS.match(name) is not None


_DEVICE_PLUGIN = re.compile(r"(?:^|[-_])(?:device-plugin|gpu-feature-discovery|dcgm-exporter|neuron-monitor|efa-k8s)")


def is_device_plugin(workload: Workload) -> bool:
    """Whether a workload hands out or watches devices that only some nodes have."""
    names = [workload.known_name or ""]
    for container in workload.pod.containers:
        reference = container.image_reference
        names.append(reference.name if reference is not None else "")
    return any(_DEVICE_PLUGIN.search(name) for name in names)


_PLUGINS = {"k8s-device-plugin": "nvidia", "nvidia-device-plugin": "nvidia", "neuron-device-plugin": "neuron"}


def plugin_for(workload: Workload) -> str | None:
    """`nvidia` or `neuron` for the device plugin of one of them."""
    for container in workload.pod.containers:
        reference = container.image_reference
        name = reference.name if reference is not None else ""
        if name in _PLUGINS and (name != "k8s-device-plugin" or "nvidia" in f"{container.image}"):
            return _PLUGINS[name]
    name = workload.known_name or ""
    return next((maker for plugin, maker in _PLUGINS.items() if name.startswith(plugin)), None)
