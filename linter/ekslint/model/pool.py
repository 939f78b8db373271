"""Where workloads run: node groups, Karpenter and Auto Mode pools, Fargate profiles, hybrid nodes, live nodes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from ekslint.model.entity import Entity

if TYPE_CHECKING:
    from ekslint.model.cluster import Cluster
    from ekslint.model.iam import Role
    from ekslint.model.launch import LaunchTemplate, UserData
    from ekslint.model.network import Subnet


class Taint(NamedTuple):
    """A taint as Kubernetes spells it, whatever the dialect wrote."""

    key: str
    value: str
    effect: str
    """NoSchedule, PreferNoSchedule, NoExecute, or whatever was written."""

    @property
    def is_hard(self) -> bool:
        """Whether it keeps pods away, and does not merely advise against."""
        return self.effect in {"NoSchedule", "NoExecute"}

    def __str__(self) -> str:
        return f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"


class Requirement(NamedTuple):
    """A node selector requirement, of a pod's affinity or of a NodePool."""

    key: str
    operator: str
    values: tuple[str, ...] = ()
    min_values: int | None = None

    def __str__(self) -> str:
        if self.operator in {"Exists", "DoesNotExist"}:
            return f"{self.key} {self.operator}"
        return f"{self.key} {self.operator} [{', '.join(self.values)}]"


class Pool(Entity):
    """A set of nodes that are alike, or that are made alike on demand."""

    __slots__ = ("cluster", "kind", "labels", "name", "taints")
    defaults: ClassVar[Mapping[str, Any]] = {"labels": {}, "taints": (), "name": None}

    cluster: "Cluster | None"
    kind: str
    """`managed`, `self-managed`, `karpenter`, `auto`, `auto-builtin`, `fargate`, `hybrid` or `live`."""
    name: str | None
    """None where AWS generates one."""
    labels: Mapping[str, str]
    """What the nodes carry: declared labels, and those with fixed values that the pool kind adds by itself."""
    taints: Sequence[Taint]
    """The taints that stay; Karpenter's startup taints are not among them."""

    @property
    def is_ec2(self) -> bool:
        """Whether its nodes are EC2 instances in the customer's account."""
        return self.kind not in {"fargate", "hybrid"}


class NodeGroup(Pool):
    """A managed node group, or an Auto Scaling group of nodes that join by themselves."""

    __slots__ = (
        "addon_policies",
        "ami_family",
        "ami_id",
        "ami_type",
        "availability_zones",
        "capacity_rebalance",
        "capacity_type",
        "cluster_tags",
        "container_runtime",
        "cpu_credits",
        "desired_size",
        "forces_update",
        "has_metadata_service",
        "http_put_response_hop_limit",
        "http_tokens",
        "instance_requirements",
        "instance_types",
        "instances_distribution",
        "is_on_outpost",
        "is_pinned_capacity",
        "kubelet_configuration",
        "label_keys_as_written",
        "launch_template",
        "launch_template_version",
        "max_instance_lifetime",
        "max_pods",
        "max_size",
        "min_size",
        "node_repair",
        "policies_replaced",
        "propagates_scaling_tags",
        "release_version",
        "reservation_target",
        "role",
        "role_arn",
        "scaling_policies",
        "scaling_tags",
        "security_groups",
        "settings_beside_template",
        "ssh_allowed",
        "ssh_source_security_groups",
        "startup_scripts",
        "subnets",
        "suspended_processes",
        "tags",
        "taint_effects_as_written",
        "termination_hooks",
        "update_config",
        "update_policy",
        "user_data",
        "uses_fabric_adapter",
        "uses_private_networking",
        "version",
        "volume_encrypted",
        "volume_size",
        "volume_type",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "addon_policies": (),
        "ami_family": None,
        "ami_id": None,
        "ami_type": None,
        "availability_zones": None,
        "capacity_rebalance": None,
        "capacity_type": "ON_DEMAND",
        "cluster_tags": (),
        "container_runtime": None,
        "cpu_credits": None,
        "desired_size": None,
        "forces_update": False,
        "has_metadata_service": True,
        "http_put_response_hop_limit": None,
        "http_tokens": None,
        "instance_requirements": None,
        "instances_distribution": None,
        "is_on_outpost": False,
        "is_pinned_capacity": False,
        "kubelet_configuration": None,
        "label_keys_as_written": (),
        "launch_template": None,
        "launch_template_version": None,
        "max_instance_lifetime": None,
        "max_pods": None,
        "node_repair": None,
        "policies_replaced": False,
        "propagates_scaling_tags": False,
        "release_version": None,
        "reservation_target": None,
        "role": None,
        "role_arn": None,
        "scaling_policies": (),
        "scaling_tags": {},
        "security_groups": (),
        "settings_beside_template": {},
        "ssh_allowed": False,
        "ssh_source_security_groups": (),
        "startup_scripts": (),
        "subnets": (),
        "suspended_processes": (),
        "tags": {},
        "taint_effects_as_written": (),
        "termination_hooks": (),
        "update_config": None,
        "update_policy": None,
        "user_data": None,
        "uses_fabric_adapter": False,
        "uses_private_networking": None,
        "version": None,
        "volume_encrypted": None,
        "volume_size": None,
        "volume_type": None,
    }
    min_size: int
    desired_size: int | None
    max_size: int
    instance_types: Sequence[str]
    """In order of preference; the tool's or the API's default where none is given."""
    instance_requirements: Mapping[str, Any] | None
    """Attribute-based selection (instanceSelector, InstanceRequirements): `instance_types` is then unknown."""
    capacity_type: str
    """`ON_DEMAND`, `SPOT`, `CAPACITY_BLOCK`, or `MIXED` (on-demand base and Spot in one Auto Scaling group)."""
    ami_family: str | None
    """As eksctl calls it: AmazonLinux2, AmazonLinux2023, Bottlerocket, Ubuntu2204, WindowsServer2022FullContainer …"""
    ami_type: str | None
    """As the EKS API calls it: AL2023_x86_64_STANDARD …"""
    ami_id: str | None
    """A literal image ID, an SSM parameter path, or another reference as written."""
    version: str | None
    """Kubernetes version of the nodes, where it is set on the group or its image."""
    release_version: str | None
    availability_zones: Sequence[str] | None
    """Distinct zones of its subnets, or those asked for; symbolic (`zone #0`) where the account decides; None where
    they cannot be told apart from the cluster's."""
    subnets: "Sequence[Subnet]"
    uses_private_networking: bool | None
    """Whether its nodes get no public address; None where the subnets do not tell."""
    role: "Role | None"
    """The node role: declared, or as the tool creates it. None where it is external or cannot be found."""
    role_arn: str | None
    """ARN of the node role, or of its instance profile, or its name, where that is written out, with `${Name}` for
    what is filled in at deployment; None where the tool makes it."""
    policies_replaced: bool
    """eksctl: `iam.attachPolicyARNs` takes the place of the default node policies."""
    addon_policies: Sequence[str]
    """eksctl: the keys of `iam.withAddonPolicies` that are true; their policies are among those of `role`."""
    has_metadata_service: bool
    """Whether its nodes can ask for instance metadata at all (HttpEndpoint)."""
    http_tokens: str | None
    """`required` or `optional` (IMDSv1 allowed); None where the image's default applies."""
    http_put_response_hop_limit: int | None
    ssh_allowed: bool
    """Whether there is a key to log in with, for which EKS or eksctl opens port 22, if they make the security group."""
    ssh_source_security_groups: Sequence[str]
    security_groups: Sequence[str]
    """Further security groups of the nodes: IDs or logical names."""
    label_keys_as_written: Sequence[str]
    """CloudFormation: keys of a managed group's own labels, each placed where it is written."""
    taint_effects_as_written: Sequence[str]
    """CloudFormation: the effects of a managed group's own taints before they became Kubernetes' (NO_SCHEDULE …)."""
    update_config: Mapping[str, Any] | None
    """As the API calls its fields: maxUnavailable, maxUnavailablePercentage, updateStrategy."""
    update_policy: Mapping[str, Any] | None
    """CloudFormation's UpdatePolicy of an Auto Scaling group, with its own keys (AutoScalingRollingUpdate …)."""
    forces_update: bool
    """Whether updates go on where a pod disruption budget says no."""
    node_repair: bool | None
    container_runtime: str | None
    """`containerd`, `dockerd` or `docker`; None where the image's own is used."""
    kubelet_configuration: Mapping[str, Any] | None
    """Fields of KubeletConfiguration that are set on the group itself: kubeReserved, evictionHard, maxPods …"""
    cpu_credits: str | None
    """Of burstable instances: `standard` or `unlimited`."""
    max_pods: int | None
    volume_size: int | None
    """GiB of the root volume."""
    volume_type: str | None
    volume_encrypted: bool | None
    user_data: "UserData | None"
    launch_template: "LaunchTemplate | None"
    """The launch template or configuration, where it is declared in the same files."""
    launch_template_version: str | None
    """As written: `$Latest`, `$Default` or a number."""
    settings_beside_template: Mapping[str, Any]
    """What a managed group with a launch template sets itself although the template may, as the API calls it:
    amiType, diskSize, instanceTypes, releaseVersion, remoteAccess, version."""
    startup_scripts: Sequence[str]
    """eksctl's preBootstrapCommands and overrideBootstrapCommand."""
    tags: Mapping[str, str]
    """Tags of a managed group, or of eksctl's group itself; those of an Auto Scaling group are `scaling_tags`."""
    scaling_tags: Mapping[str, str]
    """Tags of the Auto Scaling group."""
    cluster_tags: Sequence[str]
    """The clusters of the tags `kubernetes.io/cluster/…` that self-managed nodes get, by name, or as `${Expression}`
    where that is told at deployment only."""
    propagates_scaling_tags: bool
    """eksctl: labels and taints become tags of the Auto Scaling group; they are among `scaling_tags`."""
    suspended_processes: Sequence[str]
    """Processes of the Auto Scaling group that are suspended while it is updated (`AZRebalance` …)."""
    scaling_policies: Sequence[str]
    """Names of EC2 scaling policies that act on the Auto Scaling group."""
    termination_hooks: Sequence[str]
    """Names of the lifecycle hooks that hold the instances of the Auto Scaling group back when they are to end."""
    instances_distribution: Mapping[str, Any] | None
    """On-demand base and Spot of one Auto Scaling group, as eksctl calls its fields: onDemandBaseCapacity,
    onDemandPercentageAboveBaseCapacity, spotAllocationStrategy, spotInstancePools, maxPrice."""
    capacity_rebalance: bool | None
    max_instance_lifetime: int | None
    """Seconds."""
    reservation_target: str | None
    """`one` or `several`: whether it, or its launch template, names the capacity reservation that its instances run in,
    or a group of them, even where nobody knows which."""
    is_on_outpost: bool
    """eksctl: whether its own `outpostARN` puts it on an Outpost, wherever the control plane is."""
    uses_fabric_adapter: bool
    """Whether its nodes have Elastic Fabric Adapters (EFA)."""
    is_pinned_capacity: bool
    """Placement group, EFA, capacity reservation or block, local zone, Outpost: one zone, or a fixed size, is meant."""


class KarpenterPool(Pool):
    """A NodePool (or Provisioner) of Karpenter or Auto Mode; `auto-builtin` ones stand where Auto Mode is enabled."""

    __slots__ = (
        "consolidate_after",
        "disruption_budgets",
        "expire_after",
        "limits",
        "node_class",
        "node_class_group",
        "node_class_kind",
        "node_class_name",
        "replicas",
        "requirements",
        "startup_taints",
        "termination_grace_period",
        "weight",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "consolidate_after": None,
        "disruption_budgets": (),
        "expire_after": None,
        "limits": None,
        "node_class": None,
        "node_class_group": None,
        "node_class_kind": None,
        "node_class_name": None,
        "replicas": None,
        "requirements": (),
        "startup_taints": (),
        "termination_grace_period": None,
        "weight": None,
    }
    requirements: Sequence[Requirement]
    startup_taints: Sequence[Taint]
    limits: Mapping[str, Any] | None
    weight: int | None
    replicas: int | None
    """The fixed number of nodes of a static pool."""
    node_class_group: str | None
    node_class_kind: str | None
    node_class_name: str | None
    node_class: "Any | None"
    """The EC2NodeClass, NodeClass or AWSNodeTemplate object, where it is in the files."""
    expire_after: str | None
    termination_grace_period: str | None
    consolidate_after: str | None
    disruption_budgets: Sequence[Mapping[str, Any]]


class FargateSelector(NamedTuple):
    """Pods of a namespace, or of all that match a glob, with all of these labels (globs too)."""

    namespace: str
    labels: Mapping[str, str]


class FargateProfile(Pool):
    """A Fargate profile: the pods that it selects run on Fargate, and nowhere else."""

    __slots__ = ("role", "role_arn", "selectors", "subnets")
    defaults: ClassVar[Mapping[str, Any]] = {"role": None, "role_arn": None, "selectors": (), "subnets": ()}
    selectors: Sequence[FargateSelector]
    subnets: "Sequence[Subnet]"
    role: "Role | None"
    role_arn: str | None
    """ARN of the pod execution role as it is written, as that of node groups; None where the tool makes the role."""


class HybridNodes(Pool):
    """Machines outside of AWS that join through EKS Hybrid Nodes; nothing is known of their labels and sizes."""

    __slots__ = ("credential_provider", "node_networks", "pod_networks")
    defaults: ClassVar[Mapping[str, Any]] = {"credential_provider": None, "node_networks": (), "pod_networks": ()}
    node_networks: Sequence[str]
    """CIDR blocks of the machines."""
    pod_networks: Sequence[str]
    """CIDR blocks of their pods."""
    credential_provider: str | None
    """`ssm` or `ira` (IAM Roles Anywhere)."""


class LiveNode(Pool):
    """One `kind: Node`, as `kubectl get -o yaml` prints it."""

    __slots__ = ("allocatable", "unschedulable")
    defaults: ClassVar[Mapping[str, Any]] = {"allocatable": {}, "unschedulable": False}
    allocatable: Mapping[str, Any]
    unschedulable: bool


class Instance(Entity):
    """A bare `AWS::EC2::Instance` that joins a cluster."""

    __slots__ = ("cluster_name", "name")
    defaults: ClassVar[Mapping[str, Any]] = {"cluster_name": None, "name": None}
    name: str | None
    cluster_name: str | None
