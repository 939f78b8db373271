"""Fargate: which profile selects a pod, and what its nodes carry.

Semantics: EKS user guide (fargate-profile, fargate). EKS decides at admission, before any scheduler sees the pod.
"""

from collections.abc import Mapping, Sequence

from ekslint.facts.fargate import PROFILE_LABEL
from ekslint.facts.node_labels import PoolKind
from ekslint.model.pool import FargateProfile
from ekslint.model.reading import Undecided
from ekslint.placement.catalogue import Stranger
from ekslint.placement.domains import Absent, Domain, Doubt, Fixed
from ekslint.placement.offers import FargateOffer, Offer
from ekslint.placement.reads import distinct, reads_of
from ekslint.placement.shape import PoolShape, PoolTaint
from ekslint.placement.surroundings import Surroundings


class FargateShape(PoolShape):
    """The nodes that a Fargate profile makes: one a pod, with no label that anybody could choose."""

    pool: FargateProfile
    is_measured = True

    def __init__(self, pool: FargateProfile, surroundings: Surroundings, kind: PoolKind) -> None:
        super().__init__(pool, surroundings, kind)
        self.types = self.sure_types = self.catalogue.stranger(Stranger("Fargate", "amd64"))

    def _make_offer(self) -> Offer:
        return FargateOffer()

    def _read_taints(self) -> tuple[tuple[PoolTaint, ...], Doubt | None]:
        # EKS adds the toleration of its own taint to the pods that a profile selects.
        return (), None

    def _read_zones(self) -> tuple[str | None, ...]:
        found: dict[str | None, None] = {}
        for read in reads_of(lambda: self.pool.subnets):
            try:
                found[read().availability_zone] = None
            except Undecided:
                found[None] = None
        return tuple(found) or self._zones_of_cluster()

    def _zones_of_cluster(self) -> tuple[str | None, ...]:
        """The zones without subnets of the profile: then eksctl takes those of the cluster."""
        if self.pool.dialect != "eksctl":
            return (None,)
        return distinct(lambda: self.surroundings.cluster.availability_zones) or (None,)

    def _domain_of(self, key: str) -> Domain:
        if key == "kubernetes.io/arch":
            return Fixed(key, "amd64")
        return super()._domain_of(key)

    def _undeclared(self, key: str) -> Domain:
        return Absent(key)


def matches_glob(glob: str, text: str) -> bool:
    """Whether a selector's namespace or label value, where `*` and `?` are wildcards, matches a text."""
    # Backtracks to the last `*` only, so that no pattern takes more than the product of the lengths.
    at = begun = 0
    star = -1
    position = 0
    while position < len(text):
        if at < len(glob) and glob[at] == "*":
            star, begun = at, position
            at += 1
        elif at < len(glob) and glob[at] in ("?", text[position]):
            at += 1
            position += 1
        elif star >= 0:
            begun += 1
            at, position = star + 1, begun
        else:
            return False
    return all(character == "*" for character in glob[at:])


def selects(profile: FargateProfile, namespace: str, labels: Mapping[str, str]) -> bool | Doubt:
    """Whether a profile selects pods of a namespace with these labels, or why that cannot be said."""
    doubt: Doubt | None = None
    for read in reads_of(lambda: profile.selectors):
        try:
            selector = read()
            if matches_glob(selector.namespace, namespace) and _has_labels(selector.labels, labels):
                return True
        except Undecided as error:
            doubt = doubt or Doubt(error.why, error.source)
    return doubt or False


def _has_labels(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    doubt: Undecided | None = None
    for key in wanted:
        try:
            glob = wanted[key]
            if key not in labels or not matches_glob(glob, labels[key]):
                return False
        except Undecided as error:
            doubt = doubt or error
    if doubt is not None:
        raise doubt
    return True


def chosen_profile(
    profiles: Sequence[FargateProfile], namespace: str, labels: Mapping[str, str]
) -> FargateProfile | Doubt | None:
    """The profile that takes the pod: the one that it names, else the first by name; None if none selects it."""
    selecting: list[FargateProfile] = []
    doubt: Doubt | None = None
    for profile in profiles:
        verdict = selects(profile, namespace, labels)
        if verdict is True:
            selecting.append(profile)
        elif isinstance(verdict, Doubt):
            doubt = doubt or verdict
    if doubt is not None:
        return doubt
    if len(selecting) <= 1:
        return selecting[0] if selecting else None
    try:
        wanted = labels.get(PROFILE_LABEL, None)
        named = {profile.name: profile for profile in selecting}
    except Undecided as error:
        return Doubt(error.why, error.source)
    if wanted in named:
        return named[wanted]
    if None in named:
        return Doubt("several Fargate profiles select the pod, and AWS generates the name of one")
    return named[min(name for name in named if name is not None)]
