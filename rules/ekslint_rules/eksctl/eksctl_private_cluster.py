from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Place, Severity, nearest, rule
from ekslint_rules.eksctl._reading import flag, is_absent, is_given, is_off, is_set, texts

_OPTIONAL_ENDPOINTS = ("autoscaling", "cloudformation", "logs")
_SWITCH = ("privateCluster", "enabled")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_private_cluster(config: ClusterConfig) -> Iterator[Finding]:
    """The cluster is to be fully private, but something in the file does not go with that.

    ## Why is this bad?
    A fully private cluster has no way out: its nodes reach AWS by VPC endpoints only, in private subnets. eksctl
    refuses a file that says otherwise.

    ## When it stays silent
    Node groups whose subnets a template fills in.

    ## References
    - eksctl, EKS fully-private cluster
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (ValidatePrivateCluster) and endpoint_service.go
    """
    if not flag(config, *_SWITCH):
        return
    private = [(config.at(*_SWITCH), "a fully private cluster")]
    yield from _node_groups(config, private)
    if is_given(config, "vpc", "id") and is_absent(config, "vpc", "subnets", "private"):
        yield Finding(
            config.at("vpc", "id"),
            "the VPC exists already, but no private subnet of it is listed: a fully private cluster has no others",
            label="vpc.subnets.private is missing",
            related=private,
        )
    endpoints = [name for name in ("publicAccess", "privateAccess") if is_set(config, "vpc", "clusterEndpoints", name)]
    if endpoints:
        yield Finding(
            config.at("vpc", "clusterEndpoints", key=True),
            "a fully private cluster has nothing but the private endpoint: vpc.clusterEndpoints cannot be set",
            label="not in a fully private cluster",
            related=private,
            lower=config.cluster.may_be_partial,
        )
    if is_given(config, "localZones"):
        yield Finding(
            config.at("localZones", key=True),
            "a fully private cluster cannot have nodes in local zones",
            label="not in a fully private cluster",
            related=private,
        )
    yield from _endpoint_services(config)


def _node_groups(config: ClusterConfig, private: list[tuple[Place, str]]) -> Iterator[Finding]:
    for group in config.parts:
        if is_off(group, "privateNetworking"):
            place = group.at("privateNetworking")
            yield Finding(
                place if place.is_written else group.at("name"),
                f"{group} is in public subnets, which a fully private cluster does not have",
                label="privateNetworking is not true",
                help="set privateNetworking: true",
                related=private,
            )
        if not group.is_managed and is_given(group, "outpostARN") and is_absent(config, "outpost"):
            yield Finding(
                group.at("outpostARN"),
                f"{group} is on an Outpost, which a fully private cluster in a region cannot reach",
                label="not in a fully private cluster",
                related=private,
            )


def _endpoint_services(config: ClusterConfig) -> Iterator[Finding]:
    services = ("privateCluster", "additionalEndpointServices")
    if is_given(config, *services) and flag(config, "privateCluster", "skipEndpointCreation"):
        yield Finding(
            config.at(*services, key=True),
            "privateCluster asks for further VPC endpoints, and for none at all",
            label="contradicts skipEndpointCreation",
            related=[(config.at("privateCluster", "skipEndpointCreation"), "no endpoints are created")],
        )
    seen: set[str] = set()
    for path, service in texts(config, *services):
        if service not in _OPTIONAL_ENDPOINTS:
            meant = nearest(service, _OPTIONAL_ENDPOINTS)
            yield Finding(
                config.at(*path),
                f"{service} is no further endpoint: eksctl offers {', '.join(_OPTIONAL_ENDPOINTS)}, and creates those "
                "that are needed by itself",
                label="not offered",
                help=f"did you mean {meant}?" if meant is not None else None,
            )
        elif service in seen:
            yield Finding(config.at(*path), f"the endpoint for {service} is listed twice", label="listed before")
        seen.add(service)
