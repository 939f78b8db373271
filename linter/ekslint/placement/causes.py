"""Why a pool turns a pod away."""

from enum import Enum


class Stage(Enum):
    """The three questions that are asked of a pool, each for itself."""

    LABELS = "labels"
    """Whether its nodes are of the right sort: Fargate or not, labels, zones, architecture, instance types."""
    TAINTS = "taints"
    FIT = "fit"
    """Whether a node is large enough, and has the devices."""


class Cause(Enum):
    """Why a pool turns a pod away, in the order in which causes are looked for.

    Every cause belongs to one rule, so that one mistake is reported once.
    """

    RUNS_ON_FARGATE = "runs-on-fargate"
    """A Fargate profile selects the pod, so this pool never sees it."""
    NO_PROFILE_SELECTS = "no-profile-selects"
    """Fargate: no selector of the profile matches namespace and labels."""
    DAEMONSET_ON_FARGATE = "daemonset-on-fargate"
    """Fargate runs no pods of DaemonSets."""
    UNSUPPORTED_ON_FARGATE = "unsupported-on-fargate"
    """The pod asks for something that Fargate does not run: privileges, host network, host paths, devices."""
    LABEL_NOT_ON_FARGATE = "label-not-on-fargate"
    """A profile selects the pod, but no Fargate node can carry what it requires."""
    INVENTED_LABEL = "invented-label"
    """The key lies in a domain of AWS, Karpenter or eksctl, and nothing ever sets it."""
    LABEL_OF_OTHER_KIND = "label-of-other-kind"
    """Nodes of other kinds of pools carry the key by themselves, but no pool here is of such a kind."""
    UNKNOWN_POOL_NAME = "unknown-pool-name"
    """The label names a node group, NodePool or node class that is not there."""
    UNUSED_NODE_CLASS = "unused-node-class"
    """The label names a node class that is there, but that no NodePool uses."""
    ZONE = "zone"
    """No node in such a zone or region."""
    ARCHITECTURE = "architecture"
    OPERATING_SYSTEM = "operating-system"
    KEY_ABSENT = "key-absent"
    """No node carries the label."""
    VALUE_DIFFERS = "value-differs"
    """Nodes carry the label with other values."""
    NO_INSTANCE_TYPE = "no-instance-type"
    """Each label exists, but no instance type of the pool has them all."""
    LABELS_ON_DIFFERENT_POOLS = "labels-on-different-pools"
    """Each label exists on some pool, but no pool has them all."""
    CONTRADICTION = "contradiction"
    """The pod's own requirements exclude each other."""
    VOLUME_ZONE = "volume-zone"
    """The pod's volumes are where no node is."""
    TOPOLOGY_KEY = "topology-key"
    """A hard spread constraint or pod affinity goes by a label that nodes do not have."""
    UNTOLERATED_TAINT = "untolerated-taint"
    NO_SUCH_DEVICE = "no-such-device"
    """No node has the extended resource at all: GPU, Neuron, EFA, huge pages."""
    TOO_FEW_DEVICES = "too-few-devices"
    EPHEMERAL_STORAGE = "ephemeral-storage"
    """The request exceeds the disk."""
    TOO_LARGE = "too-large"
    """CPU or memory exceed what any such node could offer."""
    PROBABLY_TOO_LARGE = "probably-too-large"
    """CPU or memory exceed what such nodes usually offer, but not what one could at best."""
    NO_ROOM_BESIDE_DAEMONSETS = "no-room-beside-daemonsets"
    """It fits on an empty node only, and no node is ever empty."""

    @property
    def stage(self) -> Stage:
        """The question that the cause answers."""
        if self is Cause.UNTOLERATED_TAINT:
            return Stage.TAINTS
        return Stage.FIT if self in _FIT else Stage.LABELS

    @property
    def rank(self) -> int:
        """Its position in the order."""
        return _RANKS[self]


_FIT = frozenset(
    {
        Cause.NO_SUCH_DEVICE,
        Cause.TOO_FEW_DEVICES,
        Cause.EPHEMERAL_STORAGE,
        Cause.TOO_LARGE,
        Cause.PROBABLY_TOO_LARGE,
        Cause.NO_ROOM_BESIDE_DAEMONSETS,
    }
)
_RANKS = {cause: rank for rank, cause in enumerate(Cause)}
