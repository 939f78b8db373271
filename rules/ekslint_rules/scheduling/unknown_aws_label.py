from collections.abc import Iterator, Sequence

from ekslint import (
    Cause,
    Cluster,
    Finding,
    KarpenterPool,
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
    requirements of a NodePool: see `karpenter-restricted-label` and `auto-unsupported-label`.

    ## References
    - Amazon EKS user guide, create a node pool for EKS Auto Mode: supported labels
    - Karpenter documentation, well-known labels
    """
    if isinstance(subject, Placement):
        yield from _elsewhere(subject)
        return
    for key, place in _keys(subject):
        domain = label_domains.reserved_domain(key)
        if domain is None or node_labels.is_known_node_label(key) or _is_set(key, subject):
            continue
        meant = _meant(key, subject.cluster)
        yield Finding(
            place,
            f"{subject} asks for the label {key}, which no node ever carries",
            label="nothing sets this label",
            help=f"did you mean {meant}?" if meant is not None else None,
            notes=_why(key),
            discriminator=key,
        )


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


def _keys(subject: Workload | KarpenterPool) -> Iterator[tuple[str, Place]]:
    if isinstance(subject, KarpenterPool):
        for index, requirement in enumerate(subject.requirements):
            if label_domains.is_restricted_for_karpenter(requirement.key):
                continue
            yield requirement.key, subject.at("requirements", index, "key")
        return
    pod = subject.pod
    for key in pod.node_selector:
        yield key, pod.at("nodeSelector", key, key=True)
    for term in pod.required_node_affinity or ():
        for index, requirement in enumerate(term.match_expressions):
            if requirement.operator not in _SATISFIED_BY_ABSENCE:
                yield requirement.key, term.at("matchExpressions", index, "key")
