"""Where a pod's volumes are, or may be made: what kube-scheduler's VolumeZone and VolumeBinding filters go by."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ekslint.model.entity import Place
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.storage import PersistentVolume, PersistentVolumeClaim, StorageClass
from ekslint.model.kubernetes.volumes import Claim, Volume
from ekslint.model.kubernetes.workloads import StatefulSet, Workload
from ekslint.model.reading import Undecided
from ekslint.placement.needs import Need, Part
from ekslint.placement.reads import reads_of
from ekslint.placement.shape import REGION_LABEL, ZONE_LABEL

_DRIVER_ZONES = frozenset({"topology.ebs.csi.aws.com/zone", "topology.ebs.csi.eks.amazonaws.com/zone"})
"""Zones under the name of the driver. Its agent labels every node that it runs on, so that the zone itself decides."""

_ZONE_LABELS = {
    "failure-domain.beta.kubernetes.io/region": REGION_LABEL,
    "failure-domain.beta.kubernetes.io/zone": ZONE_LABEL,
    REGION_LABEL: REGION_LABEL,
    ZONE_LABEL: ZONE_LABEL,
}
_ZONE_SEPARATOR = "__"

Group = list[list[Need]]
"""Terms of which a node has to meet one."""


class Volumes:
    """The volumes and classes of an estate that claims find without naming them."""

    def __init__(self, estate: Estate) -> None:
        self.default_classes = [each for each in estate.of(StorageClass) if _is_default(each)]
        self.reserved: dict[object, list[PersistentVolume]] = {}
        """PersistentVolumes by the name of the claim that they are kept for."""
        for volume in estate.of(PersistentVolume):
            name = _claim_of(volume)
            if name is not None:
                self.reserved.setdefault(name, []).append(volume)


class VolumeNeeds:
    """What the volumes of a workload require of nodes, with the place of each volume."""

    def __init__(self, workload: Workload, volumes: Volumes) -> None:
        self.workload = workload
        self.volumes = volumes
        self.groups: list[tuple[Group, Place]] = []
        self.unknown: Undecided | None = None

    def read(self) -> None:
        """Read all volumes; what is unknown about one of them does not hide the others."""
        self._each(lambda: self.workload.pod.volumes, self._volume)
        if isinstance(self.workload, StatefulSet):
            templates = self.workload
            self._each(
                lambda: templates.claim_templates, lambda claim: self._claim(claim, claim.at("metadata", "name"))
            )

    def _each(self, items: Callable[[], Sequence[Any]], read: Callable[[Any], None]) -> None:
        for get in reads_of(items):
            try:
                read(get())
            except Undecided as error:
                self.unknown = self.unknown or error

    def _volume(self, volume: Volume) -> None:
        template = volume.claim_template
        if template is not None:
            self._claim(template, volume.at("name"))
        name = volume.claim_name
        if name is None:
            return
        place = volume.at("persistentVolumeClaim", "claimName")
        for claim in self.workload.estate.joins.named(self.workload, PersistentVolumeClaim, name):
            self._claim(claim, place)
            for persistent in self._bound_to(claim):
                self._persistent(persistent, place)

    def _claim(self, claim: Claim, place: Place) -> None:
        if claim.volume_name is not None:
            for persistent in self.workload.estate.joins.named(self.workload, PersistentVolume, claim.volume_name):
                self._persistent(persistent, place)
            return
        for storage_class in self._classes(claim):
            group = _allowed_topologies(storage_class)
            if group is not None:
                self.groups.append((group, place))

    def _classes(self, claim: Claim) -> Iterator[StorageClass]:
        name = claim.storage_class_name
        if name == "":
            return
        if name is not None:
            yield from self.workload.estate.joins.named(self.workload, StorageClass, name)
            return
        defaults = [each for each in self.volumes.default_classes if self._may_meet(each)]
        # With several default classes the newest wins, and no file tells which that is.
        if len(defaults) == 1:
            yield defaults[0]

    def _bound_to(self, claim: PersistentVolumeClaim) -> Iterator[PersistentVolume]:
        """Volumes that name the claim as theirs."""
        if claim.name is None or claim.volume_name is not None:
            return
        for persistent in self.volumes.reserved.get(claim.name, ()):
            namespace = persistent.get("spec", "claimRef", "namespace")
            if self._may_meet(persistent) and namespace in {None, claim.namespace}:
                yield persistent

    def _may_meet(self, other: KubernetesObject) -> bool:
        """Whether an object may go to one cluster with the workload."""
        mine, theirs = self.workload.clusters, other.clusters
        return not mine or not theirs or any(one is another for one in mine for another in theirs)

    def _persistent(self, volume: PersistentVolume, place: Place) -> None:
        terms = volume.required_node_affinity
        if terms is not None:
            group = [[_need(each.key, each.operator, each.values) for each in term.match_expressions] for term in terms]
            self.groups.append(([term for term in group if term], place))
        labels = volume.labels
        zonal = [
            _need(key, "In", tuple(labels[name].split(_ZONE_SEPARATOR)))
            for name, key in _ZONE_LABELS.items()
            if name in labels
        ]
        if zonal:
            self.groups.append(([zonal], place))


def _allowed_topologies(storage_class: StorageClass) -> Group | None:
    """The topologies in which volumes of a class are made; None for anywhere."""
    group: Group = []
    for topology in storage_class.sequence("allowedTopologies"):
        expressions = topology.get("matchLabelExpressions") if isinstance(topology, Mapping) else None
        needs = [
            _need(str(each["key"]), "In", tuple(str(value) for value in each["values"]))
            for each in expressions or ()
            if isinstance(each, Mapping) and "key" in each and isinstance(each.get("values"), Sequence)
        ]
        if needs:
            group.append(needs)
    return group or None


def _need(key: str, operator: str, values: Sequence[str]) -> Need:
    return Need(ZONE_LABEL if key in _DRIVER_ZONES else key, operator, tuple(values), Part.VOLUME)


def _is_default(storage_class: StorageClass) -> bool:
    try:
        return storage_class.is_default
    except Undecided:
        return False


def _claim_of(volume: PersistentVolume) -> str | None:
    try:
        return volume.text("spec", "claimRef", "name")
    except Undecided:
        return None
