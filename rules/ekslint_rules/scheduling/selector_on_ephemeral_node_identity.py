from collections.abc import Iterator

from ekslint import DaemonSet, Finding, NodeSelectorTerm, Place, Severity, Workload, rule

_IDENTITIES = {
    "alpha.eksctl.io/instance-id": "one instance",
    "eks.amazonaws.com/nodegroup-image": "one image",
    "eks.amazonaws.com/sourceLaunchTemplateVersion": "one version of a launch template",
    "kubernetes.io/hostname": "one node",
}
_HELP = "select the nodes by a label of their node group"


@rule(Severity.WARNING, since="0.1.0", tags=("scheduling", "upgrades"), dialects=("kubernetes",))
def selector_on_ephemeral_node_identity(workload: Workload) -> Iterator[Finding]:
    """Pods are pinned to one node, image or launch template version, which the next update replaces.

    ## Why is this bad?
    Nodes come and go: an update of the node group, a scale-down or a Spot interruption takes the node away, and another
    one has another name, image and template version. The pods then stay Pending for ever.

    ## When it stays silent
    DaemonSets; preferences, and affinities of which one alternative leaves the choice; pods as a cluster shows them,
    which have been scheduled; and clusters with hybrid nodes, whose machines keep their names. Volumes that are tied to
    a node say so themselves.

    ## References
    - Amazon EKS user guide, understand each phase of node updates
    """
    if isinstance(workload, DaemonSet) or workload.is_owned or workload.has("status") or _has_hybrid_nodes(workload):
        return
    pod = workload.pod
    if not pod.unknown("nodeName") and pod.node_name:
        yield Finding(
            pod.at("nodeName"),
            f"{workload} is bound to the node {pod.node_name}, and passes over the scheduler",
            label="one node",
            help=_HELP,
        )
    selector = pod.node_selector
    for key in selector:
        if key in _IDENTITIES:
            yield _pinned(workload, key, pod.at("nodeSelector", key, key=True))
    pins = [list(_pins(workload, term)) for term in pod.required_node_affinity or ()]
    if all(pins):
        for found in pins:
            yield from found


def _pins(workload: Workload, term: NodeSelectorTerm) -> Iterator[Finding]:
    """What one alternative of an affinity says of it; the pods are pinned only if all of them pin them."""
    for index, requirement in enumerate(term.match_expressions):
        if requirement.key in _IDENTITIES and requirement.operator == "In":
            yield _pinned(workload, requirement.key, term.at("matchExpressions", index, "key"))
    for index, requirement in enumerate(term.match_fields):
        if requirement.operator == "In":
            yield Finding(
                term.at("matchFields", index, "key"),
                f"{workload} is pinned to one node ({requirement.key}), which the next update takes away",
                label="one node",
                help=_HELP,
            )


def _pinned(workload: Workload, key: str, place: Place) -> Finding:
    what = _IDENTITIES[key]
    return Finding(
        place,
        f"{workload} is pinned to {what} ({key}), which the next update of the nodes takes away",
        label=what,
        help=_HELP,
        discriminator=key,
    )


def _has_hybrid_nodes(workload: Workload) -> bool:
    return any(
        not cluster.unknown("pools") and any(pool.kind == "hybrid" for pool in cluster.pools)
        for cluster in workload.clusters
    )
