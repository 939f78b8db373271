from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Place, Severity, placements_on, rule
from ekslint_rules.scaling._cluster_autoscaler import TEMPLATE_LABEL, TEMPLATE_TAINT, scales
from ekslint_rules.scheduling._selected_labels import custom_labels
from ekslint_rules.scheduling._taints import hard_taints


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",), dialects=("eksctl", "cloudformation"))
def asg_scale_from_zero_tags(group: NodeGroup) -> Iterator[Finding]:
    """Of an Auto Scaling group that may be empty, no tags tell the Cluster Autoscaler labels and taints.

    ## Why is this bad?
    Of a group without nodes the Cluster Autoscaler knows what its tags say. A label that they leave out never brings a
    node for the pods that select it; a taint that they leave out brings nodes for pods that it then keeps away.

    ## When it stays silent
    Groups that keep a node, or of which nothing tells that the Cluster Autoscaler scales them; managed node groups, of
    which EKS itself tells it; eksctl's `propagateASGTags`. Labels that components set, and, where workloads are in the
    files, all labels: `ca-unreachable-taint-labels` then says which of them are missed. Advice only where the group
    starts with nodes: what the autoscaler saw once it remembers for a while.

    ## References
    - Cluster Autoscaler on AWS: auto-discovery setup
    - eksctl documentation, auto scaling: scaling up from 0
    """
    if group.kind != "self-managed" or group.min_size != 0 or not scales(group):
        return
    missing = _missing_tags(group)
    if not missing:
        return
    tags = [tag for tag, _ in missing]
    more = f" and {len(tags) - 1} more" if len(tags) > 1 else ""
    place = group.at("scaling_tags")
    yield Finding(
        place if place.is_written else group.at("name"),
        f"{group} may be empty, and its Auto Scaling group has no tag {tags[0]}{more}: "
        "the Cluster Autoscaler does not know what its nodes are like",
        label="not all labels and taints",
        help="tag the Auto Scaling group with them (eksctl: propagateASGTags: true)",
        related=[(at, f"tag {tag} is missing") for tag, at in missing],
        lower=int(bool(group.desired_size)),
    )


def _missing_tags(group: NodeGroup) -> list[tuple[str, Place]]:
    """The tags that would tell of labels and taints, and where these are set."""
    found = []
    tags = group.scaling_tags
    cluster = None if group.unknown("cluster") else group.cluster
    if cluster is None or not placements_on(cluster, only_certain=True):
        found += [(f"{TEMPLATE_LABEL}{key}", group.at("labels", key)) for key in custom_labels(group)]
    found += [(f"{TEMPLATE_TAINT}{taint.key}", group.at("taints", index)) for index, taint in hard_taints(group)]
    return [(tag, at) for tag, at in found if tag not in tags]
