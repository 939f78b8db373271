from collections.abc import Iterator, Sequence

from ekslint import (
    Cause,
    Cluster,
    Finding,
    KarpenterPool,
    NodeSelectorTerm,
    Place,
    Placement,
    Provisioner,
    Severity,
    Workload,
    label_domains,
    nearest,
    node_labels,
    rule,
    some,
)
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.INVENTED_LABEL,)

_SATISFIED_BY_ABSENCE = frozenset({"NotIn", "DoesNotExist"})
_SET_BY_ANYBODY = frozenset({"self-managed", "live", "hybrid"})
_OLD_KARPENTER_LABEL = "karpenter.sh/provisioner-name"


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("kubernetes", "karpenter", "eksctl", "cloudformation"),
)
def unknown_aws_label(subject: Workload | KarpenterPool | Placement) -> Iterator[Finding]:
    """A selector asks for a label in a domain of AWS, Karpenter or eksctl that nothing ever sets.

    ## Why is this bad?
    Nobody but EKS and Karpenter sets labels there: no node carries this one, ever, and the pods stay Pending. Labels
    of other clouds, and some inventions outside of those domains, are found where all pools are known.

    ## When it stays silent
    Labels that some kind of node carries, even if none of this cluster's does; those that a self-managed node group
    or a live node has all the same; `NotIn` and `DoesNotExist`, which a missing label satisfies; preferred affinity;
    and `karpenter.sh/provisioner-name` where a Provisioner is in the files. Labels of Karpenter's own domains in the
    requirements of a NodePool: see `karpenter-restricted-label` and `auto-unsupported-label`. A warning in one of
    several alternatives of an affinity, while another may match.

    ## References
    - Amazon EKS user guide, create a node pool for EKS Auto Mode: supported labels
    - Karpenter documentation, well-known labels
    """
    if isinstance(subject, Placement):
        yield from _elsewhere(subject)
        return
    if isinstance(subject, KarpenterPool):
        yield from _of_node_pool(subject)
    else:
        yield from _of_workload(subject)


def _of_node_pool(pool: KarpenterPool) -> Iterator[Finding]:
    for index, requirement in enumerate(pool.requirements):
        key = requirement.key
        if not label_domains.is_restricted_for_karpenter(key) and _is_invented(key, pool):
            yield _finding(pool, key, pool.at("requirements", index, "key"))


def _of_workload(workload: Workload) -> Iterator[Finding]:
    pod = workload.pod
    for key in pod.node_selector:
        if _is_invented(key, workload):
            yield _finding(workload, key, pod.at("nodeSelector", key, key=True))
    alternatives = [list(_invented(workload, term)) for term in pod.required_node_affinity or ()]
    has_way_out = not all(alternatives)
    for found in alternatives:
        for key, place in found:
            yield _finding(workload, key, place, is_dead_end=has_way_out)


def _invented(workload: Workload, term: NodeSelectorTerm) -> Iterator[tuple[str, Place]]:
    for index, requirement in enumerate(term.match_expressions):
        if requirement.operator not in _SATISFIED_BY_ABSENCE and _is_invented(requirement.key, workload):
            yield requirement.key, term.at("matchExpressions", index, "key")


def _finding(subject: Workload | KarpenterPool, key: str, place: Place, *, is_dead_end: bool = False) -> Finding:
    """`is_dead_end`: whether it is one of several alternatives, another of which may match."""
    meant = _meant(key, subject.cluster)
    return Finding(
        place,
        f"{subject} asks for the label {key}, which no node ever carries"
        f"{': this alternative never matches' if is_dead_end else ''}",
        label="nothing sets this label",
        help=f"did you mean {meant}?" if meant is not None else None,
        notes=_why(key),
        severity=Severity.WARNING if is_dead_end else None,
        discriminator=key,
    )


def _is_invented(key: str, subject: Workload | KarpenterPool) -> bool:
    domain = label_domains.reserved_domain(key)
    return domain is not None and not node_labels.is_known_node_label(key) and not _is_set(key, subject)


def _elsewhere(placement: Placement) -> Iterator[Finding]:
    """Inventions outside of the reserved domains: anybody may set those, so that only the pools can tell."""
    key = placement.blamed_label
    if key is None or label_domains.reserved_domain(key) is not None:
        return
    for rejection in rejected(placement, CAUSES):
        meant = _meant(key, placement.cluster)
        yield rejection.finding(
            f"{placement.workload} asks for the label {key}, which no EKS node carries by itself, "
            f"and no node pool of {placement.cluster} sets it",
            help=f"did you mean {meant}?" if meant is not None else None,
        )


def _why(key: str) -> Sequence[str]:
    mistake = node_labels.label_mistake(key)
    return (f"{key} {mistake.why}",) if mistake is not None and mistake.why else ()


def _meant(key: str, cluster: Cluster | None) -> str | None:
    mistake = node_labels.label_mistake(key)
    if mistake is None:
        domain = label_domains.reserved_domain(key)
        return nearest(key, label_domains.known_labels_in(domain)) if domain is not None else None
    kinds = {pool.kind for pool in cluster.pools if not pool.unknown("kind")} if cluster is not None else set()
    here = [
        label
        for label in mistake.meant
        if any(kind.value.endswith(pool_kind) for kind in node_labels.kinds_with(label) for pool_kind in kinds)
    ]
    return next(iter(here or mistake.meant), None)


def _is_set(key: str, subject: Workload | KarpenterPool) -> bool:
    if key == _OLD_KARPENTER_LABEL and isinstance(subject, Workload):
        return next(subject.beside(Provisioner), None) is not None
    if isinstance(subject, KarpenterPool) or subject.cluster is None:
        return False
    pools = [pool for pool in subject.cluster.pools if not pool.unknown("kind") and pool.kind in _SET_BY_ANYBODY]
    return some(pools, lambda pool: key in pool.labels)
