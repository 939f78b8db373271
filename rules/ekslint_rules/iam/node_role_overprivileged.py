from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Role, Severity, Statement, node_policies, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.iam._roles import role_of, used_at

_WIDE = frozenset({"*", "*:*", "iam:*"})
_SHOWN = 3


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "security"), dialects=("eksctl", "cloudformation", "karpenter"))
def node_role_overprivileged(nodes: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
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
    role = role_of(nodes)
    if role is None:
        return
    if isinstance(nodes, NodeGroup):
        yield from _addon_policies(nodes)
    yield from _statements(nodes, role)
    for index, policy in enumerate(role.managed_policies):
        name = node_policies.policy_name(policy)
        if name in node_policies.OVERPRIVILEGED_ON_NODES and node_policies.is_aws_managed(policy):
            yield Finding(
                role.at("managed_policies", index),
                f"node {role} has {name}, which every pod on the nodes inherits",
                label="for every pod",
                help="remove it, and give the pods that need it a role of their own",
                related=[(used_at(nodes), f"{nodes} uses it")],
                discriminator=name,
            )


def _addon_policies(group: NodeGroup) -> Iterator[Finding]:
    for index, name in enumerate(group.addon_policies):
        yield Finding(
            group.at("addon_policies", index),
            f"withAddonPolicies.{name} of {group} gives the rights of one controller to every pod on its nodes",
            label="for every pod",
            help="use iam.podIdentityAssociations for the controller",
            severity=Severity.INFO,
            discriminator=name,
        )


def _statements(nodes: NodeGroup | EC2NodeClass, role: Role) -> Iterator[Finding]:
    if role.unknown("inline_statements"):
        return
    for index, statement in enumerate(role.inline_statements):
        wide = _too_much(statement)
        if wide is not None and "*" in statement.resources and not statement.has_conditions:
            yield Finding(
                role.at("inline_statements", index),
                f"node {role} allows {wide} on everything, which every pod on the nodes inherits",
                label=f"allows {wide}",
                help="name the actions and resources, in a role of the pods that need them",
                related=[(used_at(nodes), f"{nodes} uses it")],
                discriminator=str(index),
            )


def _too_much(statement: Statement) -> str | None:
    """What a statement allows that is far more than nodes need, in words."""
    if statement.effect != "Allow":
        return None
    if statement.not_actions:
        few = len(statement.not_actions) <= _SHOWN
        return f"all but {enumerated(statement.not_actions) if few else 'a list of actions'}"
    return next((action for action in statement.actions if action.lower() in _WIDE), None)
