"""The fields of EKS Auto Mode's NodeClass, and those of Karpenter's EC2NodeClass that it does not have.

Source: EKS user guide, automode/create-node-class (as of 2026-08) and automode/auto-change; Karpenter for AWS 1.14.1
`pkg/apis/crds/karpenter.k8s.aws_ec2nodeclasses.yaml`. The table is `data/node_class_fields.tsv`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from .field_table import FieldTable

TABLE = FieldTable("node_class_fields.tsv", "NodeClass")

EPHEMERAL_STORAGE_IOPS = (3000, 16_000)
EPHEMERAL_STORAGE_THROUGHPUT = (125, 1000)
"""MiB a second."""
EPHEMERAL_STORAGE_SIZE = re.compile(r"[1-9][0-9]{0,4}(?:Gi?|Ti?)")
MAXIMUM_NODE_LIFETIME_HOURS = 504
"""Auto Mode replaces a node after 21 days, whatever its NodePool says."""

_INSTANCE_TYPE = "node.kubernetes.io/instance-type"
_FAMILY = "eks.amazonaws.com/instance-family"

NODE_POOL_REQUIREMENTS: Mapping[str, str] = MappingProxyType(
    {
        "architecture": "kubernetes.io/arch",
        "availabilityZones": "topology.kubernetes.io/zone",
        "capacityType": "karpenter.sh/capacity-type",
        "instanceCategory": "eks.amazonaws.com/instance-category",
        "instanceFamilies": _FAMILY,
        "instanceFamily": _FAMILY,
        "instanceSize": "eks.amazonaws.com/instance-size",
        "instanceType": _INSTANCE_TYPE,
        "instanceTypes": _INSTANCE_TYPE,
        "zones": "topology.kubernetes.io/zone",
    }
)
"""What people write into a NodeClass, and the label that says it among the requirements of a NodePool."""

NODE_POOL_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "disruption": "spec.disruption",
        "expireAfter": "spec.template.spec.expireAfter",
        "labels": "spec.template.metadata.labels",
        "limits": "spec.limits",
        "nodeLabels": "spec.template.metadata.labels",
        "requirements": "spec.template.spec.requirements",
        "startupTaints": "spec.template.spec.startupTaints",
        "taints": "spec.template.spec.taints",
        "weight": "spec.weight",
    }
)
"""Settings of nodes that a NodePool has, and no NodeClass."""

EC2_NODE_CLASS_ONLY: Mapping[str, str] = MappingProxyType(
    {
        "amiFamily": "Auto Mode brings an image of its own",
        "amiSelectorTerms": "Auto Mode brings an image of its own",
        "associatePublicIPAddress": "it belongs below advancedNetworking",
        "blockDeviceMappings": "the size of the data volume is ephemeralStorage.size",
        "connectionTracking": "Auto Mode decides",
        "context": "Auto Mode decides",
        "cpuOptions": "Auto Mode decides",
        "detailedMonitoring": "Auto Mode decides",
        "instanceStorePolicy": "Auto Mode uses local disks by itself",
        "ipPrefixCount": "Auto Mode decides; see advancedNetworking",
        "kubelet": "Auto Mode configures the kubelet",
        "metadataOptions": "Auto Mode requires IMDSv2 with a hop limit of 1",
        "networkInterfaces": "Auto Mode decides",
        "placementGroupSelector": "Auto Mode decides",
        "userData": "Auto Mode runs no scripts on its nodes: use a DaemonSet",
    }
)
"""The fields of an EC2NodeClass that a NodeClass has not, and why."""
