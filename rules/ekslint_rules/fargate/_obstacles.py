"""What a pod asks for that Fargate does not run.

Sources: EKS user guide (fargate: considerations), and the scheduler's own words, `Pod not supported on Fargate:
fields not supported: HostNetwork`, `invalid SecurityContext fields: Privileged`, `Capabilities added: CAP_CHOWN`,
`port contains HostIP or HostPort`, `volumes not supported: x is of an unsupported volume Type`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ekslint import (
    Claim,
    Container,
    PersistentVolume,
    PersistentVolumeClaim,
    Place,
    PodTemplate,
    Severity,
    StatefulSet,
    StorageClass,
    Volume,
    Workload,
    csi_drivers,
)

_EFS = "efs.csi.aws.com"
_VOLUMES = frozenset(
    {"configMap", "csi", "downwardAPI", "emptyDir", "nfs", "persistentVolumeClaim", "projected", "secret"}
)
_DEVICES = ("amd.com/", "aws.amazon.com/neuron", "nvidia.com/", "vpc.amazonaws.com/")


class Obstacle(NamedTuple):
    """One thing that Fargate does not run."""

    what: str
    """To follow the workload's name: `container app is privileged`."""
    place: Place
    severity: Severity = Severity.ERROR


def obstacles(workload: Workload) -> Iterator[Obstacle]:
    """Everything in a workload that keeps it off Fargate; what is certain comes first."""
    pod = workload.pod
    yield from _of_pod(pod)
    for container in (*pod.init_containers, *pod.containers):
        yield from _of_container(container)
    for volume in pod.volumes:
        yield from _of_volume(workload, volume)
    if isinstance(workload, StatefulSet):
        for template in workload.claim_templates:
            yield from _of_claim(workload, template, template.at("metadata", "name"))


def _of_pod(pod: PodTemplate) -> Iterator[Obstacle]:
    if pod.uses_host_network:
        yield Obstacle("it uses the network of the host", pod.at("hostNetwork"))
    if pod.operating_system == "windows":
        yield Obstacle("it needs Windows", pod.at("os", "name"))
    for field, what in (("hostPID", "processes"), ("hostIPC", "memory")):
        if pod.boolean(field) is True:
            yield Obstacle(f"it shares the {what} of the host", pod.at(field), Severity.WARNING)


def _of_container(container: Container) -> Iterator[Obstacle]:
    if container.is_privileged:
        yield Obstacle(f"{container} is privileged", container.at("securityContext", "privileged"))
    added = container.sequence("securityContext", "capabilities", "add")
    if added:
        names = ", ".join(str(name) for name in added)
        yield Obstacle(
            f"{container} adds capabilities ({names})", container.at("securityContext", "capabilities", "add")
        )
    for index, port in enumerate(container.ports):
        if port.host_port:
            place = container.at("ports", index, "hostPort")
            yield Obstacle(f"{container} asks for port {port.host_port} of the host", place)
    for name in container.effective_requests:
        if name.startswith(_DEVICES):
            place = container.at("resources", "limits", name)
            yield Obstacle(
                f"{container} asks for {name}",
                place if place.is_written else container.at("resources", "requests", name),
            )


def _of_volume(workload: Workload, volume: Volume) -> Iterator[Obstacle]:
    kind = volume.kind
    if kind == "hostPath":
        yield Obstacle(f"{volume} is a path of the host", volume.at("hostPath", key=True))
    elif kind == "csi" and volume.driver not in {None, _EFS}:
        yield Obstacle(f"{volume} needs the driver {volume.driver}", volume.at("csi", "driver"))
    elif kind == "ephemeral":
        template = volume.claim_template
        if template is not None:
            yield from _of_claim(workload, template, volume.at("ephemeral", key=True))
    elif kind == "persistentVolumeClaim" and volume.claim_name is not None:
        place = volume.at("persistentVolumeClaim", "claimName")
        for claim in workload.estate.joins.named(workload, PersistentVolumeClaim, volume.claim_name):
            yield from _of_claim(workload, claim, place)
    elif kind is not None and kind not in _VOLUMES:
        yield Obstacle(f"{volume} is of type {kind}", volume.at(kind, key=True))


def _of_claim(workload: Workload, claim: Claim, place: Place) -> Iterator[Obstacle]:
    """A claim that a driver has to make a volume for, or that is bound to one of another driver than EFS."""
    if claim.volume_name is not None:
        for volume in workload.estate.joins.named(workload, PersistentVolume, claim.volume_name):
            if volume.driver not in {None, _EFS}:
                yield Obstacle(f"{claim} is bound to a volume of {volume.driver}", place)
        return
    name = claim.storage_class_name
    if not name:
        return
    classes = list(workload.estate.joins.named(workload, StorageClass, name))
    if not classes and name == csi_drivers.BUILT_IN_CLASS:
        yield Obstacle(f"{claim} needs a volume of EBS", place)
    for storage_class in classes:
        provisioner = storage_class.provisioner
        if provisioner is None or provisioner == "kubernetes.io/no-provisioner":
            continue
        if provisioner != _EFS:
            yield Obstacle(f"{claim} needs a volume of {provisioner}", place)
        elif "provisioningMode" in storage_class.parameters and not _has_a_volume_at_hand(workload, name):
            yield Obstacle(f"{claim} needs a volume that is made for it, and Fargate mounts existing ones only", place)


def _has_a_volume_at_hand(workload: Workload, class_name: str) -> bool:
    """Whether the files hold a volume of the class: a claim is bound to such a one before any is made for it."""
    volumes = workload.beside(PersistentVolume)
    return any(volume.storage_class_name == class_name and volume.driver == _EFS for volume in volumes)
