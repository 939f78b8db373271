"""What a Parameter Store path or the name of an image tells about the nodes that run it.

Sources: EKS user guide (retrieve-ami-id, retrieve-ami-id-bottlerocket, retrieve-windows-ami-id), eksctl 0.231
`pkg/ami`, Karpenter for AWS 1.14 `pkg/providers/amifamily`.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from .ami_families import AmiFamily, family, narrowed

_ARN = r"\Aarn:[a-z0-9-]+:ssm:[a-z0-9-]*:[0-9]*:parameter(?=/)"
_VERSION = r"(?P<version>[0-9]{1,2}\.[0-9]{1,3})"
_ARCHITECTURE = r"(?P<arch>x86_64|amd64|arm64|aarch64)"
_EC2_TO_KUBERNETES = {"x86_64": "amd64", "aarch64": "arm64"}

_MOVING = frozenset({"recommended", "latest", "current"})
_AMAZON_LINUX_2_VARIANTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("amd64", ()),
    "-gpu": ("amd64", ("nvidia", "neuron")),
    "-arm64": ("arm64", ()),
}

_PATHS = {
    "al2": rf"/aws/service/eks/optimized-ami/{_VERSION}/amazon-linux-2(?P<variant>-gpu|-arm64|)"
    r"/(?P<release>[^/]+)(?:/.*)?",
    "al2023": rf"/aws/service/eks/optimized-ami/{_VERSION}/amazon-linux-2023/{_ARCHITECTURE}"
    r"/(?P<variant>[^/]+)/(?P<release>[^/]+)(?:/.*)?",
    "bottlerocket": rf"/aws/service/bottlerocket/aws-k8s-{_VERSION}(?P<variant>(?:-[a-z0-9]+)*)/{_ARCHITECTURE}"
    r"/(?P<release>[^/]+)(?:/.*)?",
    "windows": r"/aws/service/ami-windows-latest/Windows_Server-(?P<edition>[0-9A-Z]+)-English-(?P<variant>Core|Full)"
    rf"-EKS_Optimized-{_VERSION}(?:-(?P<release>[^/]+))?(?:/.*)?",
    "ubuntu": rf"/aws/service/canonical/ubuntu/(?P<variant>eks|eks-pro)/(?P<edition>[0-9]+\.[0-9]+)/{_VERSION}"
    rf"/stable/(?P<release>[^/]+)/{_ARCHITECTURE}(?:/.*)?",
}

_NAMES = {
    "al2": rf"amazon-eks-(?P<variant>gpu-|arm64-|)node-{_VERSION}(?:-(?P<release>.*))?",
    "al2023": rf"amazon-eks-node-al2023-{_ARCHITECTURE}-(?P<variant>[a-z]+)(?:-[0-9*]+)?"
    rf"-{_VERSION}(?:-(?P<release>.*))?",
    "bottlerocket": rf"bottlerocket-aws-k8s-{_VERSION}(?P<variant>(?:-(?!v?[0-9]|x86_64|arm64|aarch64)[a-z]+)*)"
    rf"-{_ARCHITECTURE}(?:-(?P<release>.*))?",
    "windows": r"Windows_Server-(?P<edition>[0-9A-Z]+)-English-(?P<variant>Core|Full)"
    rf"-EKS_Optimized-{_VERSION}(?:-(?P<release>.*))?",
    "ubuntu": rf"ubuntu-(?P<variant>eks|eks-pro)/k8s_{_VERSION}/images/.*?"
    rf"(?P<edition>[0-9]{{2}}\.[0-9]{{2}})-{_ARCHITECTURE}(?:-server)?(?:-(?P<release>.*)|\*)?",
}


class AmiReference(NamedTuple):
    """An image by its path or name."""

    family: AmiFamily
    """Narrowed to the image's one architecture and its accelerators."""
    kubernetes_version: str
    """The minor version the image was built for, as written (`1.31`)."""
    architecture: str
    """`amd64` or `arm64`."""
    release: str | None
    """`recommended`, `latest` or a build; None if not said."""

    @property
    def is_pinned(self) -> bool:
        """Whether it always names the same image."""
        return self.release is not None and self.release not in _MOVING and "*" not in self.release


def from_ssm_path(path: str) -> AmiReference | None:
    """What the public parameter `path` (`/aws/service/eks/optimized-ami/1.31/…/image_id`, or its ARN) stands for.

    None for any other parameter, the plain (not EKS optimised) images of Amazon Linux included.
    """
    return _first_match(_PATHS, re.sub(_ARN, "", path))


def from_ami_name(name: str) -> AmiReference | None:
    """What an image called `name` is (`amazon-eks-node-1.29-v20240129`, a filter with `*` included), or None."""
    return _first_match(_NAMES, name)


def _first_match(patterns: Mapping[str, str], text: str) -> AmiReference | None:
    for kind, pattern in patterns.items():
        # compiled here, where re caches them, and not at import: most runs never see an image
        if found := re.fullmatch(pattern, text):
            return _reference(kind, found.groupdict())
    return None


def _reference(kind: str, parts: dict[str, str | None]) -> AmiReference | None:
    variant = parts["variant"] or ""
    architecture = parts.get("arch") or "amd64"
    architecture = _EC2_TO_KUBERNETES.get(architecture, architecture)
    accelerators: tuple[str, ...] = ()
    match kind:
        case "al2":
            name = "AmazonLinux2"
            # image names carry the variant in front ("gpu-node"), paths behind ("-gpu")
            architecture, accelerators = _AMAZON_LINUX_2_VARIANTS[f"-{variant.strip('-')}" if variant else ""]
        case "al2023":
            name = "AmazonLinux2023"
            accelerators = (variant,) if variant in {"nvidia", "neuron"} else ()
        case "bottlerocket":
            name = "BottlerocketFips" if "-fips" in variant else "Bottlerocket"
            # Neuron instances run the standard variant
            accelerators = ("nvidia",) if "-nvidia" in variant else ("neuron",)
        case "windows":
            name = f"WindowsServer{parts['edition']}{variant}"
        case _:
            edition = (parts["edition"] or "").replace(".", "")
            name = f"Ubuntu{'Pro' if variant == 'eks-pro' else ''}{edition}"
    if family(name) is None:
        return None  # an edition that no table knows: say nothing about it
    release = parts["release"] or None
    return AmiReference(narrowed(name, (architecture,), accelerators), parts["version"] or "", architecture, release)
