from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import islice

from ekslint import Cluster, FargateProfile, FargateSelector, Finding, Severity, rule

_WILDCARDS = "*?"
_MOST_COMPARED = 500
"""Different selectors that another is compared with; EKS has room for 50 a cluster unless its quota is raised."""

_Selected = tuple[str, frozenset[tuple[str, str]]]
"""Namespace and labels."""


@rule(Severity.WARNING, since="0.1.0", tags=("fargate",), dialects=("eksctl", "cloudformation"))
def fargate_selector_overlap(cluster: Cluster) -> Iterator[Finding]:
    """Two Fargate profiles select the same pods.

    ## Why is this bad?
    The profile whose name comes first takes them, with its subnets and its role, unless each pod names another one in
    the label `eks.amazonaws.com/fargate-profile`. Who adds a profile later may move pods without knowing.

    ## When it stays silent
    Selectors that agree in the namespace but ask for different values of a label; two globs, of which neither is plain.

    ## References
    - Amazon EKS user guide, define which Pods use AWS Fargate when launched: profile components
    """
    before: dict[_Selected, tuple[FargateProfile, int]] = {}
    for profile in cluster.fargate_profiles:
        own: dict[_Selected, tuple[FargateProfile, int]] = {}
        for index, selector in enumerate(profile.selectors):
            selected = selector.namespace, frozenset(selector.labels.items())
            own.setdefault(selected, (profile, index))
            other = before.get(selected) or _first_overlap(selector, before)
            if other is None:
                continue
            earlier, at = other
            yield Finding(
                profile.at("selectors", index),
                f"{profile} and {earlier} both select pods of {selector.namespace}: {_winner(earlier, profile)}",
                label="selected twice",
                help="tell the profiles apart by labels, or keep one of the selectors",
                related=[(earlier.at("selectors", at), f"{earlier} selects them too")],
                discriminator=str(index),
            )
        for selected, place in own.items():
            before.setdefault(selected, place)


def _first_overlap(
    selector: FargateSelector, before: Mapping[_Selected, tuple[FargateProfile, int]]
) -> tuple[FargateProfile, int] | None:
    for (namespace, pairs), place in islice(before.items(), _MOST_COMPARED):
        if not _may_match_both(selector.namespace, namespace):
            continue
        labels = dict(pairs)
        # Different keys may stand on one pod, but need not: only what one of the two includes is certain.
        if (selector.labels.keys() <= labels.keys() or labels.keys() <= selector.labels.keys()) and all(
            _may_match_both(value, labels[key]) for key, value in selector.labels.items() if key in labels
        ):
            return place
    return None


def _winner(*profiles: FargateProfile) -> str:
    names = [None if profile.unknown("name") else profile.name for profile in profiles]
    known = sorted(name for name in names if name is not None)
    if len(known) < len(names):
        return "which one takes them depends on names that are known at deploy time only"
    return f"{known[0]} takes them, as its name comes first"


def _may_match_both(one: str, other: str) -> bool:
    """Whether a text certainly matches both globs, of which one at least is plain."""
    if not one or not other:
        return False
    if one == other:
        return True
    if not any(sign in one for sign in _WILDCARDS):
        return fnmatchcase(one, other)
    return not any(sign in other for sign in _WILDCARDS) and fnmatchcase(other, one)
