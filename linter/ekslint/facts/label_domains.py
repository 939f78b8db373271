"""Who owns which domain of node labels, and what Karpenter and the kubelet make of a key.

Sources: Karpenter 1.14 `pkg/apis/v1/labels.go`, Karpenter for AWS 1.14 `pkg/apis/v1/labels.go`, the EKS user guide
(automode/create-node-pool), Kubernetes `staging/src/k8s.io/kubelet/pkg/apis/well_known_labels.go`.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from .node_labels import PoolKind, labels_of, node_labels

RESERVED_DOMAINS = (
    "alpha.eksctl.io",
    "eks.amazonaws.com",
    "karpenter.k8s.aws",
    "karpenter.sh",
    "topology.ebs.csi.aws.com",
    "topology.ebs.csi.eks.amazonaws.com",
    "topology.k8s.aws",
)
"""The domains of AWS, eksctl and Karpenter in which `data/node_labels.tsv` has every key that anything sets."""

NORMALIZED_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "beta.kubernetes.io/arch": "kubernetes.io/arch",
        "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
        "beta.kubernetes.io/os": "kubernetes.io/os",
        "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
    }
)
"""Old keys and the stable ones that Karpenter reads in their place. Nodes carry both."""

MANUAL_LABEL_PREFIXES = (
    "amd.com/gpu.",
    "aws.amazon.com/neuron.",
    "beta.amd.com/gpu.",
    "feature.node.kubernetes.io/",
    "gpu.intel.com/",
    "intel.feature.node.kubernetes.io/",
    "node-restriction.kubernetes.io/",
    "node-role.kubernetes.io/",
    "nvidia.com/cuda",
    "nvidia.com/gfd.",
    "nvidia.com/gpu.",
    "nvidia.com/mig",
    "nvidia.com/mps.",
    "nvidia.com/vgpu.",
    "sagemaker.amazonaws.com/",
    "scheduling.node.kubevirt.io/",
)
"""Keys that operators and people put on nodes after they joined: node feature discovery, GPU operators, HyperPod."""

KUBELET_LABELS = frozenset(
    {
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/instance-type",
        "beta.kubernetes.io/os",
        "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
        "kubernetes.io/arch",
        "kubernetes.io/hostname",
        "kubernetes.io/os",
        "node.kubernetes.io/instance-type",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    }
)
"""The keys below `kubernetes.io` that a kubelet may put on its own node, besides two whole domains."""

_KUBELET_DOMAINS = ("kubelet.kubernetes.io", "node.kubernetes.io")
_KARPENTER_DOMAINS = ("karpenter.k8s.aws", "karpenter.sh")

_WELL_KNOWN_TO_BOTH = frozenset(
    {
        "karpenter.sh/capacity-type",
        "karpenter.sh/nodepool",
        "kubernetes.io/arch",
        "kubernetes.io/os",
        "node.kubernetes.io/instance-type",
        "node.kubernetes.io/windows-build",
        "topology.k8s.aws/zone-id",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    }
)
_NEVER_WELL_KNOWN = frozenset({"karpenter.k8s.aws/ec2nodeclass", "eks.amazonaws.com/nodeclass"})
"""Set on every node from the NodePool's reference, so a pod finds it there, but no requirement of the catalogue."""

RESTRICTED_KARPENTER_LABEL = "kubernetes.io/hostname"
"""The one key that neither a NodePool nor a pod may require where Karpenter is to make the node."""

FIRST_KARPENTER_WITH_FREE_DOMAINS = (1, 9)
"""From this minor version on a NodePool may set labels below `kubernetes.io` and `k8s.io`."""
_KARPENTER_TEMPLATE_LABELS = KUBELET_LABELS - {"kubernetes.io/hostname"}


def domain_of(key: str) -> str:
    """What stands before the slash of a label key; the empty string for a key without domain."""
    return key.partition("/")[0] if "/" in key else ""


def reserved_domain(key: str) -> str | None:
    """The entry of RESERVED_DOMAINS that `key` belongs to, or None.

    Karpenter claims the subdomains of its domains too.
    """
    domain = domain_of(key)
    if domain in RESERVED_DOMAINS:
        return domain
    return next((owner for owner in _KARPENTER_DOMAINS if domain.endswith(f".{owner}")), None)


@cache
def known_labels_in(domain: str) -> tuple[str, ...]:
    """The keys that anything sets in `domain`, sorted, prefixes (`…-*`) as such; empty for an unknown domain."""
    return tuple(sorted({label.key for label in node_labels() if domain_of(label.key) == domain}))


@cache
def well_known_karpenter_labels(kind: PoolKind = PoolKind.KARPENTER) -> frozenset[str]:
    """The keys that a pod may require although the NodePool does not mention them; then the instance type decides.

    For `KARPENTER`, or for the kinds of Auto Mode, which has the same keys under `eks.amazonaws.com`. Empty for kinds
    whose nodes exist before the pod. Old keys are to be read through NORMALIZED_LABELS first.
    """
    if not kind.is_provisioner:
        return frozenset()
    prefix = "eks.amazonaws.com/" if kind.is_auto else "karpenter.k8s.aws/"
    own = {label.key for label in labels_of(kind) if label.key.startswith(prefix)}
    return _WELL_KNOWN_TO_BOTH | own - _NEVER_WELL_KNOWN


def is_restricted_for_karpenter(key: str, kind: PoolKind = PoolKind.KARPENTER) -> bool:
    """Whether a NodePool may not name `key` in its requirements or template labels.

    Karpenter refuses `kubernetes.io/hostname` and everything below its own domains that it does not know itself.
    """
    if key in well_known_karpenter_labels(kind):
        return key == "karpenter.sh/nodepool"
    # the CRD's own check compares suffixes without a dot, so it also catches domains that merely end alike
    return key == RESTRICTED_KARPENTER_LABEL or domain_of(key).endswith(_KARPENTER_DOMAINS)


def may_be_set_by_hand(key: str) -> bool:
    """Whether `key` is one that operators, agents or people usually put on nodes after they joined."""
    return key.startswith(MANUAL_LABEL_PREFIXES)


def kubelet_may_set(key: str) -> bool:
    """Whether a kubelet may register its node with `key` (`--node-labels`); it refuses to start otherwise.

    Free everywhere but below `kubernetes.io` and `k8s.io`, where only a few keys and two domains are open.
    """
    domain = domain_of(key)
    if not (domain in {"kubernetes.io", "k8s.io"} or domain.endswith((".kubernetes.io", ".k8s.io"))):
        return True
    return key in KUBELET_LABELS or any(domain == own or domain.endswith(f".{own}") for own in _KUBELET_DOMAINS)


def was_restricted_for_karpenter(key: str) -> bool:
    """Whether a NodePool could not have `key` among its labels before FIRST_KARPENTER_WITH_FREE_DOMAINS.

    Source: Karpenter 1.8 `pkg/apis/crds/karpenter.sh_nodepools.yaml`, the CEL rules of the template's labels: suffixes
    without a dot, as there.
    """
    domain = domain_of(key)
    if domain.endswith("k8s.io"):
        return not domain.endswith("kops.k8s.io")
    if key in _KARPENTER_TEMPLATE_LABELS or domain.endswith(("node.kubernetes.io", "node-restriction.kubernetes.io")):
        return False
    return domain.endswith("kubernetes.io")
