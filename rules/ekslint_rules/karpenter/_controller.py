"""Karpenter's controller: its chart, its container, and where it reads its settings."""

from ekslint import ConfigMap, Container
from ekslint_rules.karpenter._versions import parsed

CHART = "karpenter"
_IMAGES = ("karpenter/controller", "karpenter/karpenter")
_OTHER_CLOUDS = ("aks/",)
_FIRST_WITH_ENVIRONMENT = (0, 32, 0)
"""Before, Karpenter read the ConfigMap karpenter-global-settings (upgrade guide, v1beta1 migration)."""
_SETTINGS = "karpenter-global-settings"


def is_controller(container: Container) -> bool:
    """Whether a container runs Karpenter's controller for AWS."""
    image = container.image_reference
    if image is None or image.repository.startswith(_OTHER_CLOUDS):
        return False
    return any(f"/{image.repository}".endswith(f"/{end}") for end in _IMAGES)


def reads_environment(container: Container) -> bool:
    """Whether the settings are environment variables, and no ConfigMap of their own."""
    image = container.image_reference
    version = parsed(image.tag) if image is not None and image.tag is not None else None
    if version is not None:
        return version >= _FIRST_WITH_ENVIRONMENT
    return any(variable.name == "CLUSTER_NAME" for variable in container.environment)


def settings_map(container: Container) -> ConfigMap | None:
    """The ConfigMap that the older ones read, if it is in the files."""
    workload = container.workload
    return next((each for each in workload.beside(ConfigMap) if each.known_name == _SETTINGS), None)
