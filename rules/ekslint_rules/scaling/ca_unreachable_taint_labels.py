from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Place, Placement, Severity, rule
from ekslint_rules.scaling._cluster_autoscaler import TEMPLATE_LABEL

_KNOWN_OF_ANY_TYPE = frozenset(
    {
        *("kubernetes.io/arch", "kubernetes.io/os", "kubernetes.io/hostname", "beta.kubernetes.io/arch"),
        *("beta.kubernetes.io/os", "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"),
        *("topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.ebs.csi.aws.com/zone"),
        *("failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone"),
    }
)
"""Labels that the Cluster Autoscaler gives its template of a node by itself (aws_manager.go, buildGenericLabels)."""
_ASKING = frozenset({"Exists", "Gt", "In", "Lt"})


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling", "scheduling"))
def ca_unreachable_taint_labels(placement: Placement) -> Iterator[Finding]:
    """A workload needs an empty group whose labels the Cluster Autoscaler does not know.

    ## Why is this bad?
    Of a group without nodes the Cluster Autoscaler knows what its tags say. Without the tag for a label that the pods
    select it takes the group for one that does not match: the pods stay Pending, and the group stays empty.

    ## When it stays silent
    Other pools that take the workload; groups that keep at least one node; managed node groups, of which EKS tells the
    labels; labels that every node of the type has; the tags `k8s.io/cluster-autoscaler/node-template/label/…` (eksctl:
    `propagateASGTags`). Advice only where the group starts with nodes: what was seen once is remembered for a while.

    ## References
    - Cluster Autoscaler on AWS: auto-discovery setup, scaling a node group to 0
    - eksctl documentation, auto scaling
    """
    cluster = placement.cluster
    if not cluster.estate.has_evidence_of("cluster-autoscaler", cluster):
        return
    groups = placement.possible
    if not groups or not placement.is_known:
        return
    wanted = _selected(placement)
    untagged: list[tuple[NodeGroup, list[str]]] = []
    for group in groups:
        if not isinstance(group, NodeGroup) or group.kind != "self-managed" or group.min_size or not group.max_size:
            return
        missing = [key for key in wanted if key in group.labels and f"{TEMPLATE_LABEL}{key}" not in group.scaling_tags]
        if not missing:
            return
        untagged.append((group, missing))
    group, missing = untagged[0]
    starts_empty = all(not each.desired_size for each, _ in untagged)
    yield Finding(
        wanted[missing[0]],
        f"{placement.workload} needs {group}, which may be empty, and its Auto Scaling group has no tag "
        f"{TEMPLATE_LABEL}{missing[0]}: the Cluster Autoscaler never adds a node for it",
        label="unknown to the Cluster Autoscaler",
        help="tag the Auto Scaling group with its labels (eksctl: propagateASGTags: true), or keep one node",
        related=[(each.at("labels", keys[0]), f"the label of {each}") for each, keys in untagged],
        lower=int(not starts_empty),
        discriminator=missing[0],
    )


def _selected(placement: Placement) -> dict[str, Place]:
    """The labels that the pods need, of those that somebody gave to nodes, and where they say so."""
    pod = placement.workload.pod
    found = {key: pod.at("nodeSelector", key) for key in pod.node_selector}
    terms = pod.required_node_affinity
    # Of several terms one is enough: nothing is needed for sure.
    for term in terms if terms is not None and len(terms) == 1 else ():
        for index, requirement in enumerate(term.match_expressions):
            if requirement.operator in _ASKING:
                found.setdefault(requirement.key, term.at("matchExpressions", index, "key"))
    return {key: place for key, place in found.items() if key not in _KNOWN_OF_ANY_TYPE}
