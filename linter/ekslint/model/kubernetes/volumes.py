"""Volumes of a pod, and claims for storage wherever they are written."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ekslint.model.kubernetes.view import Part, View
from ekslint.source.tree import Path

if TYPE_CHECKING:
    from ekslint.model.kubernetes.pods import PodTemplate

_NO_SOURCES = frozenset({"name"})


class Claim(View):
    """A claim for storage: an object of its own, a template of a StatefulSet, or an ephemeral volume."""

    __slots__ = ()

    @property
    def storage_class_name(self) -> str | None:
        """The storage class; None for the default one, "" for none at all.

        The annotation `volume.beta.kubernetes.io/storage-class` wins, as it does in Kubernetes.
        """
        annotated = self.get("metadata", "annotations", "volume.beta.kubernetes.io/storage-class")
        return annotated if isinstance(annotated, str) else self.text("spec", "storageClassName")

    @property
    def access_modes(self) -> Sequence[str]:
        """`ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOncePod`."""
        return self.sequence("spec", "accessModes")

    @property
    def requested_storage(self) -> str | int | float | None:
        """The size that is asked for: a quantity as written."""
        return self.scalar("spec", "resources", "requests", "storage")

    @property
    def volume_name(self) -> str | None:
        """The PersistentVolume that it is bound to from the start."""
        return self.text("spec", "volumeName")

    @property
    def volume_mode(self) -> str:
        """`Filesystem` or `Block`."""
        return self.text("spec", "volumeMode") or "Filesystem"

    @property
    def has_selector(self) -> bool:
        """Whether it looks for volumes by label, so that none is made for it."""
        return self.has("spec", "selector")


class ClaimTemplate(Part, Claim):
    """A claim that is made for every pod: of a StatefulSet, or of an ephemeral volume."""

    __slots__ = ()

    @property
    def name(self) -> str | None:
        """The name that the volume has in the pod."""
        return self.text("metadata", "name")


class Volume(Part):
    """A volume of a pod."""

    __slots__ = ("pod",)
    pod: "PodTemplate"

    def __init__(self, pod: "PodTemplate", path: Path, node: Any) -> None:
        node = pod.item(path, node)
        name = node.get("name")
        super().__init__(pod, f"volume {name}" if isinstance(name, str) else "unnamed volume", path, node)
        self.pod = pod

    @property
    def name(self) -> str | None:
        """Its name in the pod."""
        return self.text("name")

    @property
    def kind(self) -> str | None:
        """What it is made from: `configMap`, `hostPath`, `persistentVolumeClaim`; `emptyDir` where nothing is said."""
        return next((key for key in self.mapping() if key not in _NO_SOURCES), "emptyDir")

    @property
    def claim_name(self) -> str | None:
        """The PersistentVolumeClaim."""
        return self.text("persistentVolumeClaim", "claimName")

    @property
    def config_map_name(self) -> str | None:
        """The ConfigMap."""
        return self.text("configMap", "name")

    @property
    def secret_name(self) -> str | None:
        """The Secret."""
        return self.text("secret", "secretName")

    @property
    def host_path(self) -> str | None:
        """The path on the node."""
        return self.text("hostPath", "path")

    @property
    def driver(self) -> str | None:
        """The CSI driver of an inline volume."""
        return self.text("csi", "driver")

    @property
    def claim_template(self) -> ClaimTemplate | None:
        """The claim of a generic ephemeral volume."""
        path = ("ephemeral", "volumeClaimTemplate")
        return ClaimTemplate(self, f"claim of {self}", path, self.part(*path)) if self.has(*path) else None

    @property
    def source(self) -> Mapping[str, Any]:
        """Everything about what it is made from."""
        kind = self.kind
        return self.mapping(kind) if kind is not None else {}
