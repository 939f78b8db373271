from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, Severity, every, node_policies, rule, some
from ekslint_rules.iam._policies import lacks

_ADDON = "aws-ebs-csi-driver"
_ACCOUNT = ("kube-system", "ebs-csi-controller-sa")


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "storage"), dialects=("eksctl", "cloudformation"))
def ebs_csi_no_iam(cluster: Cluster) -> Iterator[Finding]:
    """The EBS CSI driver is installed, but may not make volumes.

    ## Why is this bad?
    The driver calls EC2 to make and attach volumes. Without a role of its own and without the policy on the nodes every
    claim stays Pending, with UnauthorizedOperation in the driver's log.

    ## When it stays silent
    A role, policies or a pod identity association for the add-on or its service account; nodes whose role allows it, or
    may (a role from elsewhere); Auto Mode; clusters of eksctl with `iam.withOIDC`, where it makes the role by itself;
    clusters whose nodes the files do not show.

    ## References
    - Amazon EKS user guide, use Kubernetes volume storage with Amazon EBS
    - eksctl, EBS CSI driver
    """
    if _ADDON not in cluster.addons or cluster.auto_mode is not None:
        return
    addon = cluster.addons[_ADDON]
    if addon.has_own_identity or (cluster.dialect == "eksctl" and cluster.oidc_provider):
        return
    if some(cluster.pod_identity_associations, lambda each: (each.namespace, each.service_account) == _ACCOUNT):
        return
    if any((each.namespace, each.name) == _ACCOUNT for each in cluster.service_accounts):
        return
    groups = cluster.node_groups
    if not groups or cluster.karpenter_pools or cluster.has_unseen_pools or not every(groups, _may_not):
        return
    yield Finding(
        addon.at("name"),
        f"{addon} of {cluster} has no permission to make volumes: neither a role of its own, nor the nodes'",
        label="no IAM role",
        help="give it AmazonEBSCSIDriverPolicy, by Pod Identity or a role for service accounts",
        lower=cluster.may_be_partial,
    )


def _may_not(group: NodeGroup) -> bool:
    return group.role is not None and lacks(group.role, node_policies.Need.EBS_CSI)
