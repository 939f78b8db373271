from collections.abc import Iterator

from ekslint import (
    Claim,
    Finding,
    KubernetesObject,
    PersistentVolume,
    PersistentVolumeClaim,
    Severity,
    StatefulSet,
    csi_drivers,
    rule,
)
from ekslint_rules.storage._classes import claims_in, class_of, is_of_block_storage

_SHARED = ("ReadWriteMany", "ReadOnlyMany")
_NODE_LOCAL = "local-ebs://"
"""What the handle of a volume begins with that every node has of its own."""


@rule(Severity.ERROR, since="0.1.0", tags=("storage",))
def pvc_rwx_on_ebs(subject: PersistentVolumeClaim | StatefulSet) -> Iterator[Finding]:
    """A claim wants to be mounted on several nodes, but its class makes EBS volumes.

    ## Why is this bad?
    An EBS volume with a file system can be attached to one node only. The driver refuses to make it for
    `ReadWriteMany` or `ReadOnlyMany`, and the claim stays Pending.

    ## When it stays silent
    Raw block volumes (`volumeMode: Block`), which io2 can attach to several nodes; claims that select their volume, or
    name one that is not of EBS, or that every node has of its own (`local-ebs://`); classes that no file declares,
    other than the built-in gp2.

    ## References
    - Amazon EBS CSI driver, docs/multi-attach.md and docs/node-local-volumes.md
    - Amazon EKS user guide, use Kubernetes volume storage with Amazon EBS
    """
    for claim in claims_in(subject):
        if claim.has_selector or claim.volume_mode == "Block":
            continue
        modes = list(claim.access_modes)
        shared = next((mode for mode in modes if mode in _SHARED), None)
        if shared is not None and claim.volume_name is not None:
            yield from _of_volume(claim, subject, modes.index(shared), shared)
            continue
        if shared is None or not is_of_block_storage(claim, subject):
            continue
        storage_class = class_of(claim, subject)
        if storage_class is None:
            shown = f"storage class {claim.storage_class_name}"
        else:
            shown = f"{storage_class}"
        yield Finding(
            claim.at("spec", "accessModes", modes.index(shared)),
            f"{claim} wants {shared}, but {shown} makes EBS volumes, which one node at a time can mount",
            label="not with EBS",
            help="use a class of EFS or FSx for what several nodes share, or ask for ReadWriteOnce",
            related=[(storage_class.at("provisioner"), "EBS volumes")] if storage_class is not None else [],
        )


def _of_volume(claim: Claim, owner: KubernetesObject, index: int, shared: str) -> Iterator[Finding]:
    for volume in owner.estate.joins.named(owner, PersistentVolume, claim.volume_name or ""):
        handle = volume.text("spec", "csi", "volumeHandle") or ""
        if volume.driver in csi_drivers.EBS.drivers and not handle.startswith(_NODE_LOCAL):
            yield Finding(
                claim.at("spec", "accessModes", index),
                f"{claim} wants {shared}, but {volume} is an EBS volume, which one node at a time can mount",
                label="not with EBS",
                help="use EFS or FSx for what several nodes share, or ask for ReadWriteOnce",
                related=[(volume.at("spec", "csi", "driver"), "an EBS volume")],
            )
