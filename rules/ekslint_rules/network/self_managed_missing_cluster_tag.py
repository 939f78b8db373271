from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule, some


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def self_managed_missing_cluster_tag(group: NodeGroup) -> Iterator[Finding]:
    """Self-managed nodes do not get the tag that tells their cluster.

    ## Why is this bad?
    EKS asks for `kubernetes.io/cluster/<name>: owned` on instances that it does not manage: the cloud provider and
    other controllers tell by it which instances are theirs. A tag of the Auto Scaling group alone reaches no instance.

    ## When it stays silent
    Tags of the Auto Scaling group with `PropagateAtLaunch`, and tags for instances in its launch template; tags that
    are known only at deployment; launch templates of other stacks. Managed node groups, and those of eksctl, get it.

    ## References
    - Amazon EKS user guide, maintain nodes yourself with self-managed nodes
    - Amazon EKS, amazon-eks-nodegroup.yaml: tags of the Auto Scaling group
    """
    if group.kind != "self-managed" or group.dialect != "cloudformation" or some(group.cluster_tags, lambda _: True):
        return
    cluster = group.cluster
    known_name = None if cluster is None or cluster.unknown("name") else cluster.name
    tag = f"kubernetes.io/cluster/{known_name or '<name of the cluster>'}"
    yield Finding(
        group.at("scaling_tags"),
        f"the nodes of {group} do not get the tag {tag}",
        label="not for its instances",
        help=f"add the tag {tag} = owned, with PropagateAtLaunch: true",
    )
