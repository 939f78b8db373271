"""How the VPC CNI is set up: it decides how many pods of a node get an address."""

from typing import NamedTuple

from ekslint.facts import vpc_cni
from ekslint.model.cluster import Cluster
from ekslint.model.cni_settings import cni_settings_of
from ekslint.model.reading import Undecided


class Networking(NamedTuple):
    """Settings of the VPC CNI; None where nobody knows."""

    uses_prefixes: bool | None
    """Whether interfaces get prefixes of 16 addresses in place of single ones."""
    has_own_pod_network: bool | None
    """Custom networking: pods get addresses of other subnets, so that the first interface serves none."""


_UNKNOWN = Networking(None, None)
_PLAIN = Networking(False, False)


def networking_of(cluster: Cluster) -> Networking:
    """The settings of a cluster's VPC CNI; the usual ones where the files say nothing. Never raises Undecided."""
    try:
        settings = cni_settings_of(cluster)
        if settings is not None:
            return Networking(settings.is_on(vpc_cni.PREFIX_DELEGATION), settings.is_on(vpc_cni.CUSTOM_NETWORKING))
        # Auto Mode brings its own; any other cluster gets the CNI without an add-on, set up by hand.
        return _PLAIN if cluster.has_addon(vpc_cni.ADDON) or cluster.auto_mode is not None else _UNKNOWN
    except Undecided:
        return _UNKNOWN
