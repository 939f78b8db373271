from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, PersistentVolume, Place, Severity, Workload, label_domains, rule
from ekslint_rules.scheduling._demands import node_demands

_MASTER = "node-role.kubernetes.io/master"


@rule(Severity.INFO, since="0.1.0", tags=("scheduling",), dialects=("kubernetes", "karpenter"))
def deprecated_node_label(subject: Workload | KarpenterPool | PersistentVolume) -> Iterator[Finding]:
    """A selector goes by an old name of a node label.

    ## Why is this bad?
    Nodes of EKS carry the old names besides the new ones, but Kubernetes has deprecated them, and kubelets may drop
    them. `node-role.kubernetes.io/master` is gone, and EKS never had it.

    ## When it stays silent
    Tolerations, which harm nobody, and labels that objects themselves carry.

    ## References
    - Kubernetes documentation, well-known labels, annotations and taints: deprecated labels
    - Karpenter, pkg/apis/v1/labels.go: NormalizedLabels
    """
    for key, place in _keys(subject):
        if key == _MASTER:
            yield Finding(
                place,
                f"{subject} goes by the label {key}, which Kubernetes has dropped, and no node of EKS carries",
                label="gone",
                help="control planes are not among the nodes of EKS: remove it",
                discriminator=key,
            )
        elif (new := label_domains.NORMALIZED_LABELS.get(key)) is not None:
            reads = f", which Karpenter reads as {new}" if isinstance(subject, KarpenterPool) else ", a deprecated name"
            yield Finding(
                place,
                f"{subject} goes by the label {key}{reads}",
                label=f"now {new}",
                help=f"write {new}",
                discriminator=key,
            )


def _keys(subject: Workload | KarpenterPool | PersistentVolume) -> Iterator[tuple[str, Place]]:
    if isinstance(subject, KarpenterPool):
        for index, requirement in enumerate(subject.requirements):
            yield requirement.key, subject.at("requirements", index, "key")
        return
    if isinstance(subject, PersistentVolume):
        for term in subject.required_node_affinity or ():
            for index, requirement in enumerate(term.match_expressions):
                yield requirement.key, term.at("matchExpressions", index, "key")
        return
    yield from ((demand.key, demand.place) for demand in node_demands(subject))
    pod = subject.pod
    for constraint in pod.topology_spread_constraints:
        yield constraint.topology_key or "", constraint.at("topologyKey")
    for terms in (
        pod.pod_affinity,
        pod.pod_anti_affinity,
        pod.preferred_pod_affinity,
        pod.preferred_pod_anti_affinity,
    ):
        for each in terms:
            yield each.topology_key or "", each.at("topologyKey")
