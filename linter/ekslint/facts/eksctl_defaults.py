"""What eksctl fills in where a ClusterConfig says nothing.

Source: eksctl 0.231, package `pkg/apis/eksctl.io/v1alpha5`: `types.go` (constants), `defaults.go`, `known_addons.go`,
the size defaults in `validation.go` (managed) and `pkg/cfn/builder/nodegroup.go` (self-managed), the instance type in
`pkg/eks/nodegroup_service.go` and the node role's policies in `pkg/cfn/builder/iam_helper.go`. Licence: Apache-2.0.
"""

from types import MappingProxyType

EKSCTL_VERSION = "0.231"
"""The release these defaults were read from."""

KUBERNETES_VERSION = "1.34"
REGION = "us-west-2"
IP_FAMILY = "IPv4"
AUTHENTICATION_MODE = "API_AND_CONFIG_MAP"
AUTHENTICATION_MODE_ON_OUTPOSTS = "CONFIG_MAP"
"""Without `outpost.etcdInstanceType`; with it, the usual one."""
WITH_OIDC = False
AUTO_MODE_NODE_POOLS = ("general-purpose", "system")
"""What `autoModeConfig.enabled` gives without `nodePools`."""

ENDPOINT_PUBLIC_ACCESS = True
ENDPOINT_PRIVATE_ACCESS = False
NAT_GATEWAY = "Single"
VPC_CIDR = "192.168.0.0/16"
"""`pkg/apis/eksctl.io/v1alpha5/vpc.go`: DefaultCIDR."""
SERVICE_ACCOUNT_NAMESPACE = "default"
ROLE_PROVIDER_OF_HYBRID_NODES = "ssm"

AMI_FAMILY = "AmazonLinux2023"
INSTANCE_TYPE = "m5.large"
"""Of a node group of either kind, unless a launch template, an instance selector or mixed instances decide."""
NODE_COUNT = 2
"""minSize without minSize and desiredCapacity; desiredCapacity and maxSize then follow it."""
LEAST_MAX_SIZE = 1
"""What a managed node group's maxSize becomes when it would be derived as 0."""
VOLUME_TYPE = "gp3"
VOLUME_TYPE_ON_OUTPOSTS = "gp2"
VOLUME_SIZE_GIB = 80
"""Unless the group brings its own launch template."""
VOLUME_IOPS = MappingProxyType({"gp3": 3000, "io1": 100, "io2": 100})
DISABLE_IMDS_V1 = True
DISABLE_POD_IMDS = False
METADATA_HOP_LIMIT = 2
"""1 with `disablePodIMDS: true`."""
SPOT_ALLOCATION_STRATEGY = "lowest-price"
"""EC2 Auto Scaling's own default: eksctl passes nothing on when `spotAllocationStrategy` is absent."""

DEFAULT_ADDONS = ("vpc-cni", "kube-proxy", "coredns", "metrics-server")
"""Installed without being listed, unless `addonsConfig.disableDefaultAddons` is true."""
DEFAULT_ADDONS_OF_AUTO_MODE = ("metrics-server",)
REGIONS_WITHOUT_METRICS_SERVER = frozenset(
    {
        "cn-north-1",
        "cn-northwest-1",
        "eu-isoe-west-1",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-iso-west-1",
        "us-isob-east-1",
        "us-isof-east-1",
        "us-isof-south-1",
    }
)

NODE_ROLE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")
"""Attached when `iam.attachPolicyARNs` is empty; a non-empty list replaces all of them."""
NODE_ROLE_POLICY_WITHOUT_OIDC = "AmazonEKS_CNI_Policy"
"""Attached too when `iam.withOIDC` is not true, because aws-node then has no role of its own."""
SELF_MANAGED_NODE_ROLE_POLICY = "AmazonEC2ContainerRegistryPullOnly"
"""Attached to self-managed groups even when `iam.attachPolicyARNs` is set (PowerUser with `imageBuilder`)."""

MANAGED_NODE_GROUP_INSTANCE_TYPE = "t3.medium"
"""The EKS API's own default for a managed node group without instance types (CreateNodegroup); not eksctl's."""
MANAGED_NODE_GROUP_DISK_GIB = 20
"""The EKS API's own default disk of a managed node group; 50 for Windows."""
MANAGED_NODE_GROUP_WINDOWS_DISK_GIB = 50
