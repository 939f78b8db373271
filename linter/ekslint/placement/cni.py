"""How the VPC CNI is set up: it decides how many pods of a node get an address.

Source: EKS user guide (cni-increase-ip-addresses, cni-custom-network), amazon-vpc-cni-k8s README.
"""

from typing import NamedTuple

from ekslint.model.cluster import Cluster
from ekslint.model.reading import Undecided
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

_ADDON = "vpc-cni"
_PREFIXES = "ENABLE_PREFIX_DELEGATION"
_OWN_NETWORK = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"
_TRUE = frozenset({"true", "1", "t"})


class Networking(NamedTuple):
    """Settings of the VPC CNI; None where nobody knows."""

    uses_prefixes: bool | None
    """Whether interfaces get prefixes of 16 addresses in place of single ones."""
    has_own_pod_network: bool | None
    """Custom networking: pods get addresses of other subnets, so that the first interface serves none."""


_UNKNOWN = Networking(None, None)
_PLAIN = Networking(False, False)


def networking_of(cluster: Cluster) -> Networking:
    """The settings of a cluster's add-on; the usual ones where it says nothing. Never raises Undecided."""
    try:
        if not cluster.has_addon(_ADDON):
            # Auto Mode brings its own; any other cluster gets the CNI without an add-on, set up by hand.
            return _PLAIN if cluster.auto_mode is not None else _UNKNOWN
        addon = cluster.addons.get(_ADDON)
        text = addon.configuration_values if addon is not None else None
    except Undecided:
        return _UNKNOWN
    return _configured(text) if text else _PLAIN


def _configured(text: str) -> Networking:
    documents = parse(SourceText("configurationValues", text))
    if len(documents) != 1 or documents[0].problems or not isinstance(documents[0].root, dict):
        return _UNKNOWN
    environment = documents[0].value(("env",))
    if environment is None:
        return _PLAIN
    if not isinstance(environment, dict):
        return _UNKNOWN
    return Networking(*(_is_true(environment.get(name)) for name in (_PREFIXES, _OWN_NETWORK)))


def _is_true(value: object) -> bool:
    return str(value).lower() in _TRUE
