"""How the VPC CNI of a cluster is configured."""

from collections.abc import Mapping
from typing import Any

from ekslint import Cluster, KubernetesObject
from ekslint_rules._addon_configuration import configuration_of, environment_of

ADDON = "vpc-cni"


def cni_configuration(cluster: Cluster) -> Mapping[str, Any] | None:
    """The configuration values of the add-on vpc-cni; None where no file manages it, or nobody can read them."""
    addon = cluster.addons.get(ADDON)
    return None if addon is None else configuration_of(addon)


def cni_environment(cluster: Cluster) -> Mapping[str, Any] | None:
    """Its environment variables; None where `cni_configuration` is."""
    configuration = cni_configuration(cluster)
    return None if configuration is None else environment_of(configuration)


def objects_on(cluster: Cluster, group: str, kind: str) -> list[KubernetesObject]:
    """The objects of a kind, without a class of its own in the model, that go to a cluster, or may."""
    return [
        each
        for each in cluster.estate.of(KubernetesObject)
        if each.kind == kind
        and each.group == group
        and (not each.clusters or any(cluster is other for other in each.clusters))
    ]
