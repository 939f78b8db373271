from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("iam", "fargate"), dialects=("cloudformation",))
def node_role_is_fargate_role(group: NodeGroup) -> Iterator[Finding]:
    """Nodes have the pod execution role of a Fargate profile.

    ## Why is this bad?
    The two are let into the cluster as different users: with one role for both, the nodes or the Fargate pods can no
    longer register.

    ## When it stays silent
    Roles that are declared elsewhere.

    ## References
    - Amazon EKS user guide, define which Pods use AWS Fargate when launched
    """
    role, cluster = group.role, group.cluster
    if role is None or role.dialect != "cloudformation" or cluster is None:
        return
    for profile in cluster.fargate_profiles:
        if profile.role is role:
            yield Finding(
                group.at("role"),
                f"{group} has {role} for its nodes, which is the pod execution role of {profile}",
                label="Fargate's role",
                help="give nodes a role of their own",
                related=[(profile.at("role"), f"the role of {profile}")],
            )
            return
