"""The storage that the pods of a workload claim."""

from collections.abc import Iterator
from typing import NamedTuple

from ekslint import (
    Claim,
    PersistentVolume,
    PersistentVolumeClaim,
    Place,
    StatefulSet,
    StorageClass,
    Workload,
    csi_drivers,
)

_SHARED = frozenset({"ReadWriteMany", "ReadOnlyMany"})


class Claimed(NamedTuple):
    """A claim of a workload, with what is known of the volume behind it."""

    claim: Claim
    place: Place
    """Where the workload names it."""
    provisioner: str | None
    """The driver that makes or mounts the volume; None where no file tells."""
    source: Place | None
    """Where the driver is named."""

    @property
    def is_shared(self) -> bool:
        """Whether several nodes can mount it, so that it binds the pod to none."""
        modes = list(self.claim.access_modes)
        return bool(modes) and _SHARED.issuperset(modes)

    @property
    def is_block_storage(self) -> bool:
        """Whether it is an EBS volume, which exists in one zone."""
        return self.provisioner in csi_drivers.EBS_PROVISIONERS


def claims_of(workload: Workload) -> Iterator[Claimed]:
    """Every claim of a workload: of its volumes, and those that a StatefulSet makes for every pod."""
    for volume in workload.pod.volumes:
        template = volume.claim_template
        if template is not None:
            yield _claimed(workload, template, volume.at("ephemeral", key=True))
        elif volume.claim_name is not None:
            place = volume.at("persistentVolumeClaim", "claimName")
            for claim in workload.estate.joins.named(workload, PersistentVolumeClaim, volume.claim_name):
                yield _claimed(workload, claim, place)
    if isinstance(workload, StatefulSet):
        for claim_template in workload.claim_templates:
            yield _claimed(workload, claim_template, claim_template.at("metadata", "name"))


def _claimed(workload: Workload, claim: Claim, place: Place) -> Claimed:
    if claim.volume_name is not None:
        for volume in workload.estate.joins.named(workload, PersistentVolume, claim.volume_name):
            return Claimed(claim, place, volume.driver, volume.at("spec", "csi", "driver"))
        return Claimed(claim, place, None, None)
    for storage_class in _classes(workload, claim.storage_class_name):
        return Claimed(claim, place, storage_class.provisioner, storage_class.at("provisioner"))
    if claim.storage_class_name == csi_drivers.BUILT_IN_CLASS:
        return Claimed(claim, place, csi_drivers.IN_TREE_EBS, None)
    return Claimed(claim, place, None, None)


def _classes(workload: Workload, name: str | None) -> list[StorageClass]:
    if name == "":
        return []
    if name is not None:
        return list(workload.estate.joins.named(workload, StorageClass, name))
    defaults = [each for each in workload.beside(StorageClass) if each.is_default]
    # With several default classes the newest wins, and no file tells which that is.
    return defaults if len(defaults) == 1 else []
