import re
from collections.abc import Iterator

from ekslint import FileSystem, Finding, PersistentVolume, Place, Severity, csi_drivers, rule

_IN_TRANSIT = "encryptInTransit"
_TLS = "tls"
_EFS_HOST = re.compile(r"(?:[a-z0-9-]+\.)?fs-[0-9a-f]+\.efs\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\Z")


@rule(Severity.WARNING, since="0.1.0", tags=("storage", "encryption"), dialects=("cloudformation", "kubernetes"))
def efs_not_encrypted(subject: FileSystem | PersistentVolume) -> Iterator[Finding]:
    """An EFS file system stores in clear what pods write, or a volume sends it there in clear.

    ## Why is this bad?
    Encryption at rest cannot be switched on later: the data have to move to a new file system. Without TLS whoever can
    listen in the VPC reads along, and no IAM policy can say which pods may mount it.

    ## When it stays silent
    Volumes of the EFS driver that say nothing of encryption: it uses TLS then, whatever the mount options. File systems
    that are made elsewhere; templates that have nothing to do with EKS.

    ## References
    - EKS best practices guide, security, data encryption and secrets management
    - Amazon EFS CSI driver, encryption in transit
    - AWS CloudFormation, AWS::EFS::FileSystem: Encrypted
    """
    if isinstance(subject, FileSystem):
        if not subject.is_encrypted:
            yield Finding(
                subject.at("is_encrypted"),
                f"{subject} stores in clear what pods write, and that cannot be changed later",
                label="not encrypted",
                help="set Encrypted: true, and KmsKeyId for a key of one's own",
            )
        return
    place = _sends_in_clear(subject)
    if place is not None:
        yield Finding(
            place,
            f"{subject} is mounted without TLS: what pods read and write crosses the VPC in clear",
            label="no encryption in transit",
            help=f"mount it by the driver {csi_drivers.EFS.drivers[0]}, without {_IN_TRANSIT}",
        )


def _sends_in_clear(volume: PersistentVolume) -> Place | None:
    """Where a volume does without TLS; None if it uses it."""
    if volume.driver in csi_drivers.EFS.drivers:
        path = ("spec", "csi", "volumeAttributes", _IN_TRANSIT)
        # With the mount option beside it the driver refuses to mount at all: another mistake than this one.
        is_off = volume.get(*path) in ("false", False) and _TLS not in volume.sequence("spec", "mountOptions")
        return volume.at(*path) if is_off else None
    server = volume.get("spec", "nfs", "server")
    return volume.at("spec", "nfs", "server") if isinstance(server, str) and _EFS_HOST.match(server) else None
