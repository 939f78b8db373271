from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import (
    Path,
    addon_path,
    flag,
    is_absent,
    is_given,
    is_off,
    is_set,
    is_unknown,
    items,
    knows_all_items,
    text,
    uses_ipv6,
)
from ekslint_rules.eksctl._versions import is_older, version_key

_AGENT = "eks-pod-identity-agent"
_FIRST_CNI = "1.10.0"
_FIRST_KUBERNETES = "1.21"


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_ipv6_prereqs(config: ClusterConfig) -> Iterator[Finding]:
    """The cluster uses IPv6, but something in the file does not go with it.

    ## Why is this bad?
    An IPv6 cluster needs the core add-ons as EKS add-ons, with permissions of their own for the VPC CNI; it has no NAT
    gateway, and eksctl creates no self-managed nodes for it. eksctl refuses the file.

    ## When it stays silent
    Auto Mode needs no add-ons. Versions that a template fills in.

    ## References
    - eksctl, IPv6 support
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go and pkg/cfn/builder/nodegroup.go
    """
    if not uses_ipv6(config):
        return
    family = [(config.at("kubernetesNetworkConfig", "ipFamily"), "an IPv6 cluster")]
    for path, label, why in _excluded(config):
        yield Finding(config.at(*path, key=True), why, label=label, related=family)
    version = text(config, "metadata", "version")
    if version is not None and is_older(version, _FIRST_KUBERNETES):
        yield Finding(
            config.at("metadata", "version"),
            f"Kubernetes {version} knows no IPv6 on EKS: it takes {_FIRST_KUBERNETES} or later",
            label=f"older than {_FIRST_KUBERNETES}",
            related=family,
        )
    yield from _cni_version(config)
    if is_off(config, "autoModeConfig", "enabled"):
        yield from _addons(config)


def _excluded(config: ClusterConfig) -> Iterator[tuple[Path, str, str]]:
    if is_set(config, "vpc", "nat"):
        yield (
            ("vpc", "nat"),
            "not with IPv6",
            "eksctl sets up the way out of an IPv6 VPC by itself: vpc.nat cannot be set",
        )
    if flag(config, "vpc", "autoAllocateIPv6"):
        yield (
            ("vpc", "autoAllocateIPv6"),
            "not with IPv6",
            "vpc.autoAllocateIPv6 adds IPv6 ranges to an IPv4 cluster: an IPv6 cluster has them anyway",
        )
    if is_given(config, "localZones"):
        yield ("localZones",), "not with IPv6", "an IPv6 cluster cannot have nodes in local zones"
    if is_given(config, "nodeGroups"):
        yield (
            ("nodeGroups",),
            "self-managed",
            "eksctl creates no self-managed node groups for an IPv6 cluster: these belong into managedNodeGroups",
        )


def _cni_version(config: ClusterConfig) -> Iterator[Finding]:
    path = addon_path(config, "vpc-cni")
    version = text(config, *path, "version") if path is not None else None
    if path is None or version is None or version == "latest":
        return
    if version_key(version) is None:
        yield Finding(
            config.at(*path, "version"),
            f"{version} is no version of vpc-cni: eksctl must know it to tell whether it supports IPv6",
            label="not a version",
        )
    elif is_older(version, _FIRST_CNI):
        yield Finding(
            config.at(*path, "version"),
            f"vpc-cni {version} gives no IPv6 addresses: eksctl wants {_FIRST_CNI} or later",
            label=f"older than {_FIRST_CNI}",
        )


def _addons(config: ClusterConfig) -> Iterator[Finding]:
    if not knows_all_items(config, "addons"):
        return
    if any(is_unknown(config, *path, "name") for path in items(config, "addons")):
        return
    if addon_path(config, "coredns") is None:
        place = config.at("addons", key=True)
        yield Finding(
            place if place.is_written else config.at("kubernetesNetworkConfig", "ipFamily"),
            f"{config.cluster} uses IPv6, but does not list the add-on coredns, which eksctl demands then",
            label="coredns is missing",
            help="list vpc-cni, coredns and kube-proxy under addons, or enable Auto Mode",
            discriminator="coredns",
        )
    cni, agent = addon_path(config, "vpc-cni"), addon_path(config, _AGENT)
    if cni is None:
        return
    if agent is None and is_off(config, "iam", "withOIDC"):
        yield Finding(
            config.at(*cni, "name"),
            "vpc-cni needs permissions of its own for IPv6, but the cluster has neither an OIDC provider nor "
            f"{_AGENT} to give it any",
            label="no way to get a role",
            help=f"set iam.withOIDC: true, or add {_AGENT} to addons",
        )
    elif agent is not None and _gets_no_association(config, cni):
        yield Finding(
            config.at(*cni, "name"),
            f"with {_AGENT} listed, eksctl takes it that vpc-cni gets its permissions by Pod Identity, "
            "but nothing gives it an association",
            label="no pod identity association",
            help="set addonsConfig.autoApplyPodIdentityAssociations: true, or give vpc-cni "
            "useDefaultPodIdentityAssociations or podIdentityAssociations",
            related=[(config.at(*agent, "name"), f"{_AGENT} is listed")],
            discriminator="association",
        )


def _gets_no_association(config: ClusterConfig, cni: Path) -> bool:
    switches: tuple[Path, ...] = (
        ("addonsConfig", "autoApplyPodIdentityAssociations"),
        (*cni, "useDefaultPodIdentityAssociations"),
    )
    return all(is_off(config, *switch) for switch in switches) and is_absent(config, *cni, "podIdentityAssociations")
