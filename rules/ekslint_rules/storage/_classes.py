"""The storage class that a claim gets."""

from collections.abc import Iterator

from ekslint import Claim, KubernetesObject, PersistentVolumeClaim, StatefulSet, StorageClass, Workload, csi_drivers


def claims_in(subject: PersistentVolumeClaim | Workload) -> Iterator[Claim]:
    """A claim itself, or those that a workload has made for its pods."""
    if isinstance(subject, PersistentVolumeClaim):
        yield subject
        return
    if isinstance(subject, StatefulSet):
        yield from subject.claim_templates
    for volume in subject.pod.volumes:
        if volume.claim_template is not None:
            yield volume.claim_template


def class_of(claim: Claim, owner: KubernetesObject) -> StorageClass | None:
    """The class of a claim, where it stands in the files; without a name, the one that is the default."""
    name = claim.storage_class_name
    if name:
        return next(iter(owner.estate.joins.named(owner, StorageClass, name)), None)
    if name is not None:
        return None
    defaults = [each for each in owner.beside(StorageClass) if each.is_default]
    # With several default classes the newest wins, and no file tells which that is.
    return defaults[0] if len(defaults) == 1 else None


def is_of_block_storage(claim: Claim, owner: KubernetesObject) -> bool:
    """Whether a claim gets an EBS volume, as its class says."""
    found = class_of(claim, owner)
    if found is None:
        return claim.storage_class_name == csi_drivers.BUILT_IN_CLASS
    return found.provisioner in csi_drivers.EBS_PROVISIONERS
