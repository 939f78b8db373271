"""Which nodes keep their instance metadata, and with them the node's own credentials, from pods.

Sources: AWS Load Balancer Controller, installation (hop limit of 2 or higher); EKS user guide, fargate (no metadata
service), auto-troubleshoot (Auto Mode nodes have a hop limit of 1, for good); Karpenter, EC2NodeClass (its default).
"""

from ekslint import EC2NodeClass, FargateProfile, KarpenterPool, NodeGroup, Place, Pool

_AUTO_KINDS = frozenset({"auto", "auto-builtin"})
_OPTIONS = ("spec", "metadataOptions")
_ENDPOINT = (*_OPTIONS, "httpEndpoint")
_HOP_LIMIT = (*_OPTIONS, "httpPutResponseHopLimit")


def metadata_blocked_at(pool: Pool) -> Place | None:
    """Where a pool says that pods cannot reach the metadata service; None where they can, or may.

    Pods on the host network are one hop nearer: whoever asks has to leave them out.
    """
    if isinstance(pool, FargateProfile):
        return pool.at("name")
    off = _switched_off_at(pool)
    if off is not None:
        return off
    if isinstance(pool, NodeGroup):
        blocks = not pool.unknown("http_put_response_hop_limit") and pool.http_put_response_hop_limit == 1
        return pool.at("http_put_response_hop_limit") if blocks else None
    if not isinstance(pool, KarpenterPool):
        return None
    return pool.at("name") if pool.kind in _AUTO_KINDS else _blocked_by_node_class(pool)


def why_blocked(pool: Pool) -> str:
    """Why such a pool keeps them from pods, for a related place."""
    if isinstance(pool, FargateProfile):
        return f"Fargate has none: {pool}"
    return f"hop limit 1 of {pool}" if _switched_off_at(pool) is None else f"switched off on {pool}"


def answers_nobody(node_class: EC2NodeClass) -> bool:
    """Whether a node class switches the metadata service off."""
    return node_class.text(*_ENDPOINT) == "disabled"


def _switched_off_at(pool: Pool) -> Place | None:
    """Where a pool switches the metadata service off, for the nodes themselves too."""
    if isinstance(pool, NodeGroup):
        is_on = pool.unknown("has_metadata_service") or pool.has_metadata_service
        return None if is_on else pool.at("has_metadata_service")
    if not isinstance(pool, KarpenterPool) or pool.unknown("node_class"):
        return None
    node_class = pool.node_class
    if not isinstance(node_class, EC2NodeClass) or node_class.unknown(*_ENDPOINT) or not answers_nobody(node_class):
        return None
    return node_class.at(*_ENDPOINT)


def _blocked_by_node_class(pool: KarpenterPool) -> Place | None:
    if pool.unknown("node_class") or not isinstance(pool.node_class, EC2NodeClass):
        return None
    node_class = pool.node_class
    if node_class.version != "v1" or node_class.unknown(*_HOP_LIMIT) or node_class.get(*_HOP_LIMIT) not in {None, 1}:
        return None
    place = node_class.at(*_HOP_LIMIT)
    return place if place.is_written else node_class.at("metadata", "name")
