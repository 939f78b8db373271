"""How the VPC CNI of a cluster is set up, by the EKS add-on or by the DaemonSet aws-node."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ekslint.facts import vpc_cni
from ekslint.model.kubernetes.workloads import DaemonSet
from ekslint.model.reading import Undecided

if TYPE_CHECKING:
    from ekslint.model.cluster import Addon, Cluster
    from ekslint.model.entity import Place
    from ekslint.model.kubernetes.containers import Container

_FROM_OBJECTS = frozenset({"configMapKeyRef", "secretKeyRef"})


@dataclass(frozen=True, slots=True)
class CniSettings:
    """The settings of the VPC CNI, as far as the files set it up."""

    environment: Mapping[str, str]
    """The environment variables that are set, by name."""
    places: "Mapping[str, Place]"
    """Where each of them is set; those of an add-on stand in one text."""
    configuration: Mapping[str, Any]
    """The whole configuration of the add-on, empty where there is no add-on."""
    addon: "Addon | None"
    daemon_set: DaemonSet | None
    place: "Place"
    """What installs it: the name of the add-on, or of the DaemonSet where there is no add-on."""

    def is_on(self, variable: str) -> bool:
        """Whether a switch is on."""
        return vpc_cni.is_true(self.environment.get(variable))


def cni_settings_of(cluster: "Cluster") -> CniSettings | None:
    """What the files say of a cluster's VPC CNI; None where they have neither the add-on nor the DaemonSet.

    Undecided where nobody can read the settings, or where add-on and DaemonSet contradict each other.
    """
    addon = cluster.addons.get(vpc_cni.ADDON)
    daemon_set = next(_daemon_sets(cluster), None)
    owner = addon or daemon_set
    if owner is None:
        return None
    configuration: Mapping[str, Any] = {}
    environment: dict[str, str] = {}
    places: dict[str, Place] = {}
    if addon is not None:
        configuration = _configuration_of(addon)
        environment.update(_variables_of(addon, configuration))
        places = dict.fromkeys(environment, addon.at("configuration_values"))
    for container, index, name, value in _variables_in(daemon_set):
        place = container.at("env", index, "value")
        if environment.get(name, value) != value:
            raise Undecided(f"add-on and DaemonSet set {name} differently", place.source)
        environment[name] = value
        places[name] = place
    return CniSettings(environment, places, configuration, addon, daemon_set, owner.at("name"))


def _daemon_sets(cluster: "Cluster") -> Iterator[DaemonSet]:
    for workload in cluster.workloads:
        if (
            isinstance(workload, DaemonSet)
            and workload.known_name == vpc_cni.DAEMON_SET
            and vpc_cni.NAMESPACE in workload.namespace_options
        ):
            yield workload


def _configuration_of(addon: "Addon") -> Mapping[str, Any]:
    configuration = addon.configuration
    if configuration is None:
        raise Undecided("its configuration values cannot be read", addon.at("configuration_values").source)
    return configuration


def _variables_of(addon: "Addon", configuration: Mapping[str, Any]) -> Mapping[str, str]:
    environment = configuration.get("env") or {}
    if not isinstance(environment, Mapping):
        raise Undecided("env of its configuration values is no mapping", addon.at("configuration_values").source)
    # A boolean is what its author means by the text that the schema of the add-on asks for.
    return {
        str(name): str(value).lower() if isinstance(value, bool) else str(value) for name, value in environment.items()
    }


def _variables_in(daemon_set: DaemonSet | None) -> "Iterator[tuple[Container, int, str, str]]":
    for container in daemon_set.pod.containers if daemon_set is not None else ():
        if container.name != vpc_cni.DAEMON_SET:
            continue
        if container.environment_sources:
            raise Undecided("its environment comes from other objects", container.at("envFrom").source)
        for index, variable in enumerate(container.environment):
            if variable.source in _FROM_OBJECTS:
                raise Undecided(f"{variable.name} comes from another object", container.at("env", index).source)
            if variable.source is None:
                yield container, index, variable.name, variable.value or ""
