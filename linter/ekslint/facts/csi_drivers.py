"""The storage drivers of AWS, and the add-ons that install them.

Source: EKS user guide (ebs-csi, efs-csi, fsx-csi, fsx-openzfs-csi, s3-csi) and the Kubernetes documentation on volumes:
what `kubernetes.io/aws-ebs` provisions has been handed to the CSI driver since Kubernetes 1.23.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class CsiDriver(NamedTuple):
    """A storage driver that somebody has to install."""

    service: str
    """What it makes volumes of, in words: `EBS`."""
    addon: str
    """Name of its EKS add-on, and of the component; the driver for OpenZFS has none of its own."""
    drivers: tuple[str, ...]
    """How storage classes and volumes call it."""
    service_accounts: tuple[str, ...]
    """The service accounts that its chart and its add-on use."""


EBS = CsiDriver("EBS", "aws-ebs-csi-driver", ("ebs.csi.aws.com", "kubernetes.io/aws-ebs"), ("ebs-csi-controller-sa",))
EFS = CsiDriver("EFS", "aws-efs-csi-driver", ("efs.csi.aws.com",), ("efs-csi-controller-sa", "efs-csi-node-sa"))
FSX = CsiDriver(
    "FSx",
    "aws-fsx-csi-driver",
    ("fsx.csi.aws.com", "fsx.openzfs.csi.aws.com"),
    ("fsx-csi-controller-sa", "fsx-csi-node-sa", "fsx-openzfs-csi-controller-sa"),
)
S3 = CsiDriver("S3", "aws-mountpoint-s3-csi-driver", ("s3.csi.aws.com",), ("s3-csi-driver-sa",))

AUTO_MODE_DRIVER = "ebs.csi.eks.amazonaws.com"
"""Auto Mode brings it along."""
EBS_PROVISIONERS = frozenset({*EBS.drivers, AUTO_MODE_DRIVER})
"""Whatever makes EBS volumes."""
IN_TREE_EBS = "kubernetes.io/aws-ebs"
BUILT_IN_CLASS = "gp2"
"""The class of `kubernetes.io/aws-ebs` that EKS puts on every new cluster; the default one only before 1.30."""
BUILT_IN_CLASS_IS_DEFAULT_BEFORE = (1, 30)

IN_TREE_UNSUPPORTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"type": ("gp3", "io2"), "iops": (), "throughput": ()}
)
"""Parameters that only the CSI driver knows; with values, those alone."""
