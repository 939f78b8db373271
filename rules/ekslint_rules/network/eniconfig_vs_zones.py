from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, cni_settings_of, regions, rule, vpc_cni
from ekslint_rules.network._cni import ENI_CONFIG, made_by_addon, objects_on

_ZONE_LABELS = frozenset({"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"})


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("eksctl", "cloudformation", "kubernetes"))
def eniconfig_vs_zones(cluster: Cluster) -> Iterator[Finding]:
    """Nodes come up in a zone for which there is no ENIConfig.

    ## Why is this bad?
    With `ENI_CONFIG_LABEL_DEF` the VPC CNI looks for an ENIConfig that is named as the zone of the node. Where there is
    none, the pods of that node get no address.

    ## When it stays silent
    Groups whose zones the files do not name; ENIConfigs that are found by another label; no ENIConfig in the files at
    all, which is the matter of `custom-networking-incomplete`.

    ## References
    - Amazon EKS user guide, deploy Pods in alternate subnets with custom networking
    """
    settings = cni_settings_of(cluster)
    if settings is None or not settings.is_on(vpc_cni.CUSTOM_NETWORKING):
        return
    if settings.environment.get(vpc_cni.ENI_CONFIG_LABEL) not in _ZONE_LABELS:
        return
    configurations = objects_on(cluster, *ENI_CONFIG)
    names = {each.name for each in configurations} | made_by_addon(settings)
    if not names:
        return
    for group in cluster.node_groups:
        if group.unknown("availability_zones") or group.availability_zones is None:
            continue
        missing = [
            zone for zone in group.availability_zones if regions.zone_kind(zone) is not None and zone not in names
        ]
        if missing:
            yield Finding(
                group.at("availability_zones"),
                f"{group} has nodes in {', '.join(missing)}, without an ENIConfig: their pods get no address",
                label="no ENIConfig of this name",
                help=f"add an ENIConfig called {missing[0]}",
                related=[
                    (settings.places[vpc_cni.ENI_CONFIG_LABEL], "custom networking by zone"),
                    *((each.at("name"), f"{each}") for each in configurations),
                ],
            )
