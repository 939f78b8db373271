"""What a node role allows: by managed policies, or by statements that cover the same actions."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ekslint import Finding, NodeGroup, Role, node_policies, some

Need = node_policies.Need


def lacks(role: Role, need: Need) -> bool:
    """Whether nothing of a role gives what is needed. Undecided where an unknown policy might."""
    # Statements first: they may settle it even where a managed policy is unknown.
    if all(_allows(role, action) for action in node_policies.grant_for(need).actions):
        return False
    return not some(
        role.managed_policies, lambda policy: node_policies.satisfies(policy, need) or _is_customer_managed(policy)
    )


def has_own_statements(role: Role) -> bool:
    """Whether a role has policies of its own: then "missing" is said one level lower."""
    return len(role.inline_statements) > 0


def missing_policy(group: NodeGroup, need: Need, consequence: str) -> Iterator[Finding]:
    """The finding about the role of a group that lacks a need, if it does and eksctl did not replace the defaults."""
    role = group.role
    if role is None or group.policies_replaced or not lacks(role, need):
        return
    policy = node_policies.grant_for(need).policies[0]
    yield Finding(
        role.at("managed_policies"),
        f"{role} of {group} lacks {policy}: {consequence}",
        label="policy missing",
        help=f"attach arn:aws:iam::aws:policy/{policy}",
        related=[(group.at("role"), f"{group} uses it")],
        lower=int(has_own_statements(role)),
    )


def cni_need(group: NodeGroup) -> Need | None:
    """What a node of a group needs for the VPC CNI; None where the node role needs nothing for it."""
    cluster = group.cluster
    if cluster is None:
        return None
    if cluster.auto_mode is not None or cluster.nodes_get_cni_from_cluster:
        return None
    if "vpc-cni" in cluster.addons and cluster.addons["vpc-cni"].has_own_identity:
        return None
    if any(
        association.namespace == "kube-system" and association.service_account == "aws-node"
        for association in cluster.pod_identity_associations
    ):
        return None
    if any(account.namespace == "kube-system" and account.name == "aws-node" for account in cluster.service_accounts):
        return None
    if any(cluster.estate.has_evidence_of(plugin, cluster) for plugin in ("calico", "cilium")):
        return None
    return Need.CNI_IPV6 if cluster.ip_family.lower() == "ipv6" else Need.CNI


def _is_customer_managed(policy: str) -> bool:
    """A policy that stands elsewhere: nobody here knows what it allows."""
    return not node_policies.is_aws_managed(policy)


def _allows(role: Role, action: str) -> bool:
    allowed = some(
        role.inline_statements,
        lambda statement: statement.effect == "Allow" and _matches(statement.actions, action),
    )
    denied = allowed and some(
        role.inline_statements,
        lambda statement: statement.effect == "Deny" and _matches(statement.actions, action),
    )
    return allowed and not denied


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)
