"""What a node role allows: by managed policies, or by statements that cover the same actions."""

from collections.abc import Iterator

from ekslint import (
    Addon,
    Cluster,
    Finding,
    NodeGroup,
    PodIdentityAssociation,
    Role,
    Statement,
    iam_policies,
    node_policies,
    some,
)

Need = node_policies.Need


def lacks(role: Role, need: Need) -> bool:
    """Whether nothing of a role gives what is needed. Undecided where an unknown policy might."""
    # Statements first: they may settle it even where a managed policy is unknown.
    if all(_allows(role, action) for action in node_policies.grant_for(need).actions):
        return False
    return not some(role.managed_policies, lambda policy: _gives(policy, need))


def _gives(policy: str, need: Need) -> bool:
    """Whether a policy gives what is needed, or may: nobody here knows what a customer's own allows."""
    if not node_policies.is_aws_managed(policy) or node_policies.satisfies(policy, need):
        return True
    allowed = iam_policies.allowed_actions(policy)
    actions = node_policies.grant_for(need).actions
    return allowed is not None and all(
        any(iam_policies.action_matches(pattern, action) for pattern in allowed) for action in actions
    )


def has_own_statements(role: Role) -> bool:
    """Whether a role has policies of its own: then "missing" is said one level lower."""
    return len(role.inline_statements) > 0


def missing_policy(group: NodeGroup, need: Need, consequence: str) -> Iterator[Finding]:
    """The finding about the role of a group that lacks a need, if it does and eksctl did not replace the defaults."""
    role = group.role
    if role is None or group.policies_replaced or is_cluster_role(group) or not lacks(role, need):
        return
    policy = node_policies.grant_for(need).policies[0]
    # Groups that share the role have the same to say of it: the sentence names none, so that it is said once.
    yield Finding(
        role.at("managed_policies"),
        f"node {role} lacks {policy}: {consequence}",
        label=f"no {policy}",
        help=f"attach arn:aws:iam::aws:policy/{policy}",
        related=[(group.at("role"), f"{group} uses it")],
        lower=int(has_own_statements(role)),
    )


def is_cluster_role(group: NodeGroup) -> bool:
    """Whether nodes have the role of their cluster: that they do is the mistake, not what it lacks."""
    cluster = group.cluster
    return group.role is not None and cluster is not None and not cluster.unknown("role") and cluster.role is group.role


def cni_need(group: NodeGroup) -> Need | None:
    """What a node of a group needs for the VPC CNI; None where the node role needs nothing for it."""
    cluster = group.cluster
    if cluster is None or is_cluster_role(group) or _has_other_plugin(cluster):
        return None
    if cluster.is_implicit:
        return None if _may_give_cni_a_role(cluster) else Need.CNI
    if cluster.auto_mode is not None or cluster.nodes_get_cni_from_cluster:
        return None
    if "vpc-cni" in cluster.addons and cluster.addons["vpc-cni"].has_own_identity:
        return None
    if some(cluster.pod_identity_associations, _is_for_aws_node):
        return None
    if any(account.namespace == "kube-system" and account.name == "aws-node" for account in cluster.service_accounts):
        return None
    return Need.CNI_IPV6 if cluster.ip_family.lower() == "ipv6" else Need.CNI


def _has_other_plugin(cluster: Cluster) -> bool:
    return any(cluster.estate.has_evidence_of(plugin, cluster) for plugin in ("calico", "cilium"))


def _may_give_cni_a_role(cluster: Cluster) -> bool:
    """Whether anything in the files gives aws-node a role of its own, on a cluster that they do not declare."""
    addons = cluster.estate.of(Addon)
    if any(not each.unknown("name") and each.name == "vpc-cni" and each.has_own_identity for each in addons):
        return True
    return some(cluster.estate.of(PodIdentityAssociation), _is_for_aws_node)


def _is_for_aws_node(association: PodIdentityAssociation) -> bool:
    return association.namespace == "kube-system" and association.service_account == "aws-node"


def _allows(role: Role, action: str) -> bool:
    def covers(statement: Statement, effect: str) -> bool:
        return statement.effect == effect and any(
            iam_policies.action_matches(pattern, action) for pattern in statement.actions
        )

    if not some(role.inline_statements, lambda statement: covers(statement, "Allow")):
        return False
    return not some(role.inline_statements, lambda statement: covers(statement, "Deny"))
