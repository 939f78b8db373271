"""How old CoreDNS and the VPC CNI may be on a version of Kubernetes. Kept by hand.

Sources: Amazon EKS user guide, "Manage CoreDNS for DNS in Amazon EKS clusters" (versions of the add-on, August 2026 and
earlier editions); amazon-vpc-cni-k8s, README (oldest recommended versions).
"""

from collections.abc import Mapping

Version = tuple[int, ...]

_OLDEST_COREDNS: Mapping[tuple[int, int], Version] = {
    (1, 22): (1, 8),
    (1, 25): (1, 9),
    (1, 27): (1, 10),
    (1, 29): (1, 11),
    (1, 33): (1, 12),
    (1, 35): (1, 13),
}
"""By Kubernetes version: major and minor version that EKS began with. What comes between is as before."""
_OLDEST_VPC_CNI: Mapping[tuple[int, int], Version] = {
    (1, 24): (1, 9, 3),
    (1, 25): (1, 11, 4),
    (1, 26): (1, 12, 0),
    (1, 27): (1, 12, 5),
    (1, 28): (1, 13, 4),
    (1, 29): (1, 14, 1),
    (1, 30): (1, 16, 0),
    (1, 31): (1, 16, 4),
    (1, 32): (1, 17, 1),
}
"""By Kubernetes version; what comes after needs at least what the last one needs."""


def oldest_coredns(kubernetes: tuple[int, int]) -> Version | None:
    """Major and minor number of the oldest CoreDNS that EKS gives a Kubernetes version; None before the table."""
    return _latest(_OLDEST_COREDNS, kubernetes)


def oldest_vpc_cni(kubernetes: tuple[int, int]) -> Version | None:
    """The oldest VPC CNI that its authors recommend for a Kubernetes version; None before the table."""
    return _latest(_OLDEST_VPC_CNI, kubernetes)


def _latest(table: Mapping[tuple[int, int], Version], kubernetes: tuple[int, int]) -> Version | None:
    known = [version for version in table if version <= kubernetes]
    return table[max(known)] if known else None
