from collections.abc import Iterator

from ekslint import Finding, NodeGroup, SecurityGroup, Severity, known, rule
from ekslint_rules.network._security_groups import declared_security_groups, speaks_for_security_groups


@rule(Severity.WARNING, since="0.1.0", tags=("network", "load-balancing"), dialects=("cloudformation",))
def node_sg_multiple_cluster_tags(group: NodeGroup) -> Iterator[Finding]:
    """Nodes have several security groups with the tag of their cluster.

    ## Why is this bad?
    The AWS Load Balancer Controller, and the one that is built in, open ports for load balancers in the one security
    group of a node that is tagged `kubernetes.io/cluster/<name>`. With two of them they give up, and targets stay
    unhealthy. EKS tags the cluster security group by itself.

    ## When it stays silent
    Tags of different clusters; security groups that other templates declare.

    ## References
    - AWS Load Balancer Controller, pkg/networking: exactly one tagged security group is expected
    - Amazon EKS user guide, view Amazon EKS security group requirements for clusters
    - Kubernetes, cloud-provider-aws: multiple tagged security groups found for instance
    """
    if not speaks_for_security_groups(group):
        return
    tagged: dict[str, list[SecurityGroup]] = {}
    for each in declared_security_groups(group):
        for cluster in dict.fromkeys(known(each.cluster_tags)):
            tagged.setdefault(cluster, []).append(each)
    for cluster, groups in tagged.items():
        if len(groups) > 1:
            names = " and ".join(each.identifier for each in groups)
            yield Finding(
                group.at("security_groups", 0),
                f"{group} has {len(groups)} security groups with the tag kubernetes.io/cluster/{cluster}, {names}: "
                "load balancers find no way to its nodes",
                label=f"{len(groups)} with this tag",
                help="leave the tag on one of them; EKS sees to it that the cluster security group has it",
                related=[(each.at("tags"), f"{each}") for each in groups],
                discriminator=cluster,
            )
