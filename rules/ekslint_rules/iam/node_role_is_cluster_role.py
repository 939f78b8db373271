from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def node_role_is_cluster_role(group: NodeGroup) -> Iterator[Finding]:
    """Nodes have the role of the cluster.

    ## Why is this bad?
    EKS refuses a managed node group with the role of a cluster; and every pod on such nodes could do what the control
    plane does.

    ## When it stays silent
    Roles that are declared elsewhere.

    ## References
    - Amazon EKS user guide, create a managed node group for your cluster
    - Amazon EKS user guide, Amazon EKS node IAM role
    """
    role, cluster = group.role, group.cluster
    if role is None or role.dialect != "cloudformation" or cluster is None or cluster.is_implicit:
        return
    if cluster.role is role:
        yield Finding(
            group.at("role"),
            f"{group} has {role} for its nodes, which is the role of {cluster}",
            label="the cluster's role",
            help="give nodes a role of their own",
            related=[(cluster.at("role"), f"the role of {cluster}")],
        )
