"""The labels of nodes: which ones they carry by themselves, per kind of pool, and which keys are reserved.

The tables are `data/node_labels.tsv` and `data/label_mistakes.tsv`, with their sources.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from ._tables import rows, words


class PoolKind(Enum):
    """Who makes the nodes of a pool, as far as their labels depend on it."""

    MANAGED = "managed"
    """An EKS managed node group."""
    EKSCTL_MANAGED = "eksctl-managed"
    """A managed node group that eksctl creates: with labels and a launch template of its own."""
    EKSCTL_SELF_MANAGED = "eksctl-self-managed"
    """One of eksctl's `nodeGroups`."""
    SELF_MANAGED = "self-managed"
    """Any other Auto Scaling group."""
    KARPENTER = "karpenter"
    AUTO = "auto"
    """A NodePool of EKS Auto Mode that the user wrote."""
    AUTO_BUILTIN = "auto-builtin"
    """`general-purpose` or `system`."""
    FARGATE = "fargate"
    HYBRID = "hybrid"

    @property
    def is_auto(self) -> bool:
        """Whether EKS Auto Mode runs the nodes."""
        return self in _GROUPS["auto*"]

    @property
    def is_node_group(self) -> bool:
        """Whether the label set is closed, and bounds and types are written down: an EC2 node group."""
        return self in _GROUPS["node-group"]

    @property
    def is_provisioner(self) -> bool:
        """Whether nodes are made to fit pods: Karpenter, or Auto Mode, which runs it."""
        return self is PoolKind.KARPENTER or self.is_auto


_NODE_GROUPS = (PoolKind.MANAGED, PoolKind.EKSCTL_MANAGED, PoolKind.EKSCTL_SELF_MANAGED, PoolKind.SELF_MANAGED)
_GROUPS: Mapping[str, tuple[PoolKind, ...]] = {
    **{kind.value: (kind,) for kind in PoolKind},
    "all": tuple(PoolKind),
    "auto*": (PoolKind.AUTO, PoolKind.AUTO_BUILTIN),
    "ec2": (*_NODE_GROUPS, PoolKind.KARPENTER, PoolKind.AUTO, PoolKind.AUTO_BUILTIN),
    "eksctl": (PoolKind.EKSCTL_MANAGED, PoolKind.EKSCTL_SELF_MANAGED),
    "mng": (PoolKind.MANAGED, PoolKind.EKSCTL_MANAGED),
    "node-group": _NODE_GROUPS,
}


class Presence(Enum):
    """How surely a node of the kind carries the label."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    """On some instance types, with some add-on or setting."""
    USER = "user"
    """Never by itself, but some component reads it, so people set it."""


class LabelOrigin(Enum):
    """What decides the value of an automatic label."""

    ARCHITECTURE = "architecture"
    CAPACITY_RESERVATION = "capacity-reservation"
    CAPACITY_TYPE = "capacity-type"
    CLUSTER = "cluster"
    """An opaque identifier of the cluster."""
    CLUSTER_NAME = "cluster-name"
    CREDENTIAL_PROVIDER = "credential-provider"
    FIXED = "fixed"
    """Always the same: the one value of `NodeLabel.values`."""
    IMAGE = "image"
    INSTANCE_TYPE = "instance-type"
    LAUNCH_TEMPLATE = "launch-template"
    NODE = "node"
    """The single node: no two need agree."""
    NODE_CLASS = "node-class"
    OPERATING_SYSTEM = "operating-system"
    PLACEMENT_GROUP = "placement-group"
    POOL_NAME = "pool-name"
    REGION = "region"
    TENANCY = "tenancy"
    ZONE = "zone"
    ZONE_ID = "zone-id"


class NodeLabel(NamedTuple):
    """A label that nodes of some kinds carry, or are given by custom."""

    key: str
    """The label's key; a `*` at the end stands for every key with that prefix."""
    kinds: frozenset[PoolKind]
    presence: Presence
    origin: LabelOrigin
    values: frozenset[str]
    """The only values there are; empty where any value is possible."""

    def matches(self, key: str) -> bool:
        """Whether this is the label called `key`."""
        return key.startswith(self.key[:-1]) if self.key.endswith("*") else key == self.key


class LabelMistake(NamedTuple):
    """A key that no EKS node carries by itself, though people select it."""

    key: str
    meant: tuple[str, ...]
    """The right keys, best guess first; empty if there is none."""
    why: str
    """A half sentence that follows the key, or nothing beyond the spelling."""


@cache
def node_labels() -> tuple[NodeLabel, ...]:
    """Every label of the table; a key may stand there once for each value that depends on the kind."""
    return tuple(
        NodeLabel(
            key,
            frozenset(kind for group in words(kinds) for kind in _GROUPS[group]),
            Presence(presence),
            LabelOrigin(origin),
            frozenset(words(values)),
        )
        for key, kinds, presence, origin, values in rows("node_labels.tsv")
    )


@cache
def labels_of(kind: PoolKind) -> tuple[NodeLabel, ...]:
    """The labels that nodes of `kind` carry by themselves, always or sometimes."""
    return tuple(label for label in node_labels() if kind in label.kinds and label.presence is not Presence.USER)


def label_of(kind: PoolKind, key: str) -> NodeLabel | None:
    """The automatic label `key` of nodes of `kind`, or None."""
    return next((label for label in labels_of(kind) if label.matches(key)), None)


@lru_cache(maxsize=4096)
def kinds_with(key: str) -> frozenset[PoolKind]:
    """The kinds of pools whose nodes carry `key` by themselves, always or sometimes; empty for any other key."""
    return frozenset(kind for kind in PoolKind if label_of(kind, key))


def label_values(key: str) -> frozenset[str]:
    """Every value that the automatic label `key` can have on any kind; empty if open or not automatic."""
    found = [label.values for label in node_labels() if label.matches(key)]
    return frozenset().union(*found) if found and all(found) else frozenset()


def is_known_node_label(key: str) -> bool:
    """Whether nodes of some kind carry `key` by themselves, or some component reads it from nodes."""
    return any(label.matches(key) for label in node_labels())


@cache
def _mistakes() -> Mapping[str, LabelMistake]:
    return MappingProxyType(
        {key: LabelMistake(key, words(meant), why) for key, meant, why in rows("label_mistakes.tsv")}
    )


def label_mistake(key: str) -> LabelMistake | None:
    """What is known about the invented or foreign key `key`, or None."""
    if key in _mistakes():
        return _mistakes()[key]
    domain = key.partition("/")[0]
    found = _mistakes().get(f"{domain}/*")
    return found._replace(key=key) if found else None
