from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, regions, rule
from ekslint_rules._addon_configuration import is_on
from ekslint_rules.network._cni import ADDON, cni_environment, objects_on

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
    environment = cni_environment(cluster)
    if environment is None or not is_on(environment.get("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG")):
        return
    if environment.get("ENI_CONFIG_LABEL_DEF") not in _ZONE_LABELS:
        return
    configurations = objects_on(cluster, "crd.k8s.amazonaws.com", "ENIConfig")
    names = {each.name for each in configurations}
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
                    (cluster.addons[ADDON].at("configuration_values"), "custom networking by zone"),
                    *((each.at("name"), f"{each}") for each in configurations),
                ],
            )
