from collections.abc import Iterator, Sequence

from ekslint import Cluster, Finding, NodeGroup, Severity, cni_settings_of, regions, rule, vpc_cni
from ekslint_rules._node_groups import subnets_of
from ekslint_rules._wording import enumerated
from ekslint_rules.network._cni import ENI_CONFIG, made_by_addon, objects_on

_ZONE_LABELS = frozenset({"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"})


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("eksctl", "cloudformation", "kubernetes"))
def eniconfig_vs_zones(cluster: Cluster) -> Iterator[Finding]:
    """Nodes come up in a zone for which there is no ENIConfig.

    ## Why is this bad?
    With `ENI_CONFIG_LABEL_DEF` the VPC CNI looks for an ENIConfig that is named as the zone of the node. Where there is
    none, the pods of that node get no address.

    ## When it stays silent
    Groups whose zones the files do not name, where one ENIConfig at least is named as a zone; ENIConfigs that are found
    by another label; no ENIConfig in the files at all, which is the matter of `custom-networking-incomplete`; IPv6,
    where `ipv6-node-requirements` speaks.

    ## References
    - Amazon EKS user guide, deploy Pods in alternate subnets with custom networking
    """
    settings = None if cluster.ip_family.lower() == "ipv6" else cni_settings_of(cluster)
    if settings is None or not settings.is_on(vpc_cni.CUSTOM_NETWORKING):
        return
    if settings.environment.get(vpc_cni.ENI_CONFIG_LABEL) not in _ZONE_LABELS:
        return
    configurations = objects_on(cluster, *ENI_CONFIG)
    names = {each.name for each in configurations if each.name is not None} | made_by_addon(settings)
    if not names:
        return
    if not any(regions.zone_kind(name) is not None for name in names):
        yield Finding(
            settings.places[vpc_cni.ENI_CONFIG_LABEL],
            f"the VPC CNI of {cluster} looks for ENIConfigs that are named as zones, and has "
            f"{enumerated(sorted(names))}: pods get no address",
            label="named as the zone",
            help="call each ENIConfig as its zone, as in eu-west-1a",
            related=[(each.at("name"), f"{each}") for each in configurations],
        )
        return
    related = [
        (settings.places[vpc_cni.ENI_CONFIG_LABEL], "custom networking by zone"),
        *((each.at("name"), f"{each}") for each in configurations),
    ]
    by_zones: dict[tuple[str, ...], list[NodeGroup]] = {}
    for group in cluster.node_groups:
        missing = tuple(zone for zone in _zones(group) if regions.zone_kind(zone) is not None and zone not in names)
        if missing:
            by_zones.setdefault(missing, []).append(group)
    for missing, groups in by_zones.items():
        first, *others = groups
        who = f"{first} and {len(others)} more have" if others else f"{first} has"
        yield Finding(
            first.at("availability_zones"),
            f"{who} nodes in {enumerated(missing)}, without an ENIConfig: their pods get no address",
            label="no ENIConfig of this name",
            help=f"add an ENIConfig called {missing[0]}",
            related=[*((each.at("availability_zones"), f"{each} too") for each in others), *related],
            discriminator=" ".join(missing),
        )


def _zones(group: NodeGroup) -> Sequence[str]:
    """The zones of a group; where an eksctl file names none for it, those of the cluster's subnets that it gets."""
    if group.unknown("availability_zones"):
        return ()
    if group.availability_zones is not None:
        return group.availability_zones
    if group.dialect != "eksctl" or group.cluster is None:
        return ()
    subnets = subnets_of(group)
    if subnets:
        return [zone for each in subnets if (zone := each.availability_zone) is not None]
    return group.cluster.availability_zones or ()
