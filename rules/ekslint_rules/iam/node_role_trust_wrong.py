from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, node_policies, rule


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def node_role_trust_wrong(group: NodeGroup) -> Iterator[Finding]:
    """The role of a node group cannot be assumed by EC2.

    ## Why is this bad?
    Nodes are EC2 instances: unless the trust policy lets ec2.amazonaws.com assume the role, they get no credentials.

    ## When it stays silent
    Roles that are declared elsewhere, and roles whose trust policy is known only at deploy time.

    ## References
    - Amazon EKS user guide, Amazon EKS node IAM role
    """
    role = group.role
    if role is None or role.dialect != "cloudformation":
        return
    wanted = node_policies.trust_of(node_policies.Principal.NODE).services
    trusted = [
        value
        for statement in role.trust
        if statement.effect == "Allow"
        and any(action.lower() in {"sts:assumerole", "sts:*", "*"} for action in statement.actions)
        for kind, value in statement.principals
        if kind in {"Service", "*"}
    ]
    if any(value in wanted or value == "*" for value in trusted):
        return
    who = f"trusts {', '.join(trusted)}" if trusted else "trusts no service"
    yield Finding(
        role.at("trust"),
        f"{role} of {group} {who}: EC2 cannot assume it, and nodes get no credentials",
        label="not ec2.amazonaws.com",
        help="let the service ec2.amazonaws.com do sts:AssumeRole in its trust policy",
        related=[(group.at("role"), f"{group} uses it")],
    )
