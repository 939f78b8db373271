"""How objects are called: in sentences, and as resources."""

import re
from functools import cache

CLUSTER_SCOPED_KINDS = frozenset(
    {
        *("APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding"),
        *("ComponentStatus", "CustomResourceDefinition", "DeviceClass", "FlowSchema", "IPAddress", "IngressClass"),
        *("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration", "Namespace"),
        *("Node", "PersistentVolume", "PodSecurityPolicy", "PriorityClass", "PriorityLevelConfiguration"),
        *("ResourceSlice", "RuntimeClass", "ServiceCIDR", "StorageClass", "StorageVersion", "StorageVersionMigration"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"),
        *("VolumeAttachment", "VolumeAttributesClass"),
        # Karpenter, EKS Auto Mode and the controllers of AWS.
        *("AWSNodeTemplate", "CNINode", "EC2NodeClass", "ENIConfig", "IngressClassParams", "NodeClaim", "NodeClass"),
        *("NodeDiagnostic", "NodeOverlay", "NodePool", "Provisioner"),
    }
)
"""Kinds whose objects stand in no namespace."""

NAMESPACED_KINDS = frozenset(
    {
        *("ConfigMap", "ControllerRevision", "CronJob", "DaemonSet", "Deployment", "EndpointSlice", "Endpoints"),
        *("Event", "HorizontalPodAutoscaler", "Ingress", "Job", "Lease", "LimitRange", "NetworkPolicy"),
        *("PersistentVolumeClaim", "Pod", "PodDisruptionBudget", "PodTemplate", "ReplicaSet"),
        *("ReplicationController", "ResourceQuota", "Role", "RoleBinding", "Secret", "Service", "ServiceAccount"),
        *("StatefulSet",),
        *("Application", "ApplicationSet", "HelmRelease", "HTTPRoute", "Gateway", "PodMonitor", "Rollout"),
        *("ScaledJob", "ScaledObject", "SecurityGroupPolicy", "ServiceMonitor", "TargetGroupBinding"),
        *("VerticalPodAutoscaler",),
    }
)
"""Kinds whose objects stand in a namespace: `default` where a manifest says nothing."""

# `EC2NodeClass` is EC2, Node, Class; `K8sAllowedRepos` is K8s, Allowed, Repos.
_WORDS = re.compile(r"[A-Z0-9]{2,}(?![a-z])|[A-Z][0-9]+[a-z]*|[A-Z]?[a-z]+[0-9]*|[A-Z0-9]")
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]*\Z", re.ASCII)


@cache
def kind_words(kind: str) -> str:
    """A kind as a sentence can use it: `stateful set`, `EC2 node class`."""
    if not _KIND.match(kind):
        return kind
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in _WORDS.findall(kind))


def resource_name(kind: str, group: str, namespace: str | None, name: str) -> str:
    """Kind, group, namespace and name as one text: `Deployment.apps/shop/api`, `NodePool.karpenter.sh/gpu`.

    The version is left out, so that an upgrade of the API changes nothing.
    """
    if namespace is None and kind in NAMESPACED_KINDS:
        namespace = "default"
    head = f"{kind}.{group}" if group else kind
    return f"{head}/{name}" if namespace is None or kind in CLUSTER_SCOPED_KINDS else f"{head}/{namespace}/{name}"
