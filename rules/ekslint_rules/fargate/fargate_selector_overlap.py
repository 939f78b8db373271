from collections.abc import Iterator
from fnmatch import fnmatchcase

from ekslint import Cluster, FargateProfile, FargateSelector, Finding, Severity, rule

_WILDCARDS = "*?"


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
    profiles = cluster.fargate_profiles
    for position, profile in enumerate(profiles):
        for index, selector in enumerate(profile.selectors):
            other = _first_overlap(selector, profiles[:position])
            if other is None:
                continue
            earlier, at = other
            names = sorted(str(each.name) for each in (earlier, profile))
            yield Finding(
                profile.at("selectors", index),
                f"{profile} and {earlier} both select pods of {selector.namespace}: {names[0]} takes them, "
                "as its name comes first",
                label="selected twice",
                help="tell the profiles apart by labels, or keep one of the selectors",
                related=[(earlier.at("selectors", at), f"{earlier} selects them too")],
                discriminator=str(index),
            )


def _first_overlap(selector: FargateSelector, profiles: list[FargateProfile]) -> tuple[FargateProfile, int] | None:
    for profile in profiles:
        for index, other in enumerate(profile.selectors):
            if _may_match_both(selector.namespace, other.namespace) and all(
                _may_match_both(value, other.labels[key])
                for key, value in selector.labels.items()
                if key in other.labels
            ):
                # Different keys may stand on one pod, but need not: only what one of the two includes is certain.
                mine, theirs = set(selector.labels), set(other.labels)
                if mine <= theirs or theirs <= mine:
                    return profile, index
    return None


def _may_match_both(one: str, other: str) -> bool:
    """Whether a text certainly matches both globs, of which one at least is plain."""
    if not one or not other:
        return False
    if one == other:
        return True
    if not any(sign in one for sign in _WILDCARDS):
        return fnmatchcase(one, other)
    return not any(sign in other for sign in _WILDCARDS) and fnmatchcase(other, one)
