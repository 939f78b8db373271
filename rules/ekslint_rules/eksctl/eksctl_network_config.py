from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, nearest, rule
from ekslint_rules.eksctl._cidr import is_cidr
from ekslint_rules.eksctl._reading import text, uses_ipv6

_FAMILIES = ("IPv4", "IPv6")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_network_config(config: ClusterConfig) -> Iterator[Finding]:
    """The IP family or the service CIDR of the cluster cannot be.

    ## Why is this bad?
    eksctl refuses the file, and nothing of this can be changed once the cluster exists.

    ## When it stays silent
    The IP family may be written in capitals or not.

    ## References
    - eksctl, IPv6 support
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (validateKubernetesNetworkConfig)
    """
    family = text(config, "kubernetesNetworkConfig", "ipFamily")
    if family is not None and family.lower() not in {name.lower() for name in _FAMILIES}:
        meant = nearest(family, _FAMILIES)
        yield Finding(
            config.at("kubernetesNetworkConfig", "ipFamily"),
            f"the IP family {family} does not exist: it is {' or '.join(_FAMILIES)}",
            label="unknown IP family",
            help=f"did you mean {meant}?" if meant is not None else None,
        )
    cidr = text(config, "kubernetesNetworkConfig", "serviceIPv4CIDR")
    if cidr is None:
        return
    place = config.at("kubernetesNetworkConfig", "serviceIPv4CIDR")
    if uses_ipv6(config):
        yield Finding(
            place,
            f"services of an IPv6 cluster get IPv6 addresses: the range {cidr} would never be used",
            label="not with IPv6",
            help="leave it out: EKS picks the range for IPv6",
            related=[(config.at("kubernetesNetworkConfig", "ipFamily"), "an IPv6 cluster")],
        )
    elif not is_cidr(cidr):
        yield Finding(place, f"{cidr} is no range of addresses", label="not a CIDR", help="write it as 10.100.0.0/16")
