"""The Amazon VPC CNI: what it is called on a cluster, and the environment variables that switch its features.

Sources, 2026-11-21: amazon-vpc-cni-k8s (README, configuration variables; switches are read with Go's
strconv.ParseBool), EKS user guide (cni-increase-ip-addresses, cni-custom-network, security-groups-for-pods,
auto-networking).
"""

ADDON = "vpc-cni"
DAEMON_SET = "aws-node"
"""The DaemonSet, and its main container."""
NAMESPACE = "kube-system"

CUSTOM_NETWORKING = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"
ENI_CONFIG_LABEL = "ENI_CONFIG_LABEL_DEF"
"""The label of nodes whose value names their ENIConfig."""
POD_ENI = "ENABLE_POD_ENI"
"""Security groups for pods."""
PREFIX_DELEGATION = "ENABLE_PREFIX_DELEGATION"
POOL_SIZES = ("MINIMUM_IP_TARGET", "WARM_ENI_TARGET", "WARM_IP_TARGET", "WARM_PREFIX_TARGET")
"""What a node keeps in reserve; Auto Mode decides that itself."""

LAST_NEEDING_GRACE_PERIOD = (1, 10, 2)
"""Up to this version pods with security groups of their own must not have terminationGracePeriodSeconds 0."""

_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})


def is_true(value: str | None) -> bool:
    """Whether the value of a switch means on; all of the above are off by default."""
    return value in _TRUE
