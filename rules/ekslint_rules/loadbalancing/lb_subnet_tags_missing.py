from collections.abc import Iterator, Sequence

from ekslint import Cluster, Finding, Ingress, Place, Service, Severity, Subnet, network_limits, regions, rule
from ekslint_rules._installations import goes_to
from ekslint_rules.loadbalancing._balancers import Balancer, balancers_with_found_subnets
from ekslint_rules.loadbalancing._controller import ControllerSettings, controller_settings

_TAG_VALUES = frozenset({"", "1"})
_CLUSTER_TAG = "kubernetes.io/cluster"
_INTERNAL = "internal"


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation", "kubernetes"))
def lb_subnet_tags_missing(cluster: Cluster) -> Iterator[Finding]:
    """Load balancers are asked for, but the subnets of the VPC are not tagged for them.

    ## Why is this bad?
    Auto Mode and the AWS Load Balancer Controller look for subnets whose tag `kubernetes.io/role/elb` (towards the
    internet) or `kubernetes.io/role/internal-elb` is `1` or empty. Where none is found, or all of them are tagged for
    other clusters, there is no load balancer; an Application Load Balancer needs them in two availability zones. From
    version 2.12.1 on the controller takes untagged subnets with the right routes instead, whichever they are: then a
    missing tag is a warning.

    ## When it stays silent
    Objects, groups and IngressClassParams that name their subnets; VPCs of other templates, and those of eksctl, which
    tags them; subnets of which the files do not tell whether they are public, or in which zone; subnets in local zones,
    where one is enough; Classic Load Balancers, which need no tags; a scheme that only a chart's values tell.

    ## References
    - Amazon EKS user guide, route application and HTTP traffic with Application Load Balancers: prerequisites
    - Amazon EKS user guide, tag subnets for EKS Auto Mode
    - AWS Load Balancer Controller, subnet auto-discovery
    """
    network = cluster.network
    if cluster.is_implicit or cluster.dialect == "eksctl" or network is None:
        return
    clients: list[Ingress | Service] = [*cluster.estate.of(Ingress), *cluster.estate.of(Service)]
    mine = [client for client in clients if goes_to(client, cluster)]
    if not mine:
        return
    settings = controller_settings(cluster)
    is_auto_mode = not cluster.unknown("auto_mode") and cluster.auto_mode is not None
    default = _INTERNAL if is_auto_mode else None if settings is None else settings.default_scheme or _INTERNAL
    balancers = list(balancers_with_found_subnets(mine, cluster, default_scheme=default, is_auto_mode=is_auto_mode))
    for is_public in (True, False):
        wanted = [each for each in balancers if each.is_public is is_public]
        if wanted:
            side = network.public_subnets if is_public else network.private_subnets
            yield from _judge(cluster, settings, wanted, side, [*network.public_subnets, *network.private_subnets])


def _judge(
    cluster: Cluster,
    settings: ControllerSettings | None,
    wanted: Sequence[Balancer],
    side: Sequence[Subnet],
    everywhere: Sequence[Subnet],
) -> Iterator[Finding]:
    is_public = wanted[0].is_public
    tag = network_limits.PUBLIC_SUBNET_TAG if is_public else network_limits.PRIVATE_SUBNET_TAG
    name = "public" if is_public else "private"
    who = f"{wanted[0].client} wants a load balancer"
    if len(wanted) > 1:
        who = f"{wanted[0].client} and {len(wanted) - 1} more want one"
    where = f"{who} in the {name} subnets of {cluster}"
    clients = [(each.client.at("name"), f"{each.client}") for each in wanted]
    tagged = [subnet for subnet in everywhere if tag in subnet.tags and subnet.tags[tag] in _TAG_VALUES]
    if not tagged:
        yield from _untagged(cluster, settings, where, name, tag, side, clients)
        return
    mine = [subnet for subnet in tagged if not _is_for_others(subnet, cluster, settings)]
    if not mine:
        yield Finding(
            tagged[0].at("tags", tag),
            f"{where}, but whichever is tagged {tag} is tagged for other clusters: none is left",
            label="for another cluster",
            help=f"tag them {_CLUSTER_TAG}/{cluster.name} = shared as well",
            related=[*((subnet.at("tags", tag), f"{subnet} too") for subnet in tagged[1:]), *clients],
            lower=cluster.may_be_partial,
            discriminator=name,
        )
        return
    applications = [each for each in wanted if each.is_application]
    if not applications or (settings is not None and settings.gate("ALBSingleSubnet", default=False)):
        return
    zones = _zones(mine)
    if zones is None or len(zones) >= network_limits.ZONES_OF_APPLICATION_LOAD_BALANCER:
        return
    yield Finding(
        mine[0].at("tags", tag),
        f"the Application Load Balancer of {applications[0].client} needs subnets in two availability zones, but those "
        f"of {cluster} that are tagged {tag} lie in one",
        label="in one zone",
        help=f'tag {name} subnets in another zone {tag} = "1" as well',
        related=[
            *((subnet.at("tags", tag), f"{subnet} is in the same zone") for subnet in mine[1:]),
            *((each.client.at("name"), f"{each.client}") for each in applications),
        ],
        lower=cluster.may_be_partial,
        discriminator=name,
    )


def _untagged(
    cluster: Cluster,
    settings: ControllerSettings | None,
    where: str,
    name: str,
    tag: str,
    side: Sequence[Subnet],
    clients: Sequence[tuple[Place, str]],
) -> Iterator[Finding]:
    if not side:
        return
    mistagged = next((subnet for subnet in side if tag in subnet.tags), None)
    first = mistagged or side[0]
    yield Finding(
        first.at("tags") if mistagged is None else first.at("tags", tag),
        f"{where}, but none of the {len(side)} is tagged {tag}" + ("" if mistagged is None else ' with "1"'),
        label=f"without {tag}" if mistagged is None else 'neither "1" nor empty',
        help=f'tag the {name} subnets {tag} = "1"',
        related=[*((each.at("tags"), f"nor {each}") for each in side if each is not first), *clients],
        lower=cluster.may_be_partial,
        severity=Severity.ERROR if settings is not None and not settings.finds_untagged_subnets else Severity.WARNING,
        discriminator=name,
    )


def _is_for_others(subnet: Subnet, cluster: Cluster, settings: ControllerSettings | None) -> bool:
    """Whether a subnet is tagged for other clusters, and not for this one."""
    if cluster.unknown("name") or (settings is not None and not settings.gate("SubnetsClusterTagCheck", default=True)):
        return False
    tags = [tag for tag in subnet.tags if tag.startswith(_CLUSTER_TAG)]
    return bool(tags) and f"{_CLUSTER_TAG}/{cluster.name}" not in tags


def _zones(subnets: Sequence[Subnet]) -> set[str] | None:
    """The zones of subnets; None where not all can be told, or where one lies in a local zone or on an Outpost."""
    found = set()
    for subnet in subnets:
        zone = None if subnet.unknown("availability_zone") else subnet.availability_zone
        if zone is None or regions.zone_kind(zone) in {regions.ZoneKind.LOCAL_ZONE, regions.ZoneKind.WAVELENGTH_ZONE}:
            return None
        found.add(zone)
    return found
