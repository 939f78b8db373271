"""The one reason why no pool has the labels that a pod requires."""

from collections.abc import Sequence

from ekslint.facts.label_domains import known_labels_in, reserved_domain
from ekslint.facts.node_labels import LabelOrigin, PoolKind, kinds_with, label_mistake, label_values
from ekslint.placement.automatic import label_of
from ekslint.placement.causes import Cause
from ekslint.placement.matching import LabelResult, label_miss
from ekslint.placement.needs import Need
from ekslint.placement.shape import LabelNeeds

_NAME_ORIGINS = frozenset({LabelOrigin.POOL_NAME, LabelOrigin.NODE_CLASS})


def root_cause(results: Sequence[LabelResult]) -> tuple[Cause, str]:
    """Why no pool meets the labels, and the label to blame, when every result is a rejection.

    What no pool has at all comes before what only no single pool has together.
    """
    failures = [result.nearest for result in results]
    known = [failure for failure in failures if failure is not None]
    if not known:
        return Cause.CONTRADICTION, ""
    term, _ = min(known, key=lambda each: len(each[1].failed) or 1)
    found = [
        (_cause_everywhere(each, results), each.key)
        for each in term.labels
        if not any(result.shape.may_meet(each) for result in results)
    ]
    if found:
        return min(found, key=lambda each: (each[0].rank, each[1]))
    if all(not failure.failed for nearest, failure in known if nearest is term):
        return Cause.NO_INSTANCE_TYPE, ""
    return Cause.LABELS_ON_DIFFERENT_POOLS, ""


def _cause_everywhere(each: LabelNeeds, results: Sequence[LabelResult]) -> Cause:
    """Why no pool at all meets what is needed of a label."""
    key, needs = each.key, each.needs
    causes = [label_miss(result.shape, each).cause for result in results]
    cause = min(causes, key=lambda cause: cause.rank)
    if cause in {Cause.CONTRADICTION, Cause.VOLUME_ZONE, Cause.TOPOLOGY_KEY}:
        return cause
    if cause is Cause.LABEL_NOT_ON_FARGATE and len(set(causes)) > 1:
        cause = min((other for other in causes if other is not cause), key=lambda cause: cause.rank)
    if is_invented(key):
        return Cause.INVENTED_LABEL
    kinds = {result.shape.kind for result in results}
    if _wants_other_kind(key, needs, kinds):
        return Cause.LABEL_OF_OTHER_KIND
    origins = {label.origin for kind in kinds if (label := label_of(kind, key)) is not None}
    wanted = {value for need in needs if need.operator == "In" for value in need.values}
    if origins & _NAME_ORIGINS and wanted and Cause.VALUE_DIFFERS in causes:
        node_classes = results[0].shape.surroundings.node_classes
        if LabelOrigin.NODE_CLASS in origins and wanted & node_classes:
            return Cause.UNUSED_NODE_CLASS
        return Cause.UNKNOWN_POOL_NAME
    # A label that some pool has with another value is no missing label.
    return Cause.VALUE_DIFFERS if cause is Cause.KEY_ABSENT and Cause.VALUE_DIFFERS in causes else cause


def is_invented(key: str) -> bool:
    """Whether a key is one that nothing ever sets on a node, though it looks as if AWS, Karpenter or eksctl did."""
    mistake = label_mistake(key)
    if mistake is not None:
        return True
    domain = reserved_domain(key)
    if domain is None or kinds_with(key):
        return False
    return not any(key.startswith(each[:-1]) if each.endswith("*") else each == key for each in known_labels_in(domain))


def _wants_other_kind(key: str, needs: tuple[Need, ...], kinds: set[PoolKind]) -> bool:
    offering = kinds_with(key)
    if not offering:
        return False
    if not offering & kinds:
        return True
    # One key may have a value for each kind of pool: compute-type is fargate, auto or hybrid.
    wanted = {value for need in needs if need.operator == "In" for value in need.values}
    fixed = {kind: label.values for kind in offering if (label := label_of(kind, key)) is not None}
    here = {value for kind in kinds & offering for value in fixed[kind]}
    return bool(wanted) and wanted <= label_values(key) and not wanted & here and len(set(fixed.values())) > 1
