"""The custom resources of the VPC CNI."""

from collections.abc import Mapping

from ekslint import Cluster, CniSettings, KubernetesObject
from ekslint_rules._addon_configuration import is_on

SECURITY_GROUP_POLICY = ("vpcresources.k8s.aws", "SecurityGroupPolicy")
ENI_CONFIG = ("crd.k8s.amazonaws.com", "ENIConfig")


def objects_on(cluster: Cluster, group: str, kind: str) -> list[KubernetesObject]:
    """The objects of a kind, without a class of its own in the model, that go to a cluster, or may."""
    return [
        each
        for each in cluster.estate.of(KubernetesObject)
        if each.kind == kind
        and each.group == group
        and (not each.clusters or any(cluster is other for other in each.clusters))
    ]


def made_by_addon(settings: CniSettings) -> set[str]:
    """The names of the ENIConfigs that the add-on itself makes: one for each zone of `eniConfig.subnets`."""
    wanted = settings.configuration.get("eniConfig")
    if not isinstance(wanted, Mapping) or not is_on(wanted.get("create")):
        return set()
    subnets = wanted.get("subnets")
    return set(subnets) if isinstance(subnets, Mapping) else set()
