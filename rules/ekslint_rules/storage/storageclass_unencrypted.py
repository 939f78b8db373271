from collections.abc import Iterator

from ekslint import Finding, Severity, StorageClass, csi_drivers, rule

_FIELD, _KEY = "encrypted", "kmskeyid"


@rule(Severity.WARNING, since="0.1.0", tags=("storage", "encryption"))
def storageclass_unencrypted(storage_class: StorageClass) -> Iterator[Finding]:
    """A storage class makes EBS volumes without asking for encryption.

    ## Why is this bad?
    What pods write, and every snapshot of it, is stored in clear, unless the account happens to encrypt all new volumes
    in this region: no file tells whether it does. A volume cannot be encrypted later, only copied.

    ## When it stays silent
    `encrypted: "true"`, or a key of one's own (`kmsKeyId`), with which the driver encrypts whatever `encrypted` says;
    the class gp2 as EKS makes it on every cluster. Advice only for Auto Mode's provisioner. An error where `encrypted`
    is a boolean: the API server takes strings alone.

    ## References
    - EKS best practices guide, security, data encryption and secrets management: encryption at rest
    - Amazon EBS CSI driver, parameters, and pkg/cloud/cloud.go (createVolumeHelper)
    - Amazon EBS user guide, enable Amazon EBS encryption by default
    """
    provisioner = storage_class.provisioner
    if provisioner not in csi_drivers.EBS_PROVISIONERS:
        return
    if provisioner == csi_drivers.IN_TREE_EBS and storage_class.name == csi_drivers.BUILT_IN_CLASS:
        return
    parameters = storage_class.mapping("parameters")
    # To the drivers the case of a key does not matter.
    keys = {str(key).lower(): key for key in parameters}
    written, key_of_ones_own = keys.get(_FIELD), keys.get(_KEY)
    if written is not None and isinstance(parameters[written], bool):
        yield Finding(
            storage_class.at("parameters", written),
            f"{storage_class} has a boolean as parameter {written}, and the API server takes strings alone: it refuses "
            "the class",
            label="no string",
            help='write encrypted: "true"',
            severity=Severity.ERROR,
        )
        return
    if key_of_ones_own is not None and parameters[key_of_ones_own]:
        return
    if written is not None and str(parameters[written]).lower() == "true":
        return
    place = storage_class.at("parameters", written) if written is not None else storage_class.at("parameters")
    yield Finding(
        place if place.is_written else storage_class.at("provisioner"),
        f"{storage_class} makes EBS volumes that are not encrypted, unless the account encrypts all new ones",
        label="not encrypted",
        help='set parameters.encrypted: "true"',
        lower=int(provisioner == csi_drivers.AUTO_MODE_DRIVER),
    )
