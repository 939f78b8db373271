"""The operating system images of EKS nodes, under every name that eksctl, EKS and Karpenter give them.

The tables are `data/ami_families.tsv` and `data/ami_types.tsv`. Architectures are written as Kubernetes does
(`amd64`, `arm64`), whatever the source calls them. Parameter Store paths and image names are read in `ami_names`.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ._tables import rows, words


class AmiFamily(NamedTuple):
    """An operating system for nodes, or a narrower choice of it (one architecture, one accelerator)."""

    name: str
    """`AmazonLinux2023`, `Bottlerocket`, `WindowsServer2022Core`, `Ubuntu2204`, …; `Custom` for the user's own."""
    operating_system: str | None
    """`linux` or `windows`; None where the user's own image decides."""
    architectures: frozenset[str]
    """A subset of `amd64` and `arm64`."""
    accelerators: frozenset[str]
    """Whose drivers the images carry: a subset of `nvidia` and `neuron`.

    A family by name lists what it can pick for the instance type; an AMI type or a path, what that image has.
    """
    bootstrap: str | None
    """How user data reaches the kubelet: `bootstrap.sh`, `nodeadm`, `toml`, `powershell`; None for `Custom`."""
    first_kubernetes: str | None
    """The oldest version with images; None if older than every version of interest."""
    last_kubernetes: str | None
    """The newest version with images; None while new versions keep coming."""
    end_of_support: date | None
    """The last day of support; None without a published date."""
    data_device: str | None
    """The device name of the volume that holds images and ephemeral storage."""
    windows_build: str | None
    """The value of `node.kubernetes.io/windows-build`, without the revision; None for Linux."""

    @property
    def is_windows(self) -> bool:
        """Whether pods must be Windows pods."""
        return self.operating_system == "windows"

    @property
    def is_bottlerocket(self) -> bool:
        """Whether settings are TOML and the system has a volume of its own."""
        return self.bootstrap == "toml"

    @property
    def is_custom(self) -> bool:
        """Whether the user's own image decides everything, so that nothing about it is known."""
        return self.name == "Custom"

    @property
    def supports_ipv6(self) -> bool:
        """Whether such nodes can join a cluster with IPv6 pods."""
        return not self.is_windows


@cache
def _families() -> Mapping[str, tuple[AmiFamily, str, str, str]]:
    families = {}
    for name, system, architectures, accelerators, bootstrap, first, last, end, device, build, *names in rows(
        "ami_families.tsv"
    ):
        family = AmiFamily(
            name,
            system or None,
            frozenset(words(architectures)),
            frozenset(words(accelerators)),
            bootstrap or None,
            first or None,
            last or None,
            date.fromisoformat(end) if end else None,
            device or None,
            build or None,
        )
        eksctl, karpenter, alias = names
        families[name] = (family, eksctl, karpenter, alias)
    return MappingProxyType(families)


@cache
def _named(column: int) -> Mapping[str, AmiFamily]:
    return MappingProxyType({names[column]: family for family, *names in _families().values() if names[column]})


@cache
def _ami_types() -> Mapping[str, AmiFamily]:
    return MappingProxyType(
        {
            ami_type: narrowed(family, words(architectures), words(accelerators))
            for ami_type, family, architectures, accelerators in rows("ami_types.tsv")
        }
    )


def narrowed(name: str, architectures: tuple[str, ...], accelerators: tuple[str, ...]) -> AmiFamily:
    """The family called `name`, with just these architectures and accelerators; KeyError for an unknown name."""
    family, *_ = _families()[name]
    return family._replace(architectures=frozenset(architectures), accelerators=frozenset(accelerators))


def family(name: str) -> AmiFamily | None:
    """The family with this table's own name (`AmiFamily.name`), or None."""
    found = _families().get(name)
    return found[0] if found else None


def from_eksctl(ami_family: str) -> AmiFamily | None:
    """The family that eksctl calls `amiFamily: <ami_family>` (names it has dropped included), or None."""
    return _named(0).get(ami_family)


def eksctl_names() -> tuple[str, ...]:
    """Every `amiFamily` that eksctl accepts, in the table's order."""
    dropped = {"WindowsServer2004CoreContainer", "WindowsServer20H2CoreContainer"}
    return tuple(name for name in _named(0) if name not in dropped)


def from_ami_type(ami_type: str) -> AmiFamily | None:
    """What the EKS API calls `amiType: <ami_type>` (`AL2023_ARM_64_STANDARD`, `CUSTOM`, …), or None."""
    return _ami_types().get(ami_type)


def ami_types() -> tuple[str, ...]:
    """Every AMI type of managed node groups, sorted."""
    return tuple(_ami_types())


def from_karpenter(ami_family: str) -> AmiFamily | None:
    """The family that an EC2NodeClass calls `amiFamily: <ami_family>` (`AL2023`, `Custom`, …), or None.

    `Ubuntu` was dropped in Karpenter 1.0 and is still answered; `Windows20xx` is the Core edition.
    """
    return _named(1).get(ami_family)


def karpenter_names() -> tuple[str, ...]:
    """Every `amiFamily` that an EC2NodeClass v1 may have, in the table's order."""
    return tuple(name for name in _named(1) if name != "Ubuntu")


def from_karpenter_alias(alias: str) -> AmiFamily | None:
    """The family of an alias selector term, `al2023@latest` or just `al2023`, or None."""
    return _named(2).get(alias.partition("@")[0])


def karpenter_alias_version(alias: str) -> str | None:
    """What stands behind the `@` of an alias (`latest`, `v20240807`), or None if there is no version."""
    return alias.partition("@")[2] or None


def karpenter_alias_families() -> tuple[str, ...]:
    """The families that an alias may name, in the table's order."""
    return tuple(_named(2))
