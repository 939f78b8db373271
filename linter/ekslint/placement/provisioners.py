"""Karpenter's and Auto Mode's pools: nodes that are made to fit the pod, within the NodePool's requirements."""

from collections.abc import Iterable, Sequence

from ekslint.facts import ami_families
from ekslint.facts.ami_families import AmiFamily
from ekslint.facts.auto_mode import is_supported
from ekslint.facts.instance_offerings import regions_with_offerings
from ekslint.facts.label_domains import NORMALIZED_LABELS, well_known_karpenter_labels
from ekslint.facts.node_labels import LabelOrigin, NodeLabel, PoolKind
from ekslint.model.pool import KarpenterPool, Requirement
from ekslint.model.reading import Undecided
from ekslint.placement.catalogue import ARCHITECTURE_LABEL, TYPE_LABEL
from ekslint.placement.domains import Domain, Doubt, Fixed, Masks, OneOf, Undefined, Unknowable
from ekslint.placement.kubelet import kubelet_of_node_pool
from ekslint.placement.needs import ANYTHING, NOTHING, Need, Values, values_of
from ekslint.placement.offers import Offer, TypeOffer
from ekslint.placement.reads import reads_of
from ekslint.placement.shape import REGION_LABEL, SYSTEM_LABEL, ZONE_ID_LABEL, ZONE_LABEL, PoolShape
from ekslint.placement.surroundings import Surroundings
from ekslint.placement.type_domains import ByMask, ByType, ByZone
from ekslint.source.tree import Step

CAPACITY_TYPE_LABEL = "karpenter.sh/capacity-type"
_TENANCIES = Values(frozenset({"default", "dedicated"}))
_TYPE_KEYS = frozenset({TYPE_LABEL, ARCHITECTURE_LABEL})


class ProvisionerShape(PoolShape):
    """A NodePool of Karpenter or of Auto Mode."""

    pool: KarpenterPool
    types_path = ("requirements",)

    def __init__(self, pool: KarpenterPool, surroundings: Surroundings, kind: PoolKind) -> None:
        super().__init__(pool, surroundings, kind)
        self.well_known = well_known_karpenter_labels(kind)
        self.requirements_doubt: Doubt | None = None
        self.needs: dict[str, list[Need]] = {}
        """What the NodePool requires of its nodes, by normalised label."""
        self.paths: dict[str, tuple[Step, ...]] = {}
        self._flexible: list[tuple[str, int]] = []
        self._read_requirements()
        self.minimum_values = tuple(self._flexible)
        self._read_labels()
        self.image, self.image_doubt = image_of(pool, kind)
        self.types, self.sure_types = self._read_types()

    def _read_requirements(self) -> None:
        for index, read in enumerate(reads_of(lambda: self.pool.requirements)):
            try:
                requirement: Requirement = read()
            except Undecided as error:
                self.requirements_doubt = self.requirements_doubt or Doubt(error.why, error.source)
                continue
            key = NORMALIZED_LABELS.get(requirement.key, requirement.key)
            self._require(Need(key, requirement.operator, tuple(requirement.values)))
            self.paths.setdefault(key, ("requirements", index))
            if requirement.min_values is not None:
                self._flexible.append((key, requirement.min_values))

    def _read_labels(self) -> None:
        """Template labels are requirements too."""
        for key in self.label_keys():
            declared = self._declared(key)
            if isinstance(declared, Fixed):
                key = NORMALIZED_LABELS.get(key, key)
                self._require(Need(key, "In", (declared.value,)))
                self.paths.setdefault(key, declared.path or ("labels", key))
            elif declared is not None and self._is_by_type(key):
                self.requirements_doubt = self.requirements_doubt or declared.doubt

    def _require(self, need: Need) -> None:
        needs = self.needs.setdefault(need.key, [])
        if need not in needs:
            needs.append(need)

    def _read_types(self) -> tuple[int, int]:
        possible = certain = self.catalogue.all_types()
        if self.image is not None and len(self.image.architectures) == 1:
            [architecture] = self.image.architectures
            needs = (Need(ARCHITECTURE_LABEL, "In", (architecture,)),)
            possible &= self.catalogue.meeting(ARCHITECTURE_LABEL, needs, self.kind)[0]
        if self.kind.is_auto:
            certain = self.catalogue.where(possible, lambda each: is_supported(each) is True)
            possible = self.catalogue.where(possible, lambda each: is_supported(each) is not False)
        if self.region in regions_with_offerings():
            # The table of offerings lags behind AWS: a type that it lacks may be there.
            certain &= self.catalogue.offered_in(self.region or "")
        for key, own in self.needs.items():
            if self._is_by_type(key):
                may, does = self.catalogue.meeting(key, own, self.kind)
                possible &= may
                certain &= does
        sold, surely_sold = self._capacity_masks(possible)
        possible &= _union(sold.values())
        certain &= _union(surely_sold.values())
        if self.requirements_doubt is not None:
            self.type_doubt = self.requirements_doubt
            return possible, 0
        if possible & ~certain:
            self.type_doubt = Doubt(f"nobody knows whether {self.pool} can have every such instance type")
        return possible, possible & certain

    def _make_offer(self) -> Offer:
        kubelet = kubelet_of_node_pool(self.pool, self.kind, self.image, self.surroundings.networking)
        return TypeOffer(self.surroundings.ladders.ladder(kubelet, shares_gpus=self.surroundings.shares_gpus))

    def _is_by_type(self, key: str) -> bool:
        return key in _TYPE_KEYS or (key in self.well_known and "/instance-" in key and not key.endswith("-tenancy"))

    def _read_zones(self) -> tuple[str | None, ...]:
        listed: list[str] | None = None
        for need in self.needs.get(ZONE_LABEL, ()):
            if need.operator == "In":
                listed = list(need.values) if listed is None else [zone for zone in listed if zone in need.values]
        return (None,) if listed is None else tuple(dict.fromkeys(listed))

    def _domain_of(self, key: str) -> Domain:
        needs = self.needs.get(key, [])
        path = self.paths.get(key)
        if self._is_by_type(key):
            return ByType(key, self.catalogue, self.kind, self.types, path)
        if key in {ZONE_LABEL, ZONE_ID_LABEL}:
            zones = self.zones if key == ZONE_LABEL else tuple(None for _ in self.zones)
            return _Within(ByZone(key, zones, self.region, path), needs)
        if key == CAPACITY_TYPE_LABEL:
            return ByMask(key, *self._capacity_masks(self.types), path)
        if key == SYSTEM_LABEL:
            return _Within(self._operating_system(key), needs)
        if key == REGION_LABEL:
            return _Within(super()._domain_of(key), needs)
        if needs:
            return OneOf(key, _together(needs), path) if not _fixed(needs) else Fixed(key, needs[0].values[0], path)
        return super()._domain_of(key)

    def _capacity_masks(self, types: int) -> tuple[dict[str, int], dict[str, int]]:
        """The types by how they may be bought, and by how they certainly can be."""
        sold = {
            "on-demand": self.catalogue.sold(types, as_spot=False),
            "spot": self.catalogue.sold(types, as_spot=True),
            "reserved": types,
        }
        needs = self.needs.get(CAPACITY_TYPE_LABEL, ())
        possible = {value: mask for value, mask in sold.items() if all(need.holds(value) for need in needs)}
        # Whether there is a reservation, no file can tell.
        return possible, {value: mask for value, mask in possible.items() if value != "reserved"}

    def _operating_system(self, key: str) -> Domain:
        if self.image is not None and self.image.operating_system is not None:
            return Fixed(key, self.image.operating_system)
        if all(need.holds("windows") for need in self.needs.get(key, ())):
            return self._system_of_unknown_image(key, self.image_doubt, is_made=True)
        return Fixed(key, "linux", self.paths.get(key))

    def _by_origin(self, key: str, label: NodeLabel) -> Domain:
        match label.origin:
            case LabelOrigin.NODE_CLASS:
                return self._node_class(key)
            case LabelOrigin.TENANCY:
                return OneOf(key, _TENANCIES)
            case LabelOrigin.OPERATING_SYSTEM:
                return self._windows_build(key)
            case LabelOrigin.CAPACITY_RESERVATION | LabelOrigin.PLACEMENT_GROUP:
                return Unknowable(key, Doubt(f"nobody knows the reservations and placement groups of {self.pool}"))
        return super()._by_origin(key, label)

    def _node_class(self, key: str) -> Domain:
        try:
            group, kind, name = self.pool.node_class_group, self.pool.node_class_kind, self.pool.node_class_name
        except Undecided as error:
            return Unknowable(key, Doubt(error.why, error.source), exists=True)
        own = key.partition("/")[0]
        if group is not None and kind is not None and key != f"{group}/{kind.lower()}":
            return Undefined(key)
        if name is None:
            return Unknowable(key, Doubt(f"{self.pool} does not name its node class"), exists=group in {None, own})
        return Fixed(key, name, ("node_class_name",))

    def _windows_build(self, key: str) -> Domain:
        if self.image is None:
            return Unknowable(key, self.image_doubt or Doubt(f"nobody knows the image of {self.pool}"))
        if self.image.windows_build is not None:
            return Fixed(key, self.image.windows_build)
        return OneOf(key, NOTHING)

    def _undeclared(self, key: str) -> Domain:
        return Undefined(key, self._doubt_by_hand(key) or self.requirements_doubt)


class _Within(Domain):
    """A domain, narrowed by what the NodePool itself requires."""

    __slots__ = ("inner", "own")

    def __init__(self, inner: Domain, own: Sequence[Need]) -> None:
        super().__init__(inner.key, inner.path)
        self.inner = inner
        self.own = tuple(own)

    @property
    def is_zonal(self) -> bool:  # type: ignore[override]
        """See `Domain.is_zonal`."""
        return self.inner.is_zonal

    @property
    def doubt(self) -> Doubt | None:  # type: ignore[override]
        """See `Domain.doubt`."""
        return self.inner.doubt

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        return self.inner.judge((*needs, *self.own))

    def known_values(self) -> Sequence[str]:
        """See `Domain.known_values`."""
        return self.inner.known_values()

    def reason(self) -> str:
        """See `Domain.reason`."""
        return self.inner.reason()


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _fixed(needs: Sequence[Need]) -> bool:
    return len(needs) == 1 and needs[0].operator == "In" and len(needs[0].values) == 1


def _together(needs: Sequence[Need]) -> Values:
    values = ANYTHING
    for need in needs:
        values = values.intersection(values_of(need.operator, need.values))
    return values


def image_of(pool: KarpenterPool, kind: PoolKind) -> tuple[AmiFamily | None, Doubt | None]:
    """What the node class says of the image, or why that is not known."""
    if kind.is_auto:
        return ami_families.family("Bottlerocket"), None
    try:
        node_class = pool.node_class
        if node_class is None:
            return None, Doubt(f"the node class of {pool} is not in the files")
        terms = node_class.sequence("spec", "amiSelectorTerms")
        for term in terms:
            alias = term.get("alias") if hasattr(term, "get") else None
            if isinstance(alias, str) and (found := ami_families.from_karpenter_alias(alias)) is not None:
                return found, None
        name = node_class.text("spec", "amiFamily")
        if name is not None and (found := ami_families.from_karpenter(name)) is not None:
            return found, None
    except Undecided as error:
        return None, Doubt(error.why, error.source)
    return None, Doubt(f"nobody knows the image of {pool}")
