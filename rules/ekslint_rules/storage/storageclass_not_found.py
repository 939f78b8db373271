from collections.abc import Iterator

from ekslint import (
    Finding,
    KubernetesObject,
    PersistentVolume,
    PersistentVolumeClaim,
    Severity,
    StorageClass,
    Workload,
    csi_drivers,
    nearest,
    rule,
)
from ekslint_rules.storage._classes import claims_in
from ekslint_rules.storage._driver_classes import classes_of_driver


@rule(Severity.WARNING, since="0.1.0", tags=("storage", "references"))
def storageclass_not_found(subject: PersistentVolumeClaim | Workload) -> Iterator[Finding]:
    """A claim names a storage class that is not in the files.

    ## Why is this bad?
    The claim stays Pending, and so does the pod that mounts it.

    ## When it stays silent
    gp2, which EKS makes on every cluster, and classes that the EBS driver's add-on or chart makes; claims that name
    their volume or select one, and a class that stands in a template; a class that a volume in the files names too, as
    volumes made by hand need no class object. Advice only where the files have neither a class of a similar name nor
    one in the same folder: then classes may be made elsewhere.

    ## References
    - Kubernetes documentation, persistent volumes: class
    """
    for claim in claims_in(subject):
        name = claim.storage_class_name
        if not name or name == csi_drivers.BUILT_IN_CLASS or claim.volume_name is not None or claim.has_selector:
            continue
        if subject.estate.joins.named(subject, StorageClass, name) or name in subject.estate.names_in_templates:
            continue
        if any(volume.storage_class_name == name for volume in subject.beside(PersistentVolume)):
            continue
        if any(made in {name, None} for cluster in subject.clusters for made in classes_of_driver(cluster)):
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


def _has_class_beside(subject: PersistentVolumeClaim | Workload) -> bool:
    """Whether storage classes are kept where the claim is."""
    return any(_folder(each) == _folder(subject) for each in subject.beside(StorageClass))


def _folder(object_: KubernetesObject) -> str:
    return object_.sheet.document.source.path.rpartition("/")[0]
