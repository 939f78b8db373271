from collections.abc import Iterator

from ekslint import Finding, Place, Placement, Severity, rule
from ekslint_rules.storage._claims import claims_of

_LINUX_ONLY = frozenset({"efs.csi.aws.com", "fsx.csi.aws.com", "fsx.openzfs.csi.aws.com", "s3.csi.aws.com"})
_SYSTEM = "kubernetes.io/os"


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("storage", "windows"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def volume_driver_os_unsupported(placement: Placement) -> Iterator[Finding]:
    """A workload that can run on Windows nodes only has a volume whose driver knows Linux only.

    ## Why is this bad?
    The drivers of EFS, FSx and Mountpoint for S3 have no Windows nodes: the volume never mounts.

    ## When it stays silent
    EBS and SMB, which Windows can mount; nodes whose operating system is not known; claims whose class or volume is
    not in the files.

    ## References
    - Amazon EKS user guide, Amazon EFS CSI driver; Mountpoint for Amazon S3 CSI driver: considerations
    """
    systems = placement.values_of(_SYSTEM)
    if not systems or any(set(values) != {"windows"} for _, values in systems):
        return
    for driver, place in _drivers(placement):
        yield Finding(
            place,
            f"{placement.workload} runs on Windows nodes, on which {driver} does not mount",
            label="Linux only",
            help="use EBS, or FSx for Windows File Server by SMB",
            related=[(pool.at("ami_family"), f"{pool}: Windows") for pool, _ in systems],
        )


def _drivers(placement: Placement) -> Iterator[tuple[str, Place]]:
    for volume in placement.workload.pod.volumes:
        if volume.driver in _LINUX_ONLY:
            yield volume.driver, volume.at("csi", "driver")
    for claimed in claims_of(placement.workload):
        if claimed.provisioner in _LINUX_ONLY:
            yield claimed.provisioner, claimed.place
