from collections.abc import Iterator

from ekslint import (
    Finding,
    KubernetesObject,
    PersistentVolume,
    PersistentVolumeClaim,
    Severity,
    StatefulSet,
    StorageClass,
    csi_drivers,
    nearest,
    rule,
)
from ekslint_rules.storage._classes import claims_in


@rule(Severity.WARNING, since="0.1.0", tags=("storage", "references"))
def storageclass_not_found(subject: PersistentVolumeClaim | StatefulSet) -> Iterator[Finding]:
    """A claim names a storage class that is not in the files.

    ## Why is this bad?
    The claim stays Pending, and so does the pod that mounts it.

    ## When it stays silent
    gp2, which EKS makes on every cluster; claims that name their volume or select one; a class that a volume in the
    files names too, as volumes made by hand need no class object. Advice only where the files have neither a class of a
    similar name nor one in the same folder: then classes may be made elsewhere.

    ## References
    - Kubernetes documentation, persistent volumes: class
    """
    for claim in claims_in(subject):
        name = claim.storage_class_name
        if not name or name == csi_drivers.BUILT_IN_CLASS or claim.volume_name is not None or claim.has_selector:
            continue
        if subject.estate.joins.named(subject, StorageClass, name):
            continue
        if any(volume.storage_class_name == name for volume in subject.beside(PersistentVolume)):
            continue
        known = sorted(each.name for each in subject.beside(StorageClass) if each.name is not None)
        meant = nearest(name, known)
        place = claim.at("spec", "storageClassName")
        yield Finding(
            place if place.is_written else claim.at("metadata", "annotations"),
            f"{claim} wants storage class {name}, which is not in the files: without it, the claim stays Pending",
            label="unknown storage class",
            help=f"did you mean {meant}?" if meant is not None else None,
            lower=0 if meant is not None or _has_class_beside(subject) else 1,
        )


def _has_class_beside(subject: PersistentVolumeClaim | StatefulSet) -> bool:
    """Whether storage classes are kept where the claim is."""
    return any(_folder(each) == _folder(subject) for each in subject.beside(StorageClass))


def _folder(object_: KubernetesObject) -> str:
    return object_.sheet.document.source.path.rpartition("/")[0]
