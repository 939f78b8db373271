"""Whether the service account of an add-on gets permissions from anybody."""

from ekslint import Cluster, NodeGroup, every, node_policies, some
from ekslint_rules.iam._policies import lacks
from ekslint_rules.iam._roles import declared_role


def nobody_gives(cluster: Cluster, account: tuple[str, str], need: node_policies.Need) -> bool:
    """Whether neither a role for a service account (namespace and name) nor the nodes' roles give what is needed.

    False wherever something may: with Auto Mode, and on clusters of which the files do not show all nodes.
    """
    if cluster.auto_mode is not None:
        return False
    if some(cluster.pod_identity_associations, lambda each: (each.namespace, each.service_account) == account):
        return False
    if any((each.namespace, each.name) == account for each in cluster.service_accounts):
        return False
    groups = cluster.node_groups
    if not groups or cluster.karpenter_pools or cluster.has_unseen_pools:
        return False
    return every(groups, lambda group: _may_not(group, need))


def _may_not(group: NodeGroup, need: node_policies.Need) -> bool:
    role = declared_role(group)
    return role is not None and lacks(role, need)
