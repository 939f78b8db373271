"""What a node role allows: by managed policies, or by statements that cover the same actions."""

from collections.abc import Iterator

from ekslint import (
    Addon,
    Cluster,
    EC2NodeClass,
    Finding,
    NodeGroup,
    PodIdentityAssociation,
    Role,
    ServiceAccount,
    Statement,
    iam_policies,
    node_policies,
    some,
)
from ekslint_rules.iam._roles import has_role_of_another, role_of, used_at
from ekslint_rules.iam._web_identity import ROLE_ANNOTATION

Need = node_policies.Need
_WRITTEN_BY_EKSCTL = "withAddonPolicies"
_EKSCTL_LABEL = "alpha.eksctl.io/cluster-name"
_AWS_NODE = ("kube-system", "aws-node")


def lacks(role: Role, need: Need) -> bool:
    """Whether nothing of a role gives what is needed. Undecided where an unknown policy might."""
    # Statements first: they may settle it even where a managed policy is unknown.
    if all(_allows(role, action) for action in node_policies.grant_for(need).actions):
        return False
    return not some(role.managed_policies, lambda policy: gives(policy, need))


def gives(policy: str, need: Need) -> bool:
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
    places = (role.at("inline_statements", index) for index in range(len(role.inline_statements)))
    return any(_WRITTEN_BY_EKSCTL not in place.source.path for place in places)


def missing_policy(
    nodes: NodeGroup | EC2NodeClass, need: Need, consequence: str, *, lower: int = 0
) -> Iterator[Finding]:
    """The finding about the role of nodes that lacks a need, if it does and eksctl did not replace the defaults."""
    role = role_of(nodes)
    if role is None or replaces_defaults(nodes) or has_role_of_another(nodes) or not lacks(role, need):
        return
    policy = node_policies.grant_for(need).policies[0]
    # Groups that share the role have the same to say of it: the sentence names none, so that it is said once.
    yield Finding(
        role.at("managed_policies"),
        f"node {role} lacks {policy}: {consequence}",
        label=f"no {policy}",
        help=f"attach arn:aws:iam::aws:policy/{policy}",
        related=[(used_at(nodes), f"{nodes} uses it")],
        lower=max(lower, int(has_own_statements(role))),
    )


def replaces_defaults(nodes: NodeGroup | EC2NodeClass) -> bool:
    """Whether eksctl's own policies are left out by a list, of which `eksctl-policies-replaced` speaks."""
    return isinstance(nodes, NodeGroup) and nodes.policies_replaced


def cni_need(nodes: NodeGroup | EC2NodeClass) -> Need | None:
    """What nodes need for the VPC CNI; None where the node role needs nothing for it."""
    cluster = nodes.cluster
    if cluster is None or has_role_of_another(nodes) or _has_other_plugin(cluster) or _is_exported_from_eksctl(nodes):
        return None
    if cluster.is_implicit:
        return None if _may_give_cni_a_role(cluster) else Need.CNI
    if cluster.auto_mode is not None or cluster.nodes_get_cni_from_cluster:
        return None
    if "vpc-cni" in cluster.addons:
        if cluster.addons["vpc-cni"].has_own_identity:
            return None
    elif "vpc-cni" not in cluster.default_addons:
        return None  # nobody installs it
    if some(cluster.pod_identity_associations, _is_for_aws_node):
        return None
    if any((account.namespace, account.name) == _AWS_NODE for account in cluster.service_accounts):
        return None
    if any(map(_gives_aws_node_a_role, cluster.estate.of(ServiceAccount))):
        return None
    return Need.CNI_IPV6 if cluster.ip_family.lower() == "ipv6" else Need.CNI


def _is_exported_from_eksctl(nodes: NodeGroup | EC2NodeClass) -> bool:
    """Whether eksctl wrote the template of a group: it leaves the policy out only where another stack gives a role.

    Source: eksctl, pkg/cfn/builder/iam_helper.go (createRole)
    """
    return isinstance(nodes, NodeGroup) and nodes.dialect == "cloudformation" and _EKSCTL_LABEL in nodes.labels


def _has_other_plugin(cluster: Cluster) -> bool:
    return any(cluster.estate.has_evidence_of(plugin, cluster) for plugin in ("calico", "cilium"))


def _may_give_cni_a_role(cluster: Cluster) -> bool:
    """Whether anything in the files gives aws-node a role of its own, on a cluster that they do not declare."""
    addons = cluster.estate.of(Addon)
    if any(not each.unknown("name") and each.name == "vpc-cni" and each.has_own_identity for each in addons):
        return True
    return some(cluster.estate.of(PodIdentityAssociation), _is_for_aws_node)


def _is_for_aws_node(association: PodIdentityAssociation) -> bool:
    return (association.namespace, association.service_account) == _AWS_NODE


def _gives_aws_node_a_role(account: ServiceAccount) -> bool:
    if account.known_name != _AWS_NODE[1] or _AWS_NODE[0] not in account.namespace_options:
        return False
    # A role that a template fills in is one.
    return account.unknown("metadata", "annotations", ROLE_ANNOTATION) or account.role is not None


def _allows(role: Role, action: str) -> bool:
    def is_about(statement: Statement, effect: str) -> bool:
        return statement.effect == effect and statement.covers(action)

    if not some(role.inline_statements, lambda statement: is_about(statement, "Allow")):
        return False
    return not some(role.inline_statements, lambda statement: is_about(statement, "Deny"))
