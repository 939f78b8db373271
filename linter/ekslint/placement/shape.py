"""A pool as the scheduler sees its nodes: which labels, which types, which zones, which taints."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ekslint.facts.label_domains import NORMALIZED_LABELS, may_be_set_by_hand
from ekslint.facts.node_labels import LabelOrigin, NodeLabel, PoolKind, Presence
from ekslint.model.pool import Pool, Taint
from ekslint.model.reading import Undecided
from ekslint.placement.automatic import label_of
from ekslint.placement.catalogue import ARCHITECTURE_LABEL, TYPE_LABEL
from ekslint.placement.domains import NO, Absent, Domain, Doubt, Fixed, Masks, Unknowable
from ekslint.placement.needs import NODE_NAME, Need
from ekslint.placement.offers import Offer, UnknownOffer
from ekslint.placement.reads import reads_of
from ekslint.placement.surroundings import Surroundings, known_text
from ekslint.placement.type_domains import ByImage, ByType, ByZone
from ekslint.placement.verdicts import Miss
from ekslint.source.tree import Step

ZONE_LABEL = "topology.kubernetes.io/zone"
ZONE_ID_LABEL = "topology.k8s.aws/zone-id"
REGION_LABEL = "topology.kubernetes.io/region"
SYSTEM_LABEL = "kubernetes.io/os"


class PoolTaint(NamedTuple):
    """A hard taint of a pool, and where it was declared."""

    taint: Taint
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LabelNeeds:
    """What is needed of one label. Equal ones are the same object, see `Interner`."""

    key: str
    """By its present name."""
    needs: tuple[Need, ...]


class Term(NamedTuple):
    """What one node has to meet together."""

    labels: tuple[LabelNeeds, ...]


class Failure(NamedTuple):
    """Why no node of a pool meets a term."""

    failed: tuple[LabelNeeds, ...] = ()
    """Labels that no node meets, each for itself."""
    crowded: tuple[LabelNeeds, ...] = ()
    """Labels that are each met, but by no node together; empty if others fail for themselves."""


class _Answer(NamedTuple):
    """How a pool answers for one label."""

    is_zonal: bool
    may: int
    does: int


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
        self.catalogue = surroundings.ladders.catalogue
        self.region, self.region_doubt = known_text(surroundings.cluster, "region")
        self.types = 0
        """The types that its nodes may have."""
        self.sure_types = 0
        """Those of them that it certainly can have."""
        self.type_doubt: Doubt | None = None
        self._domains: dict[str, Domain] = {}
        self.misses: dict[LabelNeeds, Miss] = {}
        """What was said of labels that its nodes miss."""
        self._answers: dict[LabelNeeds, _Answer] = {}

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

    def meeting(self, term: Term) -> Masks:
        """The types of nodes that may meet a term, and those that certainly do."""
        possible, certain = self.types, self.sure_types
        zones = sure_zones = -1
        answers = self._answers
        for each in term.labels:
            is_zonal, may, does = answers.get(each) or self._answer(each)
            if is_zonal:
                zones &= may
                sure_zones &= does
            else:
                possible &= may
                certain &= does
        if not zones:
            return NO
        return possible, certain if sure_zones else 0

    def failure(self, term: Term) -> Failure:
        """Why no node meets a term that none meets."""
        failed = tuple(each for each in term.labels if not self.may_meet(each))
        if failed:
            return Failure(failed)
        possible, _ = self._types_meeting(term)
        return Failure(crowded=tuple(each for each in term.labels if self._narrows(each, zonal=bool(possible))))

    def doubts(self, term: Term) -> list[Doubt]:
        """Why nodes that may meet a term do not certainly meet it."""
        doubts: dict[Doubt, None] = {}
        certain, sure_zones = self.sure_types, -1
        for each in term.labels:
            is_zonal, _, does = self._answers.get(each) or self._answer(each)
            if is_zonal:
                sure_zones &= does
            else:
                certain &= does
            if not (sure_zones if is_zonal else certain):
                doubt = self.domain(each.key).doubt or self.type_doubt
                if doubt is not None:
                    doubts[doubt] = None
        return list(doubts) or [self.type_doubt or Doubt(f"the instance types of {self.pool} are not known")]

    def may_meet(self, each: LabelNeeds) -> bool:
        """Whether some node may meet what is needed of one label."""
        is_zonal, may, _ = self._answers.get(each) or self._answer(each)
        return bool(may if is_zonal else may & self.types)

    def may_have(self, key: str, needs: Sequence[Need]) -> bool:
        """Whether some node may meet these needs on a label."""
        domain = self.domain(key)
        may, _ = domain.judge(needs)
        return bool(may if domain.is_zonal else may & self.types)

    def _answer(self, each: LabelNeeds) -> _Answer:
        domain = self.domain(each.key)
        may, does = domain.judge(each.needs)
        if domain.is_zonal:
            every = (1 << len(self.zones)) - 1
            may, does = may & every, does & every
        found = self._answers[each] = _Answer(domain.is_zonal, may, does)
        return found

    def _types_meeting(self, term: Term) -> Masks:
        possible, certain = self.types, self.sure_types
        for each in term.labels:
            is_zonal, may, does = self._answers.get(each) or self._answer(each)
            if not is_zonal:
                possible &= may
                certain &= does
        return possible, certain

    def _narrows(self, each: LabelNeeds, *, zonal: bool) -> bool:
        """Whether what is needed of a label leaves out some zones, or some types."""
        is_zonal, may, _ = self._answers.get(each) or self._answer(each)
        every = (1 << len(self.zones)) - 1 if zonal else self.types
        return is_zonal is zonal and may & every != every

    def domain(self, key: str) -> Domain:
        """How the nodes answer for a label."""
        found = self._domains.get(key)
        if found is None:
            name = NORMALIZED_LABELS.get(key, key)
            found = self._domains[key] = self._node_name() if key == NODE_NAME else self._domain_of(name)
        return found

    def label_keys(self) -> list[str]:
        """The keys that the pool declares, as far as they are known; for "did you mean"."""
        return _known_keys(self.pool)

    def values(self, key: str, mask: int) -> Sequence[str]:
        """The values of a label over types of nodes, sorted; none where some are not known."""
        domain = self.domain(key)
        listed = Need(key, "In", tuple(domain.values_within(mask)))
        if not listed.values or (not domain.is_zonal and domain.judge((listed,))[1] & mask != mask):
            return ()
        return listed.values

    def _node_name(self) -> Domain:
        return Unknowable(NODE_NAME[1:], Doubt("nodes get their names when they start"), exists=True)

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

    def _system_of_unknown_image(self, key: str, doubt: Doubt | None, *, is_made: bool) -> Domain:
        """The operating system where it depends on the image, and nobody knows that."""
        needs = (Need(ARCHITECTURE_LABEL, "In", ("amd64",)),)
        windows, _ = self.catalogue.meeting(ARCHITECTURE_LABEL, needs, self.kind)
        doubt = doubt or Doubt(f"nobody knows the operating system of the image of {self.pool}")
        return ByImage(key, windows, self.types, doubt, is_made=is_made)

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
            if taint.is_hard and self._is_lasting(taint):
                taints.append(PoolTaint(taint, ("taints", index)))
        return tuple(taints), doubt

    def _is_lasting(self, taint: Taint) -> bool:
        """Whether a declared taint stays on the nodes."""
        return True


class _MayBeAbsent(Unknowable):
    """A label that somebody may set after the node has joined; without it, what forbids it is met."""

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        return Absent(self.key).judge(needs) if all(need.allows_absence for need in needs) else super().judge(needs)

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"no label {self.key}"


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
