from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Place, Severity, Workload, label_domains, nearest, node_labels, rule


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("kubernetes", "karpenter"))
def unknown_aws_label(subject: Workload | KarpenterPool) -> Iterator[Finding]:
    """A selector asks for a label in a domain of AWS or Karpenter that nothing ever sets.

    ## Why is this bad?
    Nobody but EKS and Karpenter may set labels there: no node carries this one, ever, and the pods stay Pending.

    ## When it stays silent
    Labels that some kind of node carries, even if none of this cluster's does; `NotIn` and `DoesNotExist`, which a
    missing label satisfies; and preferred affinity.

    ## References
    - Amazon EKS user guide, create a node pool for EKS Auto Mode: supported labels
    - Karpenter documentation, well-known labels
    """
    for key, place in _keys(subject):
        domain = label_domains.reserved_domain(key)
        if domain is None or node_labels.is_known_node_label(key):
            continue
        meant = _meant(key, domain)
        help_ = f"did you mean {meant}?" if meant is not None else None
        yield Finding(
            place,
            f"{subject} asks for the label {key}, which no node ever carries",
            label=help_ or f"not a label of {domain}",
            help=help_,
            discriminator=key,
        )


def _meant(key: str, domain: str) -> str | None:
    mistake = node_labels.label_mistake(key)
    if mistake is not None and mistake.meant:
        return mistake.meant[0]
    return nearest(key, label_domains.known_labels_in(domain))


def _keys(subject: Workload | KarpenterPool) -> Iterator[tuple[str, Place]]:
    if isinstance(subject, KarpenterPool):
        for index, requirement in enumerate(subject.requirements):
            yield requirement.key, subject.at("requirements", index, "key")
        return
    pod = subject.pod
    for key in pod.node_selector:
        yield key, pod.at("spec", "nodeSelector", key, key=True)
    for term in pod.required_node_affinity or ():
        for index, requirement in enumerate(term.match_expressions):
            if requirement.operator not in {"NotIn", "DoesNotExist"}:
                yield requirement.key, term.at("matchExpressions", index, "key")
