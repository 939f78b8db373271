from collections.abc import Iterator

from ekslint import Finding, Severity, StorageClass, csi_drivers, rule

_FIELD = "encrypted"


@rule(Severity.WARNING, since="0.1.0", tags=("storage", "encryption"))
def storageclass_unencrypted(storage_class: StorageClass) -> Iterator[Finding]:
    """A storage class makes EBS volumes without asking for encryption.

    ## Why is this bad?
    What pods write, and every snapshot of it, is stored in clear, unless the account happens to encrypt all new volumes
    in this region: no file tells whether it does. A volume cannot be encrypted later, only copied.

    ## When it stays silent
    `encrypted: "true"`, with or without a key of one's own; the class gp2 as EKS makes it on every cluster. Advice only
    for Auto Mode's provisioner.

    ## References
    - EKS best practices guide, security, data encryption and secrets management: encryption at rest
    - Amazon EBS CSI driver, parameters
    - Amazon EBS user guide, enable Amazon EBS encryption by default
    """
    provisioner = storage_class.provisioner
    if provisioner not in csi_drivers.EBS_PROVISIONERS:
        return
    if provisioner == csi_drivers.IN_TREE_EBS and storage_class.name == csi_drivers.BUILT_IN_CLASS:
        return
    parameters = storage_class.parameters
    # To the drivers the case of a key does not matter.
    written = next((key for key in parameters if key.lower() == _FIELD), None)
    if written is not None and parameters[written].lower() == "true":
        return
    place = storage_class.at("parameters", written) if written is not None else storage_class.at("parameters")
    yield Finding(
        place if place.is_written else storage_class.at("provisioner"),
        f"{storage_class} makes EBS volumes that are not encrypted, unless the account encrypts all new ones",
        label="not encrypted",
        help='set parameters.encrypted: "true"',
        lower=int(provisioner == csi_drivers.AUTO_MODE_DRIVER),
    )
