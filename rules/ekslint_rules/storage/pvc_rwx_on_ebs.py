from collections.abc import Iterator

from ekslint import Finding, PersistentVolumeClaim, Severity, StatefulSet, rule
from ekslint_rules.storage._classes import claims_in, class_of, is_of_block_storage

_SHARED = ("ReadWriteMany", "ReadOnlyMany")


@rule(Severity.ERROR, since="0.1.0", tags=("storage",))
def pvc_rwx_on_ebs(subject: PersistentVolumeClaim | StatefulSet) -> Iterator[Finding]:
    """A claim wants to be mounted on several nodes, but its class makes EBS volumes.

    ## Why is this bad?
    An EBS volume with a file system can be attached to one node only. The driver refuses to make it for
    `ReadWriteMany` or `ReadOnlyMany`, and the claim stays Pending.

    ## When it stays silent
    Raw block volumes (`volumeMode: Block`), which io2 can attach to several nodes; claims that name their volume or
    select one; classes that no file declares, other than the built-in gp2.

    ## References
    - Amazon EBS CSI driver, docs/multi-attach.md
    - Amazon EKS user guide, use Kubernetes volume storage with Amazon EBS
    """
    for claim in claims_in(subject):
        if claim.volume_name is not None or claim.has_selector or claim.volume_mode == "Block":
            continue
        modes = list(claim.access_modes)
        shared = next((mode for mode in modes if mode in _SHARED), None)
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
