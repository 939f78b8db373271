"""Storage: claims, volumes and classes."""

from collections.abc import Mapping, Sequence

from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.scheduling import NodeSelectorTerm
from ekslint.model.kubernetes.volumes import Claim

_DEFAULT_CLASS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)


class PersistentVolumeClaim(KubernetesObject, Claim):
    """A PersistentVolumeClaim of its own; those of StatefulSets are `ClaimTemplate`s."""

    __slots__ = ()


class PersistentVolume(KubernetesObject):
    """A PersistentVolume that somebody made by hand."""

    __slots__ = ()

    @property
    def storage_class_name(self) -> str | None:
        """The storage class."""
        return self.text("spec", "storageClassName")

    @property
    def access_modes(self) -> Sequence[str]:
        """`ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOncePod`."""
        return self.sequence("spec", "accessModes")

    @property
    def capacity(self) -> str | int | float | None:
        """The size: a quantity as written."""
        return self.scalar("spec", "capacity", "storage")

    @property
    def driver(self) -> str | None:
        """The CSI driver."""
        return self.text("spec", "csi", "driver")

    @property
    def reclaim_policy(self) -> str:
        """`Retain`, `Delete` or `Recycle`; volumes that are made by hand are kept unless something else is said."""
        return self.text("spec", "persistentVolumeReclaimPolicy") or "Retain"

    @property
    def required_node_affinity(self) -> Sequence[NodeSelectorTerm] | None:
        """The nodes that can use it: one of the terms must hold; None for any node."""
        if not self.has("spec", "nodeAffinity", "required"):
            return None
        path = ("spec", "nodeAffinity", "required", "nodeSelectorTerms")
        return self.each(path, lambda index, item: NodeSelectorTerm(self, (*path, index), item))


class StorageClass(KubernetesObject):
    """A StorageClass."""

    __slots__ = ()

    @property
    def provisioner(self) -> str | None:
        """`ebs.csi.aws.com`, `efs.csi.aws.com`, `ebs.csi.eks.amazonaws.com` …"""
        return self.text("provisioner")

    @property
    def parameters(self) -> Mapping[str, str]:
        """What the provisioner is told."""
        return self.strings("parameters")

    @property
    def volume_binding_mode(self) -> str:
        """`Immediate` or `WaitForFirstConsumer`."""
        return self.text("volumeBindingMode") or "Immediate"

    @property
    def reclaim_policy(self) -> str:
        """`Delete` or `Retain`."""
        return self.text("reclaimPolicy") or "Delete"

    @property
    def allows_expansion(self) -> bool:
        """Whether claims may grow."""
        return self.boolean("allowVolumeExpansion") is True

    @property
    def is_default(self) -> bool:
        """Whether claims without a class get this one."""
        annotations = self.annotations
        return any(key in annotations and annotations[key] == "true" for key in _DEFAULT_CLASS)

    @property
    def allowed_zones(self) -> Sequence[str] | None:
        """The zones of `allowedTopologies`; None for any."""
        if not self.has("allowedTopologies"):
            return None
        found: list[str] = []
        for topology in self.sequence("allowedTopologies"):
            expressions = topology.get("matchLabelExpressions") if isinstance(topology, Mapping) else None
            for expression in expressions if isinstance(expressions, Sequence) else ():
                if isinstance(expression, Mapping) and str(expression.get("key", "")).endswith("/zone"):
                    values = expression.get("values")
                    found += [value for value in values or () if isinstance(value, str)]
        return found
