"""What the roles of the files allow, action by action."""

from ekslint import Cluster, Role, every, iam_policies, some
from ekslint_rules.iam._roles import declared_role

SET_DESIRED_CAPACITY = "autoscaling:SetDesiredCapacity"
"""What Cluster Autoscaler cannot do without."""


def lacks_action(role: Role, action: str) -> bool:
    """Whether nothing of a role allows an action, on whatever resource. Undecided where an unknown statement might.

    Nobody here knows what a policy allows whose document is not in the tables: with one of those it is not lacking.
    """
    if some(role.inline_statements, lambda each: each.effect == "Allow" and each.covers(action)):
        return False
    return not some(role.managed_policies, lambda policy: _may_give(policy, action))


def nodes_lack_action(cluster: Cluster, action: str) -> bool:
    """Whether the roles of all node groups lack an action; False where there are none, or a role is from elsewhere."""
    groups = cluster.node_groups
    return bool(groups) and every(groups, lambda group: _lacks(declared_role(group), action))


def _lacks(role: Role | None, action: str) -> bool:
    return role is not None and lacks_action(role, action)


def _may_give(policy: str, action: str) -> bool:
    allowed = iam_policies.allowed_actions(policy)
    return allowed is None or any(iam_policies.action_matches(pattern, action) for pattern in allowed)
