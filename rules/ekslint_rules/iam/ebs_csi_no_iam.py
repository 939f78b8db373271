from collections.abc import Iterator

from ekslint import Addon, Cluster, Finding, PodIdentityAssociation, Severity, node_policies, rule
from ekslint_rules.iam._addon_permissions import nobody_gives

_ADDON = "aws-ebs-csi-driver"
_ACCOUNT = ("kube-system", "ebs-csi-controller-sa")


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "storage"), dialects=("eksctl", "cloudformation"))
def ebs_csi_no_iam(cluster: Cluster) -> Iterator[Finding]:
    """The EBS CSI driver is installed, but may not make volumes.

    ## Why is this bad?
    The driver calls EC2 to make and attach volumes. Without a role of its own and without the policy on the nodes every
    claim stays Pending, with UnauthorizedOperation in the driver's log. It is the controller that calls: a role for
    another service account of the driver does not help.

    ## When it stays silent
    A role or policies of the add-on; an association of its controller's service account, there or on the cluster; nodes
    whose role allows it, or may (a role from elsewhere); Auto Mode; clusters of eksctl with `iam.withOIDC`, where it
    makes the role by itself; clusters whose nodes the files do not show.

    ## References
    - Amazon EKS user guide, use Kubernetes volume storage with Amazon EBS
    - eksctl, EBS CSI driver
    """
    if _ADDON not in cluster.addons:
        return
    addon = cluster.addons[_ADDON]
    misplaced = _for_another_account(addon)
    if (addon.has_own_identity and misplaced is None) or (cluster.dialect == "eksctl" and cluster.oidc_provider):
        return
    if not nobody_gives(cluster, _ACCOUNT, node_policies.Need.EBS_CSI):
        return
    lower = cluster.may_be_partial
    if misplaced is not None:
        yield Finding(
            misplaced.at("service_account"),
            f"the role of {addon} of {cluster} is for service account {misplaced.service_account}, but it is "
            f"{_ACCOUNT[1]} that makes volumes, and nothing gives it permission",
            label="another account",
            help=f"associate the role with {_ACCOUNT[1]}",
            lower=lower,
        )
        return
    yield Finding(
        addon.at("name"),
        f"{addon} of {cluster} has no permission to make volumes: neither a role of its own, nor the nodes'",
        label="no IAM role",
        help="give it AmazonEBSCSIDriverPolicy, by Pod Identity or a role for service accounts",
        lower=lower,
    )


def _for_another_account(addon: Addon) -> PodIdentityAssociation | None:
    """An association of the add-on, where none of them is for the controller and nothing else gives it a role."""
    associations = list(addon.pod_identity_associations)
    if addon.role or addon.attached_policies or addon.uses_default_pod_identity:
        return None
    if any(each.service_account == _ACCOUNT[1] for each in associations):
        return None
    return associations[0] if associations else None
