"""Image references."""

from typing import NamedTuple


class ImageReference(NamedTuple):
    """A container image, taken apart; see `distribution/reference` for the grammar."""

    registry: str
    """`docker.io` where none is written."""
    repository: str
    """The path without registry: `eks-distro/coredns/coredns`, `library/nginx`."""
    tag: str | None
    """None where none is written: the registry then serves `latest`."""
    digest: str | None
    """`sha256:…`; it wins over the tag."""

    @property
    def name(self) -> str:
        """The last part of the repository: `coredns`."""
        return self.repository.rpartition("/")[2]


def parse_image(text: str) -> ImageReference:
    """The parts of an image reference; never fails, as the registry alone knows what is right."""
    name, _, digest = text.partition("@")
    head, slash, rest = name.rpartition("/")
    last, colon, tag = rest.partition(":")
    path = f"{head}{slash}{last}"
    first, slash, remainder = path.partition("/")
    # Without a dot, a colon or "localhost" the first part is a user of Docker Hub.
    if slash and ("." in first or ":" in first or first == "localhost"):
        registry, repository = first, remainder
    else:
        registry, repository = "docker.io", path if slash else f"library/{path}"
    return ImageReference(registry, repository, tag if colon else None, digest or None)
