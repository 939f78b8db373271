"""Whether the AWS Load Balancer Controller, or Auto Mode in its place, works on a cluster."""

from ekslint import Cluster

LOAD_BALANCER_CONTROLLER = "aws-load-balancer-controller"
_SERVICE_ACCOUNTS = ("aws-load-balancer-controller", "aws-load-balancer-controller-sa", "alb-ingress-controller")
_NODE_POLICIES = frozenset({"albIngress", "awsLoadBalancerController"})


def has_load_balancer_controller(cluster: Cluster) -> bool:
    """Whether anything tells that load balancers are made on a cluster: Auto Mode, the controller, or a role for it."""
    if cluster.auto_mode is not None or cluster.estate.has_evidence_of(LOAD_BALANCER_CONTROLLER, cluster):
        return True
    # Whoever gives its service account or the nodes its permissions installs it, if by other means.
    if any(each.name in _SERVICE_ACCOUNTS for each in cluster.service_accounts):
        return True
    if any(each.service_account in _SERVICE_ACCOUNTS for each in cluster.pod_identity_associations):
        return True
    return any(not _NODE_POLICIES.isdisjoint(group.addon_policies) for group in cluster.node_groups)
