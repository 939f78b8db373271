"""Where files name resources of AWS by ARN."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ekslint import ClusterConfig, KubernetesObject, Place
from ekslint_rules.iam._web_identity import ROLE_ANNOTATION

_MOST_NODES = 20_000
"""Nodes of a ClusterConfig that are looked at: aliases let a small text stand for billions of them."""
_FREE_TEXTS = frozenset({"annotations", "labels", "tags"})
_ANNOTATIONS: Mapping[str, Sequence[str]] = {
    "Ingress": ("alb.ingress.kubernetes.io/certificate-arn", "alb.ingress.kubernetes.io/wafv2-acl-arn"),
    "Service": ("service.beta.kubernetes.io/aws-load-balancer-ssl-cert",),
    "ServiceAccount": (ROLE_ANNOTATION,),
}
_FIELDS: Mapping[str, Sequence[tuple[str, ...]]] = {
    "EC2NodeClass": (("spec", "blockDeviceMappings", "*", "ebs", "kmsKeyID"),),
    "IngressClassParams": (("spec", "certificateArn", "*"), ("spec", "certificateARNs", "*"), ("spec", "wafv2AclArn")),
    "NodeClass": (("spec", "ephemeralStorage", "kmsKeyID"),),
    "StorageClass": (("parameters", "kmsKeyId"),),
    "TargetGroupBinding": (("spec", "targetGroupARN"),),
}
"""By kind; `*` stands for every item of a list."""

Path = tuple[str | int, ...]


def arns_in_config(config: ClusterConfig) -> Iterator[tuple[Place, str]]:
    """Every text of a ClusterConfig that begins as an ARN does, but for tags and labels, which may say anything."""
    waiting: list[tuple[Path, Any]] = [((), config.node)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        path, node = waiting.pop()
        if isinstance(node, Mapping):
            waiting += [((*path, key), node[key]) for key in reversed(list(node)) if key not in _FREE_TEXTS]
        elif isinstance(node, list):
            waiting += [((*path, index), item) for index, item in reversed(list(enumerate(node)))]
        elif isinstance(node, str) and node.startswith("arn:"):
            yield config.at(*path), node


def arns_in_object(object_: KubernetesObject) -> Iterator[tuple[Place, str]]:
    """The ARNs that an object names in the fields and annotations that take some; what is unknown is passed over."""
    for key in _ANNOTATIONS.get(object_.kind, ()):
        path = ("metadata", "annotations", key)
        value = None if object_.unknown(*path) else object_.get(*path)
        for part in value.split(",") if isinstance(value, str) else ():
            yield object_.at(*path), part.strip()
    for pattern in _FIELDS.get(object_.kind, ()):
        for where in _paths(object_, pattern):
            value = None if object_.unknown(*where) else object_.get(*where)
            if isinstance(value, str):
                yield object_.at(*where), value


def _paths(object_: KubernetesObject, pattern: Sequence[str]) -> Iterator[Path]:
    if "*" not in pattern:
        yield tuple(pattern)
        return
    split = pattern.index("*")
    before, after = pattern[:split], pattern[split + 1 :]
    items = None if object_.unknown(*before) else object_.get(*before)
    if isinstance(items, Sequence) and not isinstance(items, str):
        for index in range(min(len(items), _MOST_NODES)):
            yield (*before, index, *after)
