"""What the rules of this category ask about a cluster."""

from ekslint import Cluster, KarpenterPool

AUTO_MODE_GROUP = "eks.amazonaws.com"
AUTO_MODE_EBS = "ebs.csi.eks.amazonaws.com"
AUTO_MODE_ALB = "eks.amazonaws.com/alb"
_EBS_DRIVER = "aws-ebs-csi-driver"


def lacks_driver_of_other_nodes(cluster: Cluster) -> bool:
    """Whether no node of a cluster can use the EBS CSI driver that others have: all are Auto Mode's, none adds it."""
    if not is_auto_only(cluster) or cluster.has_addon(_EBS_DRIVER):
        return False
    return not cluster.estate.has_evidence_of(_EBS_DRIVER, cluster)


def is_auto_only(cluster: Cluster | None) -> bool:
    """Whether every node of a cluster is Auto Mode's, as far as the files can tell."""
    return cluster is not None and shows_no_other_nodes(cluster) and not cluster.has_unseen_pools


def shows_no_other_nodes(cluster: Cluster) -> bool:
    """Whether the files show no node of a cluster but Auto Mode's, be it that an installed Karpenter makes some."""
    if cluster.has_external_parts or cluster.has_hidden_parts or cluster.auto_mode is None:
        return False
    return all(isinstance(pool, KarpenterPool) and pool.kind in {"auto", "auto-builtin"} for pool in cluster.pools)
