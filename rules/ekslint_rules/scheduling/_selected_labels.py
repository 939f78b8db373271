"""Which labels of nodes the workloads of a cluster go by."""

from collections.abc import Iterable, Iterator

from ekslint import PodAffinityTerm, PodTemplate, Pool, Requirement, label_domains, node_labels

_POOL_NAME = "karpenter.sh/nodepool"
_SYSTEM_DOMAINS = (
    "kubernetes.io",
    "k8s.io",
    "karpenter.sh",
    "k8s.aws",
    "eks.amazonaws.com",
    "eksctl.io",
    "amazonaws.com",
)


def is_custom(key: str) -> bool:
    """Whether a label is one that people chose, and no component sets or reads."""
    domain = label_domains.domain_of(key)
    if any(domain == each or domain.endswith(f".{each}") for each in _SYSTEM_DOMAINS):
        return False
    return not node_labels.is_known_node_label(key) and not label_domains.may_be_set_by_hand(key)


def custom_labels(pool: Pool) -> list[str]:
    """The labels of a pool that people chose. Undecided if some are unknown."""
    return [key for key in pool.labels if is_custom(key)]


def required(pod: PodTemplate) -> Iterator[Requirement]:
    """What a pod requires of its nodes' labels, all terms of its affinity together."""
    selector = pod.node_selector
    for key in selector:
        yield Requirement(key, "In", (selector[key],))
    for term in pod.required_node_affinity or ():
        yield from term.match_expressions


def keys_used(pod: PodTemplate) -> Iterator[str]:
    """Every label of nodes that a pod names, whether it requires, prefers or spreads by it."""
    yield from (requirement.key for requirement in required(pod))
    for preference in pod.preferred_node_affinity:
        yield from (requirement.key for requirement in preference.match_expressions)
    for constraint in pod.topology_spread_constraints:
        yield constraint.topology_key or ""
    terms: Iterable[PodAffinityTerm] = (*pod.pod_affinity, *pod.pod_anti_affinity)
    for term in (*terms, *pod.preferred_pod_affinity, *pod.preferred_pod_anti_affinity):
        yield term.topology_key or ""


def leads_to(requirement: Requirement, pool: Pool) -> bool:
    """Whether a pool has a label of its own with a value that a requirement asks for."""
    if requirement.operator not in {"In", "Exists"} or requirement.key not in pool.labels:
        return False
    return requirement.operator == "Exists" or pool.labels[requirement.key] in requirement.values


def names_or_leads_to(requirement: Requirement, pool: Pool) -> bool:
    """The same, or that it asks for the pool by the label that Karpenter names it by."""
    if requirement.key == _POOL_NAME:
        return requirement.operator == "In" and pool.name in requirement.values
    return leads_to(requirement, pool)
