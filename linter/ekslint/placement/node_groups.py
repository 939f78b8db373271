"""Node groups, live nodes and hybrid nodes: nodes that are there before the pod, with closed sets of labels."""

from ekslint.facts import ami_families
from ekslint.facts.ami_families import AmiFamily
from ekslint.facts.ami_names import from_ami_name, from_ssm_path
from ekslint.facts.node_labels import LabelOrigin, NodeLabel, PoolKind
from ekslint.facts.node_taints import is_startup_taint
from ekslint.model.pool import LiveNode, NodeGroup, Pool, Taint
from ekslint.model.reading import Undecided
from ekslint.placement.automatic import label_of
from ekslint.placement.catalogue import Stranger
from ekslint.placement.domains import Absent, Domain, Doubt, Fixed, Unknowable
from ekslint.placement.kubelet import kubelet_of_group
from ekslint.placement.needs import NODE_NAME
from ekslint.placement.offers import LiveOffer, Offer, TypeOffer, UnknownOffer
from ekslint.placement.reads import distinct, reads_of
from ekslint.placement.shape import PoolShape, PoolTaint
from ekslint.placement.surroundings import Surroundings, known_text

_BOOTSTRAPPERS_OF_LINUX = frozenset({"bootstrap.sh", "nodeadm", "bottlerocket"})


class NodeGroupShape(PoolShape):
    """A managed or self-managed node group."""

    pool: NodeGroup
    types_path = ("instance_types",)

    def __init__(self, pool: NodeGroup, surroundings: Surroundings, kind: PoolKind) -> None:
        super().__init__(pool, surroundings, kind)
        self.image = image_of(pool)
        self._read_types()

    def _read_types(self) -> None:
        architecture = None
        if self.image is not None and len(self.image.architectures) == 1:
            [architecture] = self.image.architectures
        mask = 0
        for read in reads_of(lambda: self.pool.instance_types):
            try:
                mask |= self.catalogue.bit(read(), architecture)
            except Undecided as error:
                self.type_doubt = Doubt(error.why, error.source)
                mask |= self.catalogue.stranger(Stranger(None, architecture))
        if not mask:
            mask = self.catalogue.stranger(Stranger(None, architecture))
        # What the image cannot start on, the group cannot have; a mistake in all of them is another rule's finding.
        if architecture is not None:
            fitting = self.catalogue.where(mask, lambda each: architecture in each.architectures)
            fitting |= mask & self.catalogue.strangers
            mask = fitting or mask
        self.types = self.sure_types = mask

    def _read_zones(self) -> tuple[str | None, ...]:
        own = distinct(lambda: self.pool.availability_zones)
        return own or distinct(lambda: self.surroundings.cluster.availability_zones) or (None,)

    def _make_offer(self) -> Offer:
        kubelet = kubelet_of_group(self.pool, self.image, self.surroundings.networking)
        return TypeOffer(self.surroundings.ladders.ladder(kubelet, shares_gpus=self.surroundings.shares_gpus))

    def _is_lasting(self, taint: Taint) -> bool:
        return not is_startup_taint(taint.key)

    def _operating_system(self, key: str) -> Domain:
        if self.image is not None and self.image.operating_system is not None:
            return Fixed(key, self.image.operating_system, ("ami_family",))
        try:
            bootstrapper = self.pool.user_data.bootstrapper if self.pool.user_data is not None else None
        except Undecided:
            bootstrapper = None
        if bootstrapper in _BOOTSTRAPPERS_OF_LINUX:
            return Fixed(key, "linux")
        if bootstrapper is not None:
            return Fixed(key, "windows")
        return self._system_of_unknown_image(key, None, is_made=False)

    def _by_origin(self, key: str, label: NodeLabel) -> Domain:
        if key == "eks.amazonaws.com/capacityType":
            try:
                return Fixed(key, self.pool.capacity_type, ("capacity_type",))
            except Undecided as error:
                return Unknowable(key, Doubt(error.why, error.source), exists=True, path=("capacity_type",))
        if key == "node.kubernetes.io/windows-build":
            return self._windows_build(key)
        return super()._by_origin(key, label)

    def _windows_build(self, key: str) -> Domain:
        if self.image is not None and self.image.windows_build is not None:
            return Fixed(key, self.image.windows_build, ("ami_family",))
        if self.image is not None and self.image.operating_system == "linux":
            return Absent(key)
        return Unknowable(key, Doubt(f"nobody knows the operating system of the image of {self.pool}"))


class LiveNodeShape(PoolShape):
    """A node as the API server describes it: what it does not have, it does not have."""

    pool: LiveNode
    types_path = ("allocatable",)
    is_measured = True

    def __init__(self, pool: LiveNode, surroundings: Surroundings, kind: PoolKind) -> None:
        super().__init__(pool, surroundings, kind)
        self.types = self.sure_types = self.catalogue.stranger(Stranger(str(pool)))

    def _make_offer(self) -> Offer:
        try:
            return LiveOffer(self.pool.allocatable, str(self.pool))
        except Undecided:
            return UnknownOffer()

    def _domain_of(self, key: str) -> Domain:
        return self._declared(key) or Absent(key)

    def _node_name(self) -> Domain:
        name, doubt = known_text(self.pool, "name")
        key = NODE_NAME[1:]
        return Unknowable(key, doubt or Doubt("it has no name"), exists=True) if name is None else Fixed(key, name)


class UnknownShape(PoolShape):
    """Machines of which little is known: those outside of AWS, or of a pool whose kind is unknown."""

    pool: Pool

    def __init__(self, pool: Pool, surroundings: Surroundings, kind: PoolKind, doubt: Doubt) -> None:
        super().__init__(pool, surroundings, kind)
        self.type_doubt = doubt
        self.types = self.sure_types = self.catalogue.stranger(Stranger(None))

    def _domain_of(self, key: str) -> Domain:
        label = label_of(self.kind, key) if self.kind is PoolKind.HYBRID else None
        if label is not None and label.origin is LabelOrigin.FIXED:
            return super()._domain_of(key)
        return Unknowable(key, self.type_doubt or Doubt(f"nothing is known of {self.pool}"))

    def _read_taints(self) -> tuple[tuple[PoolTaint, ...], Doubt | None]:
        return (), self.type_doubt


def image_of(pool: NodeGroup) -> AmiFamily | None:
    """What is known of the image of a node group's nodes."""
    try:
        if pool.ami_type is not None and (found := ami_families.from_ami_type(pool.ami_type)) is not None:
            return found
        if pool.ami_family is not None and (found := ami_families.from_eksctl(pool.ami_family)) is not None:
            return found
        if pool.ami_id is not None:
            reference = from_ssm_path(pool.ami_id) or from_ami_name(pool.ami_id)
            return reference.family if reference is not None else None
    except Undecided:
        return None
    # The API chooses Amazon Linux 2023 for a managed group that says nothing, and the architecture by the type.
    return ami_families.family("AmazonLinux2023") if pool.kind == "managed" else None
