"""A pool as the scheduler sees its nodes: which labels, which types, which zones, which taints."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from ekslint.facts.label_domains import NORMALIZED_LABELS, may_be_set_by_hand
from ekslint.facts.node_labels import LabelOrigin, NodeLabel, PoolKind, Presence, label_of
from ekslint.model.pool import Pool, Taint
from ekslint.model.reading import Undecided
from ekslint.placement.catalogue import ARCHITECTURE_LABEL, TYPE_LABEL
from ekslint.placement.domains import NO, Absent, Domain, Doubt, Fixed, Masks, Unknowable
from ekslint.placement.needs import Need
from ekslint.placement.offers import Offer, UnknownOffer
from ekslint.placement.reads import reads_of
from ekslint.placement.surroundings import Surroundings
from ekslint.placement.type_domains import ByType, ByZone
from ekslint.source.tree import Step

ZONE_LABEL = "topology.kubernetes.io/zone"
ZONE_ID_LABEL = "topology.k8s.aws/zone-id"
REGION_LABEL = "topology.kubernetes.io/region"
SYSTEM_LABEL = "kubernetes.io/os"


class PoolTaint(NamedTuple):
    """A hard taint of a pool, and where it was declared."""

    taint: Taint
    path: tuple[Step, ...]


class Term(NamedTuple):
    """Needs that one node has to meet together, grouped by label."""

    groups: tuple[tuple[str, tuple[Need, ...]], ...]


class Selection(NamedTuple):
    """What of a pool meets a term."""

    possible: int
    """Types of nodes that may meet it; 0 if certainly none does."""
    certain: int
    """Types of nodes that certainly do."""
    failed: tuple[str, ...] = ()
    """Labels that no node of the pool meets, each for itself."""
    crowded: tuple[str, ...] = ()
    """Labels that are each met, but by no node together."""
    doubts: tuple[Doubt, ...] = ()
    """Why what may meet it does not certainly meet it."""


class PoolShape:
    """The nodes of a pool, worked out once; the base of one class per sort of pool."""

    kind: PoolKind
    """What facts call the kind; live nodes have none and set every label themselves."""
    types_path: tuple[Step, ...] | None = None
    """The field of the pool that decides how large its nodes are."""
    is_measured = False
    """Whether its nodes are known by what they offer, and not by their instance type."""
    minimum_values: Sequence[tuple[str, int]] = ()
    """Labels of which the types that a provisioner may choose from must have so many values at least."""

    def __init__(self, pool: Pool, surroundings: Surroundings, kind: PoolKind) -> None:
        self.pool = pool
        self.surroundings = surroundings
        self.kind = kind
        self.catalogue = surroundings.catalogue
        self.region, self.region_doubt = known_text(surroundings.cluster, "region")
        self.types = 0
        """The types that its nodes may have."""
        self.sure_types = 0
        """Those of them that it certainly can have."""
        self.type_doubt: Doubt | None = None
        self._domains: dict[str, Domain] = {}
        self._judged: dict[tuple[str, tuple[Need, ...]], Masks] = {}
        self._selections: dict[Term, Selection] = {}

    def __repr__(self) -> str:
        return f"<shape of {self.pool}>"

    @cached_property
    def offer(self) -> Offer:
        """What its nodes offer to pods."""
        return self._make_offer()

    @cached_property
    def zones(self) -> tuple[str | None, ...]:
        """The zones of its nodes, see `ByZone.zones`; read late, as a zone may depend on a condition."""
        return self._read_zones()

    @cached_property
    def taints(self) -> tuple[tuple[PoolTaint, ...], Doubt | None]:
        """The hard taints that are known, and why there may be more."""
        return self._read_taints()

    def select(self, term: Term) -> Selection:
        """What of the pool meets a term."""
        found = self._selections.get(term)
        if found is None:
            found = self._selections[term] = self._select(term)
        return found

    def domain(self, key: str) -> Domain:
        """How the nodes answer for a label."""
        found = self._domains.get(key)
        if found is None:
            found = self._domains[key] = self._domain_of(NORMALIZED_LABELS.get(key, key))
        return found

    def label_keys(self) -> list[str]:
        """The keys that the pool declares, as far as they are known; for "did you mean"."""
        return _known_keys(self.pool)

    def judge(self, key: str, needs: tuple[Need, ...]) -> Masks:
        """The answer for one label; see `Domain.judge`."""
        asked = (key, needs)
        found = self._judged.get(asked)
        if found is None:
            found = self._judged[asked] = self.domain(key).judge(needs)
        return found

    def _select(self, term: Term) -> Selection:
        possible, certain = self.types, self.sure_types
        zones = sure_zones = (1 << len(self.zones)) - 1
        failed: list[str] = []
        doubts: list[Doubt] = []
        for key, needs in term.groups:
            may, does = self.judge(key, needs)
            domain = self.domain(key)
            if domain.is_zonal:
                if not may & ((1 << len(self.zones)) - 1):
                    failed.append(key)
                zones &= may
                sure_zones &= does
                undecided = not sure_zones
            else:
                if not may & self.types:
                    failed.append(key)
                possible &= may
                certain &= does
                undecided = not certain
            if undecided and (may, does) != NO and (doubt := domain.doubt or self.type_doubt) is not None:
                doubts.append(doubt)
        if failed:
            return Selection(0, 0, failed=tuple(failed))
        if not possible or not zones:
            crowded = (key for key, needs in term.groups if self._narrows(key, needs, zonal=bool(possible)))
            return Selection(0, 0, crowded=tuple(crowded))
        if not sure_zones:
            certain = 0
        if not certain and not doubts:
            doubts.append(self.type_doubt or Doubt(f"the instance types of {self.pool} are not known"))
        return Selection(possible, certain, doubts=() if certain else tuple(dict.fromkeys(doubts)))

    def _narrows(self, key: str, needs: tuple[Need, ...], *, zonal: bool) -> bool:
        """Whether the needs on a label leave out some zones, or some types."""
        whole = (1 << len(self.zones)) - 1 if zonal else self.types
        return self.domain(key).is_zonal is zonal and self.judge(key, needs)[0] & whole != whole

    def _domain_of(self, key: str) -> Domain:
        """The domain of a key that is not an old name of another."""
        automatic = label_of(self.kind, key)
        if automatic is not None and (found := self._automatic(key, automatic)) is not None:
            return found
        declared = self._declared(key)
        if isinstance(declared, Fixed):
            return declared
        # Labels that are not all known leave the automatic ones as they are.
        if automatic is not None and (declared is None or automatic.presence is Presence.ALWAYS):
            return self._by_origin(key, automatic)
        return declared or self._undeclared(key)

    def _undeclared(self, key: str) -> Domain:
        doubt = self._doubt_by_hand(key)
        return Absent(key) if doubt is None else _MayBeAbsent(key, doubt)

    def _doubt_by_hand(self, key: str) -> Doubt | None:
        """Why nodes may have a label that nothing in the files gives them."""
        if may_be_set_by_hand(key):
            return Doubt(f"operators or people may set {key} on nodes")
        if any(
            key.startswith(each[:-1]) if each.endswith("*") else key == each for each in self.surroundings.known_labels
        ):
            return Doubt(f"the configuration says that nodes get {key} by other means")
        return None

    def _declared(self, key: str) -> Domain | None:
        """What the pool's own labels say; None where they do not have the key."""
        try:
            value: object = self.pool.labels.get(key)
        except Undecided as error:
            return Unknowable(key, Doubt(error.why, error.source), exists=_has_key(self.pool, key))
        if value is None:
            return None
        if not isinstance(value, str):
            return Unknowable(key, Doubt("its value is not text"), exists=True, path=("labels", key))
        return Fixed(key, value, ("labels", key))

    def _automatic(self, key: str, label: NodeLabel) -> Domain | None:
        """Labels that the machine decides, whatever anybody declares."""
        match label.origin:
            case LabelOrigin.INSTANCE_TYPE if key == TYPE_LABEL:
                return ByType(key, self.catalogue, self.kind, self.types)
            case LabelOrigin.ARCHITECTURE:
                return ByType(ARCHITECTURE_LABEL, self.catalogue, self.kind, self.types)
            case LabelOrigin.ZONE:
                return self._zonal(key, is_sure=label.presence is Presence.ALWAYS)
            case LabelOrigin.ZONE_ID:
                # Which id a zone name stands for differs by account.
                return ByZone(key, tuple(None for _ in self.zones), self.region)
            case LabelOrigin.REGION:
                if self.region is not None:
                    return Fixed(key, self.region)
                return Unknowable(key, self.region_doubt or Doubt("the region is not in the files"), exists=True)
            case LabelOrigin.OPERATING_SYSTEM if key == SYSTEM_LABEL:
                return self._operating_system(key)
        return None

    def _by_origin(self, key: str, label: NodeLabel) -> Domain:
        """Labels that the kind of pool adds, where nothing declares them."""
        match label.origin:
            case LabelOrigin.FIXED:
                [value] = label.values
                if label.presence is Presence.ALWAYS:
                    return Fixed(key, value)
            case LabelOrigin.POOL_NAME:
                name, doubt = known_text(self.pool, "name")
                if name is not None:
                    return Fixed(key, name, ("name",))
                return Unknowable(key, doubt or Doubt(f"AWS generates the name of {self.pool}"), exists=True)
            case LabelOrigin.CLUSTER_NAME:
                name, doubt = known_text(self.surroundings.cluster, "name")
                if name is not None:
                    return Fixed(key, name)
                return Unknowable(key, doubt or Doubt("the name of the cluster is not in the files"), exists=True)
        exists = label.presence is Presence.ALWAYS
        return Unknowable(key, Doubt(f"the value of {key} is not in the files"), exists=exists)

    def _zonal(self, key: str, *, is_sure: bool) -> Domain:
        return ByZone(key, self.zones, self.region, is_sure=is_sure)

    def _operating_system(self, key: str) -> Domain:
        return Fixed(key, "linux")

    def _make_offer(self) -> Offer:
        return UnknownOffer()

    def _read_zones(self) -> tuple[str | None, ...]:
        return (None,)

    def _read_taints(self) -> tuple[tuple[PoolTaint, ...], Doubt | None]:
        taints = []
        doubt: Doubt | None = None
        for index, read in enumerate(reads_of(lambda: self.pool.taints)):
            try:
                taint = read()
            except Undecided as error:
                doubt = doubt or Doubt(error.why, error.source)
                continue
            if taint.is_hard:
                taints.append(PoolTaint(taint, ("taints", index)))
        return tuple(taints), doubt


class _MayBeAbsent(Unknowable):
    """A label that somebody may set after the node has joined; without it, what forbids it is met."""

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        return Absent(self.key).judge(needs) if all(need.allows_absence for need in needs) else super().judge(needs)

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"no label {self.key}"


def known_text(entity: object, name: str) -> tuple[str | None, Doubt | None]:
    """A text field, or why it is not known."""
    try:
        value = getattr(entity, name)
    except Undecided as error:
        return None, Doubt(error.why, error.source)
    return (value, None) if isinstance(value, str) else (None, None)


def _has_key(pool: Pool, key: str) -> bool:
    try:
        return key in pool.labels
    except Undecided:
        return False


def _known_keys(pool: Pool) -> list[str]:
    keys: list[str] = []
    try:
        for key in pool.labels:
            keys.append(key)  # noqa: PERF402  what is known comes first, then the hole raises
    except Undecided:
        return keys
    return keys
