"""How labels and taints may be spelled: Kubernetes' own syntax, what the EKS API adds, and labels with closed values.

Sources: Kubernetes `staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go` (IsQualifiedName,
IsValidLabelValue, IsDNS1123Subdomain); EKS API reference (Nodegroup, UpdateLabelsPayload, Taint); EKS user guide
(create-managed-node-group).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

TAINT_EFFECTS: Mapping[str, str] = MappingProxyType(
    {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
)
"""Every effect as Kubernetes spells it, and as the EKS API does."""

MAXIMUM_TAINTS = 50
"""Of a managed node group."""
MAXIMUM_EKS_KEY = 63
"""Characters of a label or taint key in the EKS API, prefix and slash included."""
MAXIMUM_NAME = 63
"""Characters of the part of a key behind the slash, and of a value."""
MAXIMUM_PREFIX = 253

CLOSED_LABELS = (
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/os",
    "eks.amazonaws.com/capacityType",
    "eks.amazonaws.com/compute-type",
    "karpenter.sh/capacity-type",
    "kubernetes.io/arch",
    "kubernetes.io/os",
)
"""Labels whose values are words of Kubernetes, EKS or Karpenter; `node_labels.label_values` has the words."""

VALUE_SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "aarch64": "arm64",
        "arm": "arm64",
        "armv8": "arm64",
        "intel": "amd64",
        "x64": "amd64",
        "x86": "amd64",
        "x86-64": "amd64",
        "x86_64": "amd64",
    }
)
"""What people and other tools call the values of such labels, in lower case."""

_NAME = re.compile(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_DNS_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_CHARACTERS = "has letters, digits, '-', '_' and '.' alone, and starts and ends with a letter or a digit"


def key_fault(key: str) -> str | None:
    """Why `key` is no key of a label or taint, as half a sentence ("a key …"); None if it is one."""
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        return "a key has one slash at most"
    if slash and not prefix:
        return "a key with a slash has a prefix in front of it"
    if slash and (len(prefix) > MAXIMUM_PREFIX or not all(map(_DNS_LABEL.fullmatch, prefix.split(".")))):
        return f"what stands in front of the slash is a DNS name in lower case of at most {MAXIMUM_PREFIX} characters"
    if not name:
        return "a key has a name behind the slash" if slash else "a key is not empty"
    if len(name) > MAXIMUM_NAME:
        return f"the name of a key has at most {MAXIMUM_NAME} characters, not {len(name)}"
    return None if _NAME.fullmatch(name) else f"the name of a key {_CHARACTERS}"


def value_fault(value: str) -> str | None:
    """Why `value` is no value of a label or taint, as half a sentence ("a value …"); None if it is one."""
    if len(value) > MAXIMUM_NAME:
        return f"a value has at most {MAXIMUM_NAME} characters, not {len(value)}"
    return None if not value or _NAME.fullmatch(value) else f"a value {_CHARACTERS}"
