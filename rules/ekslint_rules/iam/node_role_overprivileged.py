from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Role, Severity, node_policies, rule


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "security"), dialects=("eksctl", "cloudformation"))
def node_role_overprivileged(group: NodeGroup) -> Iterator[Finding]:
    """The role of nodes may do far more than nodes have to.

    ## Why is this bad?
    Every pod that reaches the metadata service has the rights of its node. With AdministratorAccess or `*` one
    compromised container is a compromised account.

    ## When it stays silent
    Roles that are declared elsewhere, statements that name their resources, and policies that deny. eksctl's
    `withAddonPolicies` are advice: Pod Identity gives the same to the pods that need it alone.

    ## References
    - EKS best practices guide, security, identity and access management
    """
    for index, name in enumerate(group.addon_policies):
        yield Finding(
            group.at("addon_policies", index),
            f"withAddonPolicies.{name} of {group} gives the rights of one controller to every pod on its nodes",
            label="for every pod",
            help="use iam.podIdentityAssociations for the controller",
            severity=Severity.INFO,
            discriminator=name,
        )
    role = group.role
    if role is None:
        return
    yield from _statements(group, role)
    for index, policy in enumerate(role.managed_policies):
        name = node_policies.policy_name(policy)
        if name in node_policies.OVERPRIVILEGED_ON_NODES and node_policies.is_aws_managed(policy):
            yield Finding(
                role.at("managed_policies", index),
                f"node {role} has {name}, which every pod on the nodes inherits",
                label="for every pod",
                help="remove it, and give the pods that need it a role of their own",
                related=[(group.at("role"), f"{group} uses it")],
                discriminator=name,
            )


def _statements(group: NodeGroup, role: Role) -> Iterator[Finding]:
    if role.unknown("inline_statements"):
        return
    for index, statement in enumerate(role.inline_statements):
        wide = [action for action in statement.actions if action in ("*", "*:*", "iam:*")]
        if statement.effect == "Allow" and wide and "*" in statement.resources and not statement.has_conditions:
            yield Finding(
                role.at("inline_statements", index),
                f"node {role} allows {wide[0]} on everything, which every pod on the nodes inherits",
                label=f"allows {wide[0]}",
                help="name the actions and resources, in a role of the pods that need them",
                related=[(group.at("role"), f"{group} uses it")],
                discriminator=str(index),
            )
