"""The storage classes that the EBS driver brings along where it is told to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ekslint import Cluster, KubernetesObject, csi_drivers
from ekslint_rules._addon_configuration import is_on
from ekslint_rules._installations import installed_on
from ekslint_rules._releases import releases

_DEFAULT_OF_DRIVER = "ebs-csi-default-sc"
"""Made, and marked as default, where `defaultStorageClass.enabled` is set."""


def classes_of_driver(cluster: Cluster) -> Iterator[str | None]:
    """The classes that come with the EBS driver's add-on or chart; None for those that nobody can tell from the files.

    Source: Amazon EBS CSI driver, charts/aws-ebs-csi-driver/values.yaml (defaultStorageClass, storageClasses).
    """
    driver = csi_drivers.EBS.addon
    if driver in cluster.addons:
        configuration = cluster.addons[driver].configuration
        if configuration is None:
            yield None
        elif _is_default_on(configuration.get("defaultStorageClass")):
            yield _DEFAULT_OF_DRIVER
    for entity in installed_on(driver, cluster):
        for release in releases(entity, driver) if isinstance(entity, KubernetesObject) else ():
            if release.has_further_values:
                yield None
            if _is_default_on(release.setting("defaultStorageClass")):
                yield _DEFAULT_OF_DRIVER
            yield from _names(release.setting("storageClasses"))


def _is_default_on(setting: Any) -> bool:
    return isinstance(setting, Mapping) and is_on(setting.get("enabled"))


def _names(classes: Any) -> Iterator[str | None]:
    for each in classes if isinstance(classes, Sequence) and not isinstance(classes, str) else ():
        name = each.get("name") if isinstance(each, Mapping) else None
        yield name if isinstance(name, str) else None
