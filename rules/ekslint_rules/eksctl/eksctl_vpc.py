from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, dotted, eksctl_fields, nearest, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl._cidr import is_cidr, network_of
from ekslint_rules.eksctl._control_plane_subnets import control_plane_subnet_problems
from ekslint_rules.eksctl._reading import (
    Path,
    flag,
    is_absent,
    is_given,
    is_off,
    is_set,
    text,
    texts,
    uses_ipv6,
    written,
)

_HOSTNAME_TYPES = ("ip-name", "resource-name")
_ACCESS = ("vpc", "clusterEndpoints")
_SHORTEST_PREFIX = 16
_LONGEST_PREFIX = 24
_EMPTY = "is empty, which"


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_vpc(config: ClusterConfig) -> Iterator[Finding]:
    """The VPC, or the way to the API server, is described in a way that eksctl refuses.

    ## Why is this bad?
    Nothing of it can be created: ranges of addresses that are none, an API server without any endpoint, settings that
    exclude each other.

    ## When it stays silent
    Values that a template fills in; what EC2 alone knows about subnets that exist.

    ## References
    - eksctl, VPC networking and cluster access
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (ValidateVPCConfig), vpc.go, and pkg/vpc/vpc.go
    """
    yield from _endpoints(config)
    yield from _ranges(config)
    yield from _ipv6(config)
    yield from _security_groups(config)
    yield from _nat_and_host_names(config)
    yield from control_plane_subnet_problems(config)


def _endpoints(config: ClusterConfig) -> Iterator[Finding]:
    if flag(config, "privateCluster", "enabled") or is_given(config, "outpost", "controlPlaneOutpostARN"):
        return
    private = config.at(*_ACCESS, "privateAccess")
    if flag(config, *_ACCESS, "publicAccess") is False and is_off(config, *_ACCESS, "privateAccess"):
        yield Finding(
            config.at(*_ACCESS, "publicAccess"),
            "neither the public nor the private endpoint is on: nobody could reach the API server",
            label="no endpoint at all",
            help="set privateAccess: true",
            related=[(private, "off")] if private.is_written else [],
        )


def _ranges(config: ClusterConfig) -> Iterator[Finding]:
    for field in ("publicAccessCIDRs", "extraCIDRs"):
        for path, cidr in texts(config, "vpc", field):
            if not is_cidr(cidr):
                yield Finding(
                    config.at(*path),
                    f"{cidr} in vpc.{field} is no range of addresses",
                    label="not a CIDR",
                    help=f"did you mean {cidr}/32?" if is_cidr(f"{cidr}/32") and ":" not in cidr else None,
                )
    for path in _subnets(config):
        cidr = written(config, *path)
        if isinstance(cidr, str) and not is_cidr(cidr):
            yield Finding(
                config.at(*path), f"{dotted(path)} {cidr or _EMPTY} is no range of addresses", label="not a CIDR"
            )
    whole = written(config, "vpc", "cidr")
    if not isinstance(whole, str):
        return
    network = network_of(whole)
    place = config.at("vpc", "cidr")
    if network is None:
        yield Finding(place, f"vpc.cidr {whole or _EMPTY} is no range of addresses", label="not a CIDR")
    elif is_absent(config, "vpc", "id") and is_absent(config, "vpc", "subnets"):
        if network.version != 4:
            yield Finding(place, f"eksctl creates a VPC from an IPv4 range, not from {whole}", label="not IPv4")
        elif not _SHORTEST_PREFIX <= network.prefixlen <= _LONGEST_PREFIX:
            yield Finding(
                place,
                f"eksctl cannot cut a VPC of /{network.prefixlen} into subnets: it takes "
                f"/{_SHORTEST_PREFIX} to /{_LONGEST_PREFIX}",
                label=f"/{_SHORTEST_PREFIX} to /{_LONGEST_PREFIX}",
            )


def _subnets(config: ClusterConfig) -> Iterator[Path]:
    for side in ("private", "public"):
        listed = written(config, "vpc", "subnets", side)
        yield from (("vpc", "subnets", side, alias, "cidr") for alias in (listed if isinstance(listed, dict) else ()))


def _ipv6(config: ClusterConfig) -> Iterator[Finding]:
    ipv6 = uses_ipv6(config)
    if ipv6 is False:
        for field in ("extraIPv6CIDRs", "ipv6Cidr", "ipv6Pool"):
            if is_given(config, "vpc", field):
                yield Finding(
                    config.at("vpc", field, key=True),
                    f"vpc.{field} is for IPv6 clusters, but this one uses IPv4",
                    label="only with ipFamily IPv6",
                    help="set kubernetesNetworkConfig.ipFamily: IPv6",
                )
        return
    for path, cidr in texts(config, "vpc", "extraIPv6CIDRs"):
        if not is_cidr(cidr):
            yield Finding(
                config.at(*path), f"{cidr} in vpc.extraIPv6CIDRs is no range of addresses", label="not a CIDR"
            )
    for field, other in (("ipv6Cidr", "ipv6Pool"), ("ipv6Pool", "ipv6Cidr")):
        if is_given(config, "vpc", field) and is_absent(config, "vpc", other):
            yield Finding(
                config.at("vpc", field, key=True),
                f"vpc.{field} needs vpc.{other}: an IPv6 range of your own comes out of a pool",
                label=f"{other} is missing",
            )
    if all(is_given(config, "vpc", field) for field in ("ipv6Cidr", "ipv6Pool", "id")):
        yield Finding(
            config.at("vpc", "ipv6Cidr", key=True),
            "the VPC exists already, with IPv6 ranges of its own: vpc.ipv6Cidr cannot add one",
            label="not with an existing VPC",
            related=[(config.at("vpc", "id"), "this VPC exists")],
        )


def _security_groups(config: ClusterConfig) -> Iterator[Finding]:
    if is_given(config, "vpc", "securityGroup") and is_given(config, "vpc", "controlPlaneSecurityGroupIDs"):
        yield Finding(
            config.at("vpc", "controlPlaneSecurityGroupIDs", key=True),
            "the control plane's security groups are given twice, as vpc.securityGroup and as "
            "vpc.controlPlaneSecurityGroupIDs",
            label="not with securityGroup",
            help="move the group of securityGroup into controlPlaneSecurityGroupIDs",
            related=[(config.at("vpc", "securityGroup"), "given here too")],
        )
    rules = ("vpc", "manageSharedNodeSecurityGroupRules")
    if flag(config, *rules) is False and is_absent(config, "vpc", "sharedNodeSecurityGroup"):
        yield Finding(
            config.at(*rules),
            "eksctl creates the security group that the nodes share, but is not to give it any rules: "
            "nodes could not talk to each other",
            label="only with sharedNodeSecurityGroup",
            help="name a group of your own as vpc.sharedNodeSecurityGroup, or remove this",
        )


def _nat_and_host_names(config: ClusterConfig) -> Iterator[Finding]:
    modes = eksctl_fields.fields_of("ClusterNAT")["gateway"].allowed
    mode = text(config, "vpc", "nat", "gateway")
    if mode is not None and mode not in modes:
        meant = nearest(mode, modes)
        yield Finding(
            config.at("vpc", "nat", "gateway"),
            f"{mode} is no way to set up NAT gateways: eksctl knows {enumerated(modes)}",
            label="unknown mode",
            help=f"did you mean {meant}?" if meant is not None else None,
        )
    elif is_set(config, "vpc", "nat") and is_absent(config, "vpc", "nat", "gateway"):
        yield Finding(
            config.at("vpc", "nat", key=True),
            "vpc.nat says nothing: eksctl fails on it without a word about why",
            label="gateway is missing",
            help=f"set gateway to {enumerated(modes, 'or')}, or remove vpc.nat",
        )
    kind = text(config, "vpc", "hostnameType")
    if kind is None:
        return
    if is_given(config, "vpc", "subnets", "private") or is_given(config, "vpc", "subnets", "public"):
        yield Finding(
            config.at("vpc", "hostnameType"),
            "vpc.hostnameType is for subnets that eksctl creates, but these exist already",
            label="not with vpc.subnets",
            related=[(config.at("vpc", "subnets", key=True), "subnets that exist")],
        )
    elif kind not in _HOSTNAME_TYPES:
        yield Finding(
            config.at("vpc", "hostnameType"),
            f"instances cannot be named by {kind}: EC2 knows {' and '.join(_HOSTNAME_TYPES)}",
            label="unknown host name type",
        )
