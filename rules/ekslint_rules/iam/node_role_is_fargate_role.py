from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, rule
from ekslint_rules.iam._roles import shared_role, used_at


@rule(Severity.ERROR, since="0.1.0", tags=("iam", "fargate"), dialects=("cloudformation", "eksctl", "karpenter"))
def node_role_is_fargate_role(nodes: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """Nodes have the pod execution role of a Fargate profile.

    ## Why is this bad?
    The two are let into the cluster as different users: with one role for both, the nodes or the Fargate pods can no
    longer register.

    ## When it stays silent
    Roles that are known only at deploy time, unless both name the same parameter of one template.

    ## References
    - Amazon EKS user guide, Amazon EKS node IAM role
    - Amazon EKS user guide, define which Pods use AWS Fargate when launched
    """
    cluster = nodes.cluster
    if cluster is None:
        return
    for profile in cluster.fargate_profiles:
        role = shared_role(nodes, profile)
        if role is not None:
            yield Finding(
                used_at(nodes),
                f"{nodes} has {role} for its nodes, which is the pod execution role of {profile}",
                label="Fargate's role",
                help="give nodes a role of their own",
                related=[(profile.at("role"), f"the role of {profile}")],
            )
            return
