from collections.abc import Iterator

from ekslint import ClusterRole, Finding, KubernetesRole, PolicyRule, Severity, rule
from ekslint_rules._wording import enumerated

_ALL = "*"
_BUILT_IN = "cluster-admin"
_METRICS = frozenset({"custom.metrics.k8s.io", "external.metrics.k8s.io", "metrics.k8s.io"})
"""APIs that hold nothing but readings. Source: kubernetes/metrics, pkg/apis."""


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def rbac_wildcard(role: KubernetesRole | ClusterRole) -> Iterator[Finding]:
    """A role allows every verb on every resource.

    ## Why is this bad?
    Whoever has the role may read all Secrets, start pods that take over a node, and give themselves what they lack.
    New resources and verbs are allowed too, without anybody having thought of them.

    ## When it stays silent
    The built-in role cluster-admin, roles that are put together from others, and rules that name their verbs, as for
    reading everything; the metrics APIs, where there is nothing but readings. Advice only where all groups are named
    and the core group is not among them, as for operators with APIs of their own, and for a Role, which ends at its
    namespace.

    ## References
    - Kubernetes documentation, role based access control good practices: least privilege
    - EKS best practices guide, security, identity and access management: least privileged access
    """
    if isinstance(role, ClusterRole) and (role.known_name == _BUILT_IN or role.is_aggregated):
        return
    found: list[tuple[int, int]] = []
    for index, granted in enumerate(role.rules):
        if _ALL in granted.verbs and _ALL in granted.resources and not _METRICS.issuperset(granted.api_groups):
            found.append((0 if _is_of_everything(granted) else 1, index))
    if not found:
        return
    [first_lower, first], *others = sorted(found)
    groups = role.rules[first].api_groups
    yield Finding(
        role.at("rules", first),
        f"{role} allows every verb on every resource of {_words(groups)}"
        + ("" if isinstance(role, ClusterRole) else f" in namespace {role.namespace}"),
        label="verbs and resources are both *",
        help="list the resources and verbs that are needed",
        related=[(role.at("rules", index), "and here") for _, index in others],
        lower=1 if first_lower or isinstance(role, KubernetesRole) else 0,
    )


def _is_of_everything(granted: PolicyRule) -> bool:
    """Whether a rule reaches beyond the API groups of an operator: all groups, or the one of Secrets and pods."""
    return _ALL in granted.api_groups or "" in granted.api_groups


def _words(groups: tuple[str, ...]) -> str:
    if _ALL in groups:
        return "all API groups"
    return enumerated([group or "the core group" for group in groups])
