"""Which class stands for which kind."""

from ekslint.model.kubernetes.access import (
    ClusterRole,
    ClusterRoleBinding,
    KubernetesRole,
    RoleBinding,
    ServiceAccount,
)
from ekslint.model.kubernetes.configuration import ConfigMap, Secret
from ekslint.model.kubernetes.disruption import (
    HorizontalPodAutoscaler,
    PodDisruptionBudget,
    ScaledObject,
    VerticalPodAutoscaler,
)
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.namespaces import LimitRange, Namespace, PriorityClass, ResourceQuota, RuntimeClass
from ekslint.model.kubernetes.nodepools import AWSNodeTemplate, EC2NodeClass, NodeClass, NodePool, Provisioner
from ekslint.model.kubernetes.nodes import Node
from ekslint.model.kubernetes.services import Ingress, IngressClass, NetworkPolicy, Service
from ekslint.model.kubernetes.storage import PersistentVolume, PersistentVolumeClaim, StorageClass
from ekslint.model.kubernetes.workloads import (
    CronJob,
    CustomWorkload,
    DaemonSet,
    Deployment,
    Job,
    Pod,
    ReplicaSet,
    ReplicationController,
    Rollout,
    StatefulSet,
)
from ekslint.source.tree import Map

_CLASSES: dict[tuple[str, str], type[KubernetesObject]] = {
    ("", "ConfigMap"): ConfigMap,
    ("", "LimitRange"): LimitRange,
    ("", "Namespace"): Namespace,
    ("", "Node"): Node,
    ("", "PersistentVolume"): PersistentVolume,
    ("", "PersistentVolumeClaim"): PersistentVolumeClaim,
    ("", "Pod"): Pod,
    ("", "ReplicationController"): ReplicationController,
    ("", "ResourceQuota"): ResourceQuota,
    ("", "Secret"): Secret,
    ("", "Service"): Service,
    ("", "ServiceAccount"): ServiceAccount,
    ("apps", "DaemonSet"): DaemonSet,
    ("apps", "Deployment"): Deployment,
    ("apps", "ReplicaSet"): ReplicaSet,
    ("apps", "StatefulSet"): StatefulSet,
    ("argoproj.io", "Rollout"): Rollout,
    ("autoscaling", "HorizontalPodAutoscaler"): HorizontalPodAutoscaler,
    ("autoscaling.k8s.io", "VerticalPodAutoscaler"): VerticalPodAutoscaler,
    ("batch", "CronJob"): CronJob,
    ("batch", "Job"): Job,
    ("eks.amazonaws.com", "NodeClass"): NodeClass,
    # Where they were before they found their homes: gone for long, and still in many a repository.
    ("extensions", "DaemonSet"): DaemonSet,
    ("extensions", "Deployment"): Deployment,
    ("extensions", "Ingress"): Ingress,
    ("extensions", "NetworkPolicy"): NetworkPolicy,
    ("extensions", "ReplicaSet"): ReplicaSet,
    ("karpenter.k8s.aws", "AWSNodeTemplate"): AWSNodeTemplate,
    ("karpenter.k8s.aws", "EC2NodeClass"): EC2NodeClass,
    ("karpenter.sh", "NodePool"): NodePool,
    ("karpenter.sh", "Provisioner"): Provisioner,
    ("keda.sh", "ScaledObject"): ScaledObject,
    ("networking.k8s.io", "Ingress"): Ingress,
    ("networking.k8s.io", "IngressClass"): IngressClass,
    ("networking.k8s.io", "NetworkPolicy"): NetworkPolicy,
    ("node.k8s.io", "RuntimeClass"): RuntimeClass,
    ("policy", "PodDisruptionBudget"): PodDisruptionBudget,
    ("rbac.authorization.k8s.io", "ClusterRole"): ClusterRole,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ClusterRoleBinding,
    ("rbac.authorization.k8s.io", "Role"): KubernetesRole,
    ("rbac.authorization.k8s.io", "RoleBinding"): RoleBinding,
    ("scheduling.k8s.io", "PriorityClass"): PriorityClass,
    ("storage.k8s.io", "StorageClass"): StorageClass,
}


def class_of(group: str, kind: str, node: Map) -> type[KubernetesObject]:
    """The class for objects of a kind, whatever the version.

    An unknown kind with a pod template where Deployments have theirs is a workload too.
    """
    known = _CLASSES.get((group, kind))
    if known is not None:
        return known
    spec: object = node
    for step in ("spec", "template", "spec"):
        spec = spec.get(step) if isinstance(spec, dict) else None
    if isinstance(spec, dict) and isinstance(spec.get("containers"), list):
        return CustomWorkload
    return KubernetesObject


def is_known_workload(group: str, kind: str) -> bool:
    """Whether a kind makes pods from a template whose merge keys kustomize knows."""
    return group in {"", "apps", "batch", "extensions"} and (group, kind) in _CLASSES
