from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import (
    is_absent,
    is_given,
    is_on_outposts,
    is_set,
    is_unknown,
    text,
    uses_ipv6,
    written,
)

_REMOTE = "remoteNetworkConfig"
_GATEWAYS = ("tgw", "vgw")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_remote_network(config: ClusterConfig) -> Iterator[Finding]:
    """The networks of hybrid nodes are described in a way that EKS or eksctl does not support.

    ## Why is this bad?
    eksctl refuses the file. Hybrid nodes need IPv4, access entries, one network for nodes, and a credential provider
    with what belongs to it.

    ## When it stays silent
    Both lists given and empty take the remote networks away again. A gateway is optional.

    ## References
    - eksctl, hybrid nodes
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (validateRemoteNetworkingConfig)
    """
    if not is_set(config, _REMOTE):
        return
    if is_on_outposts(config) and is_absent(config, "outpost", "etcdInstanceType"):
        yield Finding(
            config.at(_REMOTE, key=True),
            "hybrid nodes join a cluster on Outposts only if its etcd has instances of its own",
            label="outpost.etcdInstanceType is missing",
            related=[(config.at("outpost", key=True), "a cluster on Outposts")],
            discriminator="outposts",
        )
    if uses_ipv6(config):
        yield Finding(
            config.at(_REMOTE, key=True),
            "hybrid nodes cannot join an IPv6 cluster",
            label="not with IPv6",
            related=[(config.at("kubernetesNetworkConfig", "ipFamily"), "an IPv6 cluster")],
            discriminator="ipv6",
        )
    yield from _authentication(config)
    yield from _networks(config)
    yield from _gateway(config)
    yield from _credentials(config)


def _authentication(config: ClusterConfig) -> Iterator[Finding]:
    mode = config.cluster.authentication_mode if not config.cluster.unknown("authentication_mode") else None
    if mode == "CONFIG_MAP" and (text(config, "accessConfig", "authenticationMode") or not is_on_outposts(config)):
        yield Finding(
            config.at(_REMOTE, key=True),
            "hybrid nodes join by access entries, which authenticationMode CONFIG_MAP switches off",
            label="needs access entries",
            help="set accessConfig.authenticationMode to API_AND_CONFIG_MAP or API",
            related=[(config.at("accessConfig", "authenticationMode"), "no access entries")],
            discriminator="authentication",
        )


def _networks(config: ClusterConfig) -> Iterator[Finding]:
    for field in ("remoteNodeNetworks", "remotePodNetworks"):
        networks = written(config, _REMOTE, field)
        if isinstance(networks, list) and len(networks) > 1:
            yield Finding(
                config.at(_REMOTE, field, key=True),
                f"{field} lists {len(networks)} networks: EKS takes one, which may have several CIDRs",
                label="more than one network",
                help="put all ranges under the cidrs of one network",
            )
    if not is_absent(config, _REMOTE, "remoteNodeNetworks"):
        return
    pods = written(config, _REMOTE, "remotePodNetworks")
    if pods == [] or is_unknown(config, _REMOTE, "remotePodNetworks"):
        return
    on_outposts = is_on_outposts(config)
    if on_outposts is False or (on_outposts and not pods):
        field, whose = ("remotePodNetworks", "pods") if on_outposts else ("remoteNodeNetworks", "nodes")
        yield Finding(
            config.at(_REMOTE, field),
            f"{_REMOTE} has no {field}: EKS must know the addresses of the {whose} outside of AWS",
            label=f"{field} is missing",
        )


def _gateway(config: ClusterConfig) -> Iterator[Finding]:
    gateway = text(config, _REMOTE, "vpcGatewayID")
    if gateway is None:
        return
    place = config.at(_REMOTE, "vpcGatewayID")
    if is_given(config, "vpc", "id"):
        yield Finding(
            place,
            f"eksctl attaches the gateway {gateway} only to a VPC that it creates",
            label="not with an existing VPC",
            help="attach the gateway yourself, and leave vpcGatewayID out",
            related=[(config.at("vpc", "id"), "this VPC exists already")],
        )
    if not gateway.startswith(_GATEWAYS):
        yield Finding(
            place,
            f"{gateway} is neither a transit gateway (tgw-…) nor a virtual private gateway (vgw-…)",
            label="unknown kind of gateway",
            discriminator="kind",
        )


def _credentials(config: ClusterConfig) -> Iterator[Finding]:
    iam = (_REMOTE, "iam")
    written_provider = "(empty)" if written(config, *iam, "provider") == "" else text(config, *iam, "provider")
    if written_provider is None and not is_absent(config, *iam, "provider"):
        return
    provider = (written_provider or "ssm").lower()
    if provider not in {"ssm", "ira"}:
        yield Finding(
            config.at(*iam, "provider"),
            f"{written_provider} gives hybrid nodes no credentials: eksctl knows ssm (Systems Manager) and ira "
            "(IAM Roles Anywhere)",
            label="ssm or ira",
        )
    elif provider == "ssm" and is_set(config, *iam, "caBundleCert"):
        yield Finding(
            config.at(*iam, "caBundleCert", key=True),
            "Systems Manager gives hybrid nodes credentials without a certificate authority: caBundleCert is for ira",
            label="only with provider ira",
            related=[(config.at(*iam, "provider"), "provider ssm" if written_provider else "ssm is the default")],
        )
    elif (
        provider == "ira" and not is_set(config, *iam, "caBundleCert") and not is_unknown(config, *iam, "caBundleCert")
    ):
        yield Finding(
            config.at(*iam, "provider"),
            "IAM Roles Anywhere trusts a certificate authority of yours, but iam has no caBundleCert",
            label="caBundleCert is missing",
            discriminator="certificate",
        )
