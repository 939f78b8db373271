"""What IAM lets nodes, clusters and pods do their work: managed policies, the actions behind them, trust.

Sources: EKS user guide (create-node-role, auto-learn-iam, pod-execution-role, hybrid-nodes-creds, pod-id-role,
cni-iam-role), eksctl 0.231 `pkg/cfn/builder/iam.go`; the actions were compared with the policies' own documents
(`data/iam_policy_documents.tsv`). A policy is told by its name: partition, account and path do not matter for what it
grants.
"""

from enum import Enum
from typing import NamedTuple


class Need(Enum):
    """Something a principal must be allowed to do."""

    WORKER = "worker"
    """Join the cluster and describe itself."""
    WORKER_MINIMAL = "worker-minimal"
    """Fetch Pod Identity credentials: all that an Auto Mode node does under its own role."""
    ECR_PULL = "ecr-pull"
    CNI = "cni"
    """Give pods addresses of the VPC, over IPv4."""
    CNI_IPV6 = "cni-ipv6"
    """The same over IPv6, for which AWS has no managed policy."""
    SSM = "ssm"
    """Be reached through Session Manager."""
    CLOUDWATCH_AGENT = "cloudwatch-agent"
    CLUSTER = "cluster"
    CLUSTER_COMPUTE = "cluster-compute"
    CLUSTER_BLOCK_STORAGE = "cluster-block-storage"
    CLUSTER_LOAD_BALANCING = "cluster-load-balancing"
    CLUSTER_NETWORKING = "cluster-networking"
    VPC_RESOURCE_CONTROLLER = "vpc-resource-controller"
    """Security groups for pods, and Windows addresses."""
    EBS_CSI = "ebs-csi"
    EFS_CSI = "efs-csi"
    DESCRIBE_CLUSTER = "describe-cluster"


class Principal(Enum):
    """Who assumes a role."""

    NODE = "node"
    """A managed, self-managed or Karpenter node."""
    AUTO_NODE = "auto-node"
    FARGATE_POD_EXECUTION = "fargate-pod-execution"
    HYBRID_NODE = "hybrid-node"
    CLUSTER = "cluster"
    AUTO_CLUSTER = "auto-cluster"
    POD_IDENTITY = "pod-identity"
    """A pod, through EKS Pod Identity."""


class Grant(NamedTuple):
    """What satisfies a need."""

    policies: tuple[str, ...]
    """Managed policies, each of them enough; the recommended one first. Empty if AWS has none."""
    actions: tuple[str, ...]
    """The actions without which it does not work: what a policy of the user's own must allow."""


class Trust(NamedTuple):
    """Who may assume a role, and how."""

    services: tuple[str, ...]
    """Service principals, any one of them; in China `ec2` is `ec2.amazonaws.com.cn`."""
    actions: tuple[str, ...]
    """What the trust policy must allow that principal."""


_ECR_ACTIONS = ("ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer")

_GRANTS: dict[Need, Grant] = {
    Need.WORKER: Grant(
        ("AmazonEKSWorkerNodePolicy",),
        ("ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "eks:DescribeCluster"),
    ),
    Need.WORKER_MINIMAL: Grant(
        ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEKSWorkerNodePolicy"),
        ("eks-auth:AssumeRoleForPodIdentity",),
    ),
    Need.ECR_PULL: Grant(
        (
            "AmazonEC2ContainerRegistryPullOnly",
            "AmazonEC2ContainerRegistryReadOnly",
            "AmazonEC2ContainerRegistryPowerUser",
            "AmazonEC2ContainerRegistryFullAccess",
            "AmazonEKSFargatePodExecutionRolePolicy",
        ),
        _ECR_ACTIONS,
    ),
    Need.CNI: Grant(
        ("AmazonEKS_CNI_Policy",),
        (
            "ec2:AssignPrivateIpAddresses",
            "ec2:AttachNetworkInterface",
            "ec2:CreateNetworkInterface",
            "ec2:CreateTags",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DetachNetworkInterface",
            "ec2:ModifyNetworkInterfaceAttribute",
            "ec2:UnassignPrivateIpAddresses",
        ),
    ),
    Need.CNI_IPV6: Grant(
        (),
        (
            "ec2:AssignIpv6Addresses",
            "ec2:CreateTags",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeTags",
        ),
    ),
    Need.SSM: Grant(
        ("AmazonSSMManagedInstanceCore", "AmazonSSMManagedEC2InstanceDefaultPolicy", "AmazonEC2RoleforSSM"),
        (
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ),
    ),
    Need.CLOUDWATCH_AGENT: Grant(
        ("CloudWatchAgentServerPolicy", "CloudWatchAgentAdminPolicy"),
        ("cloudwatch:PutMetricData", "logs:CreateLogStream", "logs:PutLogEvents"),
    ),
    Need.CLUSTER: Grant(
        ("AmazonEKSClusterPolicy",),
        # What the user guide lists for a policy of one's own (cluster-iam-role); load balancers are beyond that.
        (
            "ec2:CreateTags",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeVpcs",
        ),
    ),
    Need.CLUSTER_COMPUTE: Grant(("AmazonEKSComputePolicy",), ("ec2:CreateFleet", "ec2:RunInstances")),
    Need.CLUSTER_BLOCK_STORAGE: Grant(
        ("AmazonEKSBlockStoragePolicy", "AmazonEKSBlockStoragePolicyV2"),
        ("ec2:AttachVolume", "ec2:CreateSnapshot", "ec2:CreateVolume"),
    ),
    Need.CLUSTER_LOAD_BALANCING: Grant(
        ("AmazonEKSLoadBalancingPolicy",),
        (
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:CreateRule",
            "elasticloadbalancing:SetSecurityGroups",
        ),
    ),
    Need.CLUSTER_NETWORKING: Grant(
        ("AmazonEKSNetworkingPolicy",), ("ec2:AssociateTrunkInterface", "ec2:CreateNetworkInterface")
    ),
    Need.VPC_RESOURCE_CONTROLLER: Grant(
        ("AmazonEKSVPCResourceController",), ("ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission")
    ),
    Need.EBS_CSI: Grant(
        (
            "AmazonEBSCSIDriverPolicyV2",
            "AmazonEBSCSIDriverPolicy",
            "AmazonEBSCSIDriverEKSClusterScopedPolicy",
        ),
        ("ec2:AttachVolume", "ec2:CreateVolume", "ec2:DeleteVolume", "ec2:DescribeVolumes", "ec2:DetachVolume"),
    ),
    Need.EFS_CSI: Grant(
        ("AmazonEFSCSIDriverPolicy", "AmazonElasticFileSystemFullAccess"),
        (
            "elasticfilesystem:CreateAccessPoint",
            "elasticfilesystem:DeleteAccessPoint",
            "elasticfilesystem:DescribeAccessPoints",
            "elasticfilesystem:DescribeFileSystems",
        ),
    ),
    Need.DESCRIBE_CLUSTER: Grant(("AmazonEKSWorkerNodePolicy",), ("eks:DescribeCluster",)),
}

_REQUIRED: dict[Principal, tuple[Need, ...]] = {
    Principal.NODE: (Need.WORKER, Need.ECR_PULL, Need.CNI),
    Principal.AUTO_NODE: (Need.WORKER_MINIMAL, Need.ECR_PULL),
    Principal.FARGATE_POD_EXECUTION: (Need.ECR_PULL,),
    Principal.HYBRID_NODE: (Need.ECR_PULL, Need.DESCRIBE_CLUSTER),
    Principal.CLUSTER: (Need.CLUSTER,),
    Principal.AUTO_CLUSTER: (
        Need.CLUSTER,
        Need.CLUSTER_COMPUTE,
        Need.CLUSTER_BLOCK_STORAGE,
        Need.CLUSTER_LOAD_BALANCING,
        Need.CLUSTER_NETWORKING,
    ),
    Principal.POD_IDENTITY: (),
}

_TRUST: dict[Principal, Trust] = {
    Principal.NODE: Trust(("ec2.amazonaws.com", "ec2.amazonaws.com.cn"), ("sts:AssumeRole",)),
    Principal.AUTO_NODE: Trust(("ec2.amazonaws.com", "ec2.amazonaws.com.cn"), ("sts:AssumeRole",)),
    Principal.FARGATE_POD_EXECUTION: Trust(("eks-fargate-pods.amazonaws.com",), ("sts:AssumeRole",)),
    Principal.HYBRID_NODE: Trust(("ssm.amazonaws.com", "rolesanywhere.amazonaws.com"), ("sts:AssumeRole",)),
    Principal.CLUSTER: Trust(("eks.amazonaws.com",), ("sts:AssumeRole",)),
    Principal.AUTO_CLUSTER: Trust(("eks.amazonaws.com",), ("sts:AssumeRole", "sts:TagSession")),
    Principal.POD_IDENTITY: Trust(("pods.eks.amazonaws.com",), ("sts:AssumeRole", "sts:TagSession")),
}

FARGATE_POD_EXECUTION_POLICY = "AmazonEKSFargatePodExecutionRolePolicy"
"""The recommended policy of that role, before the container registry's own."""

BROADER_THAN_NEEDED = ("AmazonEC2ContainerRegistryPowerUser", "AmazonEC2ContainerRegistryFullAccess")
"""Policies that satisfy ECR_PULL and also let every pod on the node push images."""

OVERPRIVILEGED_ON_NODES = frozenset(
    {
        "AdministratorAccess",
        "AmazonDynamoDBFullAccess",
        "AmazonEC2FullAccess",
        "AmazonRDSFullAccess",
        "AmazonRoute53FullAccess",
        "AmazonS3FullAccess",
        "AmazonSQSFullAccess",
        "AmazonVPCFullAccess",
        "IAMFullAccess",
        "PowerUserAccess",
        "SecretsManagerReadWrite",
    }
)
"""Managed policies that give every pod on a node far more than a node needs."""


def grant_for(need: Need) -> Grant:
    """The managed policies and the actions that satisfy `need`."""
    return _GRANTS[need]


def needs_of(principal: Principal) -> tuple[Need, ...]:
    """What a role of `principal` must allow, most basic first.

    CNI is not needed on a node where aws-node has a role of its own or another network plugin runs, and is CNI_IPV6 in
    IPv6 clusters. A hybrid node registered through Systems Manager needs SSM too.
    """
    return _REQUIRED[principal]


def trust_of(principal: Principal) -> Trust:
    """Whom a role of `principal` must trust."""
    return _TRUST[principal]


def policy_name(arn: str) -> str:
    """The bare name of a policy: `arn:aws-cn:iam::aws:policy/service-role/X`, `service-role/X` and `X` are all `X`."""
    return arn.rpartition("/")[2]


def is_aws_managed(arn: str) -> bool:
    """Whether `arn` (or bare name) can be one of AWS's own policies, and not a customer's."""
    return not arn.startswith("arn:") or ":iam::aws:policy/" in arn


def satisfies(policy: str, need: Need) -> bool:
    """Whether the AWS managed policy `policy`, by ARN in any partition or by name, satisfies `need` alone."""
    return is_aws_managed(policy) and policy_name(policy) in _GRANTS[need].policies


def satisfied_by(policy: str) -> frozenset[Need]:
    """Every need that the AWS managed policy `policy` satisfies; empty for policies of no interest."""
    return frozenset(need for need in Need if satisfies(policy, need))
