"""ekslint: a static linter and best-practice auditor for Amazon EKS estates.

This is the public API: all that a rule or a plugin may import. Names are loaded on first use (PEP 562), so that
`import ekslint` costs nothing.
"""

from ekslint._version import __version__

# As typing.TYPE_CHECKING, which type checkers know by its name: importing typing costs more than `--version` does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ekslint.engine.finding import Finding as Finding
    from ekslint.engine.rule import Rule as Rule
    from ekslint.engine.rule import rule as rule
    from ekslint.engine.severity import Severity as Severity
    from ekslint.facts import access_entries as access_entries
    from ekslint.facts import addons as addons
    from ekslint.facts import ami_families as ami_families
    from ekslint.facts import ami_names as ami_names
    from ekslint.facts import api_lifetimes as api_lifetimes
    from ekslint.facts import auto_mode as auto_mode
    from ekslint.facts import auto_mode_annotations as auto_mode_annotations
    from ekslint.facts import aws_enums as aws_enums
    from ekslint.facts import component_versions as component_versions
    from ekslint.facts import controller_roles as controller_roles
    from ekslint.facts import csi_drivers as csi_drivers
    from ekslint.facts import eksctl_defaults as eksctl_defaults
    from ekslint.facts import eksctl_fields as eksctl_fields
    from ekslint.facts import eksctl_limits as eksctl_limits
    from ekslint.facts import fargate as fargate
    from ekslint.facts import iam_policies as iam_policies
    from ekslint.facts import instance_types as instance_types
    from ekslint.facts import karpenter_labels as karpenter_labels
    from ekslint.facts import kube_proxy as kube_proxy
    from ekslint.facts import kubelet_flags as kubelet_flags
    from ekslint.facts import kubernetes_versions as kubernetes_versions
    from ekslint.facts import label_domains as label_domains
    from ekslint.facts import label_syntax as label_syntax
    from ekslint.facts import network_limits as network_limits
    from ekslint.facts import node_capacity as node_capacity
    from ekslint.facts import node_class_fields as node_class_fields
    from ekslint.facts import node_group_templates as node_group_templates
    from ekslint.facts import node_labels as node_labels
    from ekslint.facts import node_policies as node_policies
    from ekslint.facts import node_taints as node_taints
    from ekslint.facts import regions as regions
    from ekslint.facts import service_accounts as service_accounts
    from ekslint.facts import vpc_cni as vpc_cni
    from ekslint.model.cluster import AccessEntry as AccessEntry
    from ekslint.model.cluster import Addon as Addon
    from ekslint.model.cluster import AutoMode as AutoMode
    from ekslint.model.cluster import Cluster as Cluster
    from ekslint.model.cluster import DeclaredServiceAccount as DeclaredServiceAccount
    from ekslint.model.cluster import IdentityMapping as IdentityMapping
    from ekslint.model.cluster import PodIdentityAssociation as PodIdentityAssociation
    from ekslint.model.cni_settings import CniSettings as CniSettings
    from ekslint.model.cni_settings import cni_settings_of as cni_settings_of
    from ekslint.model.eksctl import ClusterConfig as ClusterConfig
    from ekslint.model.eksctl import EksctlNodeGroup as EksctlNodeGroup
    from ekslint.model.entity import Entity as Entity
    from ekslint.model.entity import Place as Place
    from ekslint.model.estate import Estate as Estate
    from ekslint.model.file_system import FileSystem as FileSystem
    from ekslint.model.iam import IdentityReference as IdentityReference
    from ekslint.model.iam import InstanceProfile as InstanceProfile
    from ekslint.model.iam import Role as Role
    from ekslint.model.iam import Statement as Statement
    from ekslint.model.kubernetes.access import Binding as Binding
    from ekslint.model.kubernetes.access import BindingSubject as BindingSubject
    from ekslint.model.kubernetes.access import ClusterRole as ClusterRole
    from ekslint.model.kubernetes.access import ClusterRoleBinding as ClusterRoleBinding
    from ekslint.model.kubernetes.access import KubernetesRole as KubernetesRole
    from ekslint.model.kubernetes.access import PolicyRule as PolicyRule
    from ekslint.model.kubernetes.access import RoleBinding as RoleBinding
    from ekslint.model.kubernetes.access import ServiceAccount as ServiceAccount
    from ekslint.model.kubernetes.configuration import ConfigMap as ConfigMap
    from ekslint.model.kubernetes.configuration import Secret as Secret
    from ekslint.model.kubernetes.containers import Container as Container
    from ekslint.model.kubernetes.disruption import Autoscaler as Autoscaler
    from ekslint.model.kubernetes.disruption import HorizontalPodAutoscaler as HorizontalPodAutoscaler
    from ekslint.model.kubernetes.disruption import PodDisruptionBudget as PodDisruptionBudget
    from ekslint.model.kubernetes.disruption import ScaledObject as ScaledObject
    from ekslint.model.kubernetes.disruption import VerticalPodAutoscaler as VerticalPodAutoscaler
    from ekslint.model.kubernetes.embedded import embedded as embedded
    from ekslint.model.kubernetes.manifest import KubernetesObject as KubernetesObject
    from ekslint.model.kubernetes.namespaces import LimitRange as LimitRange
    from ekslint.model.kubernetes.namespaces import Namespace as Namespace
    from ekslint.model.kubernetes.namespaces import PriorityClass as PriorityClass
    from ekslint.model.kubernetes.namespaces import ResourceQuota as ResourceQuota
    from ekslint.model.kubernetes.namespaces import RuntimeClass as RuntimeClass
    from ekslint.model.kubernetes.nodepools import AWSNodeTemplate as AWSNodeTemplate
    from ekslint.model.kubernetes.nodepools import EC2NodeClass as EC2NodeClass
    from ekslint.model.kubernetes.nodepools import NodeClass as NodeClass
    from ekslint.model.kubernetes.nodepools import NodeClassObject as NodeClassObject
    from ekslint.model.kubernetes.nodepools import NodePool as NodePool
    from ekslint.model.kubernetes.nodepools import NodePoolObject as NodePoolObject
    from ekslint.model.kubernetes.nodepools import Provisioner as Provisioner
    from ekslint.model.kubernetes.nodes import Node as Node
    from ekslint.model.kubernetes.packaging import HelmChart as HelmChart
    from ekslint.model.kubernetes.packaging import Kustomization as Kustomization
    from ekslint.model.kubernetes.pods import PodTemplate as PodTemplate
    from ekslint.model.kubernetes.quantity import parse_quantity as parse_quantity
    from ekslint.model.kubernetes.scheduling import NodeSelectorTerm as NodeSelectorTerm
    from ekslint.model.kubernetes.scheduling import PodAffinityTerm as PodAffinityTerm
    from ekslint.model.kubernetes.scheduling import Toleration as Toleration
    from ekslint.model.kubernetes.scheduling import TopologySpreadConstraint as TopologySpreadConstraint
    from ekslint.model.kubernetes.selectors import LabelSelector as LabelSelector
    from ekslint.model.kubernetes.services import Ingress as Ingress
    from ekslint.model.kubernetes.services import IngressClass as IngressClass
    from ekslint.model.kubernetes.services import NetworkPolicy as NetworkPolicy
    from ekslint.model.kubernetes.services import Service as Service
    from ekslint.model.kubernetes.storage import PersistentVolume as PersistentVolume
    from ekslint.model.kubernetes.storage import PersistentVolumeClaim as PersistentVolumeClaim
    from ekslint.model.kubernetes.storage import StorageClass as StorageClass
    from ekslint.model.kubernetes.view import View as View
    from ekslint.model.kubernetes.volumes import Claim as Claim
    from ekslint.model.kubernetes.volumes import Volume as Volume
    from ekslint.model.kubernetes.workloads import CronJob as CronJob
    from ekslint.model.kubernetes.workloads import DaemonSet as DaemonSet
    from ekslint.model.kubernetes.workloads import Deployment as Deployment
    from ekslint.model.kubernetes.workloads import Job as Job
    from ekslint.model.kubernetes.workloads import Pod as Pod
    from ekslint.model.kubernetes.workloads import ReplicaSet as ReplicaSet
    from ekslint.model.kubernetes.workloads import ReplicationController as ReplicationController
    from ekslint.model.kubernetes.workloads import Rollout as Rollout
    from ekslint.model.kubernetes.workloads import StatefulSet as StatefulSet
    from ekslint.model.kubernetes.workloads import Workload as Workload
    from ekslint.model.launch import LaunchTemplate as LaunchTemplate
    from ekslint.model.launch import UserData as UserData
    from ekslint.model.nested_stack import NestedStack as NestedStack
    from ekslint.model.network import IngressRule as IngressRule
    from ekslint.model.network import NatGateway as NatGateway
    from ekslint.model.network import SecurityGroup as SecurityGroup
    from ekslint.model.network import Subnet as Subnet
    from ekslint.model.network import VirtualNetwork as VirtualNetwork
    from ekslint.model.pool import FargateProfile as FargateProfile
    from ekslint.model.pool import FargateSelector as FargateSelector
    from ekslint.model.pool import HybridNodes as HybridNodes
    from ekslint.model.pool import Instance as Instance
    from ekslint.model.pool import KarpenterPool as KarpenterPool
    from ekslint.model.pool import LiveNode as LiveNode
    from ekslint.model.pool import NodeGroup as NodeGroup
    from ekslint.model.pool import Pool as Pool
    from ekslint.model.pool import Requirement as Requirement
    from ekslint.model.pool import Taint as Taint
    from ekslint.model.reading import enumerate_known as enumerate_known
    from ekslint.model.reading import every as every
    from ekslint.model.reading import known as known
    from ekslint.model.reading import some as some
    from ekslint.model.schema import SchemaProblem as SchemaProblem
    from ekslint.model.schema import SchemaProblemKind as SchemaProblemKind
    from ekslint.model.schema import dotted as dotted
    from ekslint.model.schema import schema_problems as schema_problems
    from ekslint.placement.capacity import Capacity as Capacity
    from ekslint.placement.capacity import Crowd as Crowd
    from ekslint.placement.capacity import Shortfall as Shortfall
    from ekslint.placement.causes import Cause as Cause
    from ekslint.placement.placements import Placement as Placement
    from ekslint.placement.placements import PoolVerdict as PoolVerdict
    from ekslint.placement.placements import label_values as label_values
    from ekslint.placement.placements import placement_of as placement_of
    from ekslint.placement.placements import placements_on as placements_on
    from ekslint.placement.pool_capacity import PoolCapacity as PoolCapacity
    from ekslint.placement.replicas import Bottleneck as Bottleneck
    from ekslint.placement.replicas import Separation as Separation
    from ekslint.placement.type_requirements import decides_type as decides_type
    from ekslint.placement.type_requirements import types_meeting as types_meeting
    from ekslint.placement.verdicts import Verdict as Verdict
    from ekslint.source.nearest import nearest as nearest

_HOMES = {
    "ekslint.engine.finding": ("Finding",),
    "ekslint.engine.rule": ("Rule", "rule"),
    "ekslint.engine.severity": ("Severity",),
    "ekslint.model.cluster": (
        *("AccessEntry", "Addon", "AutoMode", "Cluster", "DeclaredServiceAccount"),
        *("IdentityMapping", "PodIdentityAssociation"),
    ),
    "ekslint.model.cni_settings": ("CniSettings", "cni_settings_of"),
    "ekslint.model.eksctl": ("ClusterConfig", "EksctlNodeGroup"),
    "ekslint.model.entity": ("Entity", "Place"),
    "ekslint.model.estate": ("Estate",),
    "ekslint.model.file_system": ("FileSystem",),
    "ekslint.model.iam": ("IdentityReference", "InstanceProfile", "Role", "Statement"),
    "ekslint.model.kubernetes.access": (
        *("Binding", "BindingSubject", "ClusterRole", "ClusterRoleBinding", "KubernetesRole"),
        *("PolicyRule", "RoleBinding", "ServiceAccount"),
    ),
    "ekslint.model.kubernetes.configuration": ("ConfigMap", "Secret"),
    "ekslint.model.kubernetes.containers": ("Container",),
    "ekslint.model.kubernetes.disruption": (
        "Autoscaler",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "ScaledObject",
        "VerticalPodAutoscaler",
    ),
    "ekslint.model.kubernetes.embedded": ("embedded",),
    "ekslint.model.kubernetes.manifest": ("KubernetesObject",),
    "ekslint.model.kubernetes.namespaces": (
        "LimitRange",
        "Namespace",
        "PriorityClass",
        "ResourceQuota",
        "RuntimeClass",
    ),
    "ekslint.model.kubernetes.nodepools": (
        *("AWSNodeTemplate", "EC2NodeClass", "NodeClass", "NodeClassObject", "NodePool"),
        *("NodePoolObject", "Provisioner"),
    ),
    "ekslint.model.kubernetes.nodes": ("Node",),
    "ekslint.model.kubernetes.packaging": ("HelmChart", "Kustomization"),
    "ekslint.model.kubernetes.pods": ("PodTemplate",),
    "ekslint.model.kubernetes.quantity": ("parse_quantity",),
    "ekslint.model.kubernetes.scheduling": (
        "NodeSelectorTerm",
        "PodAffinityTerm",
        "Toleration",
        "TopologySpreadConstraint",
    ),
    "ekslint.model.kubernetes.selectors": ("LabelSelector",),
    "ekslint.model.kubernetes.services": ("Ingress", "IngressClass", "NetworkPolicy", "Service"),
    "ekslint.model.kubernetes.storage": ("PersistentVolume", "PersistentVolumeClaim", "StorageClass"),
    "ekslint.model.kubernetes.view": ("View",),
    "ekslint.model.kubernetes.volumes": ("Claim", "Volume"),
    "ekslint.model.kubernetes.workloads": (
        *("CronJob", "DaemonSet", "Deployment", "Job", "Pod"),
        *("ReplicaSet", "ReplicationController", "Rollout", "StatefulSet", "Workload"),
    ),
    "ekslint.model.launch": ("LaunchTemplate", "UserData"),
    "ekslint.model.nested_stack": ("NestedStack",),
    "ekslint.model.network": ("IngressRule", "NatGateway", "SecurityGroup", "Subnet", "VirtualNetwork"),
    "ekslint.model.pool": (
        *("FargateProfile", "FargateSelector", "HybridNodes", "Instance", "KarpenterPool"),
        *("LiveNode", "NodeGroup", "Pool", "Requirement", "Taint"),
    ),
    "ekslint.model.reading": ("enumerate_known", "every", "known", "some"),
    "ekslint.model.schema": ("SchemaProblem", "SchemaProblemKind", "dotted", "schema_problems"),
    "ekslint.placement.capacity": ("Capacity", "Crowd", "Shortfall"),
    "ekslint.placement.causes": ("Cause",),
    "ekslint.placement.placements": ("Placement", "PoolVerdict", "label_values", "placement_of", "placements_on"),
    "ekslint.placement.pool_capacity": ("PoolCapacity",),
    "ekslint.placement.replicas": ("Bottleneck", "Separation"),
    "ekslint.placement.type_requirements": ("decides_type", "types_meeting"),
    "ekslint.placement.verdicts": ("Verdict",),
    "ekslint.source.nearest": ("nearest",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_FACTS = frozenset(
    {
        "access_entries",
        "addons",
        "ami_families",
        "ami_names",
        "api_lifetimes",
        "auto_mode",
        "auto_mode_annotations",
        "aws_enums",
        "component_versions",
        "controller_roles",
        "csi_drivers",
        "eksctl_defaults",
        "eksctl_fields",
        "eksctl_limits",
        "fargate",
        "iam_policies",
        "instance_types",
        "karpenter_labels",
        "kubernetes_versions",
        "kube_proxy",
        "kubelet_flags",
        "label_domains",
        "label_syntax",
        "network_limits",
        "node_capacity",
        "node_class_fields",
        "node_group_templates",
        "node_labels",
        "node_policies",
        "node_taints",
        "regions",
        "service_accounts",
        "vpc_cni",
    }
)

__all__ = ["__version__", *sorted(_HOME_OF), *sorted(_FACTS)]


def __getattr__(name: str) -> object:
    from importlib import import_module

    found: object
    if name in _HOME_OF:
        found = getattr(import_module(_HOME_OF[name]), name)
    elif name in _FACTS:
        found = import_module(f"ekslint.facts.{name}")
    else:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    # Hundreds of rules ask for the same names.
    globals()[name] = found
    return found
