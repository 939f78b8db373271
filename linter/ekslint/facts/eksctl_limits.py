"""What eksctl refuses in a node group: ranges, closed lists, and fields that exclude each other.

Source: eksctl 0.231, `pkg/apis/eksctl.io/v1alpha5/validation.go` and `types.go`, `pkg/eks/{api,nodegroup_service}.go`,
`pkg/eks/cluster_versions_manager.go`. Licence: Apache-2.0. What the EKS or Auto Scaling API says instead is marked.
Ranges are (least, most), both allowed.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

VERSION_WORDS = frozenset({"auto", "latest"})
"""What `metadata.version` may be besides a minor version; the file's own absence of one means `auto`."""

VOLUME_IOPS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"gp3": (3000, 16000), "io1": (100, 64000), "io2": (100, 256000)}
)
"""The volume types that take `volumeIOPS`. EBS itself allows more for gp3 since 2025; eksctl does not."""
VOLUME_THROUGHPUT: Mapping[str, tuple[int, int]] = MappingProxyType({"gp3": (125, 1000)})
"""The volume types that take `volumeThroughput`, in MiB/s."""

KUBELET_FIELDS_OF_EKSCTL = frozenset(
    {"address", "apiVersion", "authentication", "authorization", "clusterDomain", "kind", "serverTLSBootstrap"}
)
"""Fields of KubeletConfiguration that `kubeletExtraConfig` may not hold."""

BOTTLEROCKET_SETTINGS_OF_NODE_GROUP: Mapping[str, str] = MappingProxyType(
    {"max-pods": "maxPodsPerNode", "node-labels": "labels", "node-taints": "taints"}
)
"""`bottlerocket.settings.kubernetes` keys that a self-managed group may not set, and the fields to use instead."""
BOTTLEROCKET_SETTINGS_OF_MANAGED_GROUP: Mapping[str, str] = MappingProxyType(
    {"node-labels": "labels", "node-taints": "taints"}
)
"""The same for managed groups (`pkg/nodebootstrap/managed_bottlerocket.go`)."""
BOTTLEROCKET_SETTINGS_OF_EKS = frozenset({"api-server", "cluster-certificate", "cluster-dns-ip", "cluster-name"})
"""`bottlerocket.settings.kubernetes` keys that EKS itself writes for managed groups."""

IMAGE_RESOLVERS = ("auto", "auto-ssm")
"""What `ami` of a self-managed group may be besides an image ID."""
WITHOUT_ARM_IMAGE_FOR: Mapping[str, frozenset[str]] = MappingProxyType(
    {"AmazonLinux2": frozenset({"neuron", "nvidia"}), "AmazonLinux2023": frozenset({"neuron"})}
)
"""The accelerators for which a family has no arm64 image (`amitype.go`)."""

SSH_KEYS = ("publicKey", "publicKeyName", "publicKeyPath")
"""Where the key may stand, in the order in which eksctl looks (`pkg/ssh/loader.go`)."""

ROLE_SETTINGS = ("instanceRoleName", "attachPolicy", "attachPolicyARNs", "instanceRolePermissionsBoundary")
"""Fields of `iam` that describe a role for eksctl to make, besides `withAddonPolicies`."""

MIXED_INSTANCES = "mixed"
"""What `instanceType` may be where several types are given."""
MAXIMUM_MIXED_TYPES = 20
MAXIMUM_SELECTED_TYPES = 40
"""Types that an instance selector may match."""
SPOT_INSTANCE_POOLS = (1, 20)
STRATEGIES_WITHOUT_POOLS = frozenset({"capacity-optimized", "capacity-optimized-prioritized"})
AUTO_SCALING_STRATEGIES = (
    "capacity-optimized",
    "capacity-optimized-prioritized",
    "lowest-price",
    "price-capacity-optimized",
)
"""The Auto Scaling API's own list (InstancesDistribution); eksctl lets the EC2 API's `diversified` pass, too."""

CPU_CREDIT_MODES = ("standard", "unlimited")
"""In any case of letters."""
SUSPENDABLE_PROCESSES = (
    "AZRebalance",
    "AddToLoadBalancer",
    "AlarmNotification",
    "HealthCheck",
    "InstanceRefresh",
    "Launch",
    "ReplaceUnhealthy",
    "ScheduledActions",
    "Terminate",
)
MINIMUM_INSTANCE_LIFETIME = 86_400
"""Seconds."""
CONTAINERD = "containerd"
FIRST_VERSION_WITH_CONTAINERD_ALONE = "1.24"

CAPACITY_RESERVATION_PREFERENCES = ("none", "open")
CAPACITY_BLOCK = "capacity-block"
"""The one `instanceMarketOptions.marketType`."""

MAX_UNAVAILABLE = (1, 100)
"""EKS API, NodegroupUpdateConfig: nodes."""
MAX_UNAVAILABLE_PERCENTAGE = (1, 100)
"""EKS API, NodegroupUpdateConfig."""
LEAST_MAXIMUM_OF_MANAGED_GROUP = 1
"""EKS API, NodegroupScalingConfig."""


class Use(Enum):
    """When a field counts as used."""

    PRESENT = "present"
    """Whatever its value."""
    FILLED = "filled"
    """Neither empty nor zero."""
    TRUE = "true"
    FALSE = "false"


class Exclusion(NamedTuple):
    """A field that may not be used in some case."""

    path: tuple[str, ...]
    use: Use


EXCLUDED_BY_LAUNCH_TEMPLATE = (
    Exclusion(("instanceType",), Use.FILLED),
    Exclusion(("ami",), Use.FILLED),
    Exclusion(("ssh", "enableSsm"), Use.TRUE),
    Exclusion(("ssh", "sourceSecurityGroupIds"), Use.FILLED),
    Exclusion(("volumeSize",), Use.PRESENT),
    Exclusion(("preBootstrapCommands",), Use.FILLED),
    Exclusion(("overrideBootstrapCommand",), Use.PRESENT),
    Exclusion(("securityGroups", "attachIDs"), Use.FILLED),
    Exclusion(("instanceName",), Use.FILLED),
    Exclusion(("instancePrefix",), Use.FILLED),
    Exclusion(("maxPodsPerNode",), Use.FILLED),
    Exclusion(("disableIMDSv1",), Use.FALSE),
    Exclusion(("disablePodIMDS",), Use.TRUE),
    Exclusion(("placement",), Use.PRESENT),
)
"""What a managed group with `launchTemplate` may not set, besides `ssh.allow` and what implies it."""
EXCLUDED_BY_CUSTOM_IMAGE = (
    Exclusion(("maxPodsPerNode",), Use.FILLED),
    Exclusion(("ssh", "enableSsm"), Use.TRUE),
    Exclusion(("releaseVersion",), Use.FILLED),
)
"""What a managed group with `ami` may not set."""
NEEDS_VOLUME_SIZE = (
    Exclusion(("volumeName",), Use.FILLED),
    Exclusion(("volumeEncrypted",), Use.TRUE),
    Exclusion(("volumeKmsKeyID",), Use.FILLED),
)
"""What a group without `volumeSize` may not set."""
EXCLUDED_FROM_MANAGED_GROUPS = (
    Exclusion(("iam", "instanceProfileARN"), Use.FILLED),
    Exclusion(("outpostARN",), Use.FILLED),
    Exclusion(("securityGroups", "withLocal"), Use.TRUE),
    Exclusion(("securityGroups", "withShared"), Use.TRUE),
)
