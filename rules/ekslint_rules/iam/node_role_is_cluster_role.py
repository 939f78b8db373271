from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, rule
from ekslint_rules.iam._roles import shared_role, used_at


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl", "karpenter"))
def node_role_is_cluster_role(nodes: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """Nodes have the role of the cluster.

    ## Why is this bad?
    EKS takes no role for nodes with which a cluster was made; and every pod on such nodes could do what the control
    plane does.

    ## When it stays silent
    Roles that are known only at deploy time, unless both name the same parameter of one template.

    ## References
    - Amazon EKS user guide, create a managed node group for your cluster
    - Amazon EKS user guide, Amazon EKS node IAM role
    """
    cluster = nodes.cluster
    if cluster is None or cluster.is_implicit:
        return
    role = shared_role(nodes, cluster)
    if role is not None:
        yield Finding(
            used_at(nodes),
            f"{nodes} has {role} for its nodes, which is the role of {cluster}",
            label="the cluster's role",
            help="give nodes a role of their own",
            related=[(cluster.at("role"), f"the role of {cluster}")],
        )
