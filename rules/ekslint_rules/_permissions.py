"""What the roles of the files allow, action by action."""

from ekslint import Role, iam_policies, some


def lacks_action(role: Role, action: str) -> bool:
    """Whether nothing of a role allows an action, on whatever resource. Undecided where an unknown statement might.

    Nobody here knows what a policy allows whose document is not in the tables: with one of those it is not lacking.
    """
    if some(
        role.inline_statements,
        lambda each: each.effect == "Allow" and _covered(each.actions, action),
    ):
        return False
    return not some(role.managed_policies, lambda policy: _may_give(policy, action))


def _may_give(policy: str, action: str) -> bool:
    allowed = iam_policies.allowed_actions(policy)
    return allowed is None or _covered(allowed, action)


def _covered(patterns: tuple[str, ...], action: str) -> bool:
    return any(iam_policies.action_matches(pattern, action) for pattern in patterns)
