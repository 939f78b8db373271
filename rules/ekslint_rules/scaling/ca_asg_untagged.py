from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule
from ekslint_rules.scaling._cluster_autoscaler import discoveries_on


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",), dialects=("eksctl", "cloudformation"))
def ca_asg_untagged(group: NodeGroup) -> Iterator[Finding]:
    """The Cluster Autoscaler does not find an Auto Scaling group: tags are missing.

    ## Why is this bad?
    Pods that only fit this group stay Pending: the autoscaler adds nodes to groups that it knows.

    ## When it stays silent
    Managed node groups, whose Auto Scaling groups EKS tags; groups of one fixed size; a Cluster Autoscaler that is
    given its groups (`--nodes`), whose flags are not in the files, or which looks for another cluster's groups (see
    `ca-cluster-mismatch`); eksctl's `iam.withAddonPolicies.autoScaler`, which adds the tags.

    ## References
    - Cluster Autoscaler on AWS: auto-discovery setup
    """
    if group.kind != "self-managed" or group.min_size == group.max_size:
        return
    cluster = group.cluster
    if cluster is None:
        return
    discoveries = [each for each in discoveries_on(cluster) if each.tags]
    if not discoveries or any(each.finds(group.scaling_tags) for each in discoveries):
        return
    missing = discoveries[0].missing(group.scaling_tags)
    place = group.at("scaling_tags")
    listed = f"the tag{'s' if len(missing) > 1 else ''} {' and '.join(missing)}"
    yield Finding(
        place if place.is_written else group.at("name"),
        f"the Cluster Autoscaler does not find {group}: its Auto Scaling group lacks {listed}",
        label="not found by its tags",
        help=f"give the Auto Scaling group {listed}",
        related=[(each.place, "the tags that are looked for") for each in discoveries],
    )
