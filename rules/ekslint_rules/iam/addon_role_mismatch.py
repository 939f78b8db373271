from collections.abc import Iterator, Sequence

from ekslint import Addon, Cluster, Finding, Role, Severity, node_policies, rule, some
from ekslint_rules.iam._policies import gives, has_own_statements, lacks

Need = node_policies.Need
_NEEDS = {
    "amazon-cloudwatch-observability": (Need.CLOUDWATCH_AGENT,),
    "aws-ebs-csi-driver": (Need.EBS_CSI,),
    "aws-efs-csi-driver": (Need.EFS_CSI,),
    "vpc-cni": (Need.CNI, Need.CNI_IPV6),
}
"""Any one of these is enough: the VPC CNI needs the one or the other, as the cluster's addresses are."""


@rule(Severity.WARNING, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl"))
def addon_role_mismatch(cluster: Cluster) -> Iterator[Finding]:
    """The role of an add-on does not allow what the add-on does.

    ## Why is this bad?
    The add-on runs with this role alone: with the wrong policy it gets AccessDenied, and volumes, addresses or metrics
    never come.

    ## When it stays silent
    Roles that are declared elsewhere, add-ons whose needs are not known here, and policies that are known only at
    deploy time or that allow the same actions.

    ## References
    - Amazon EKS user guide, IAM roles for Amazon EKS add-ons
    """
    for name, needs in _NEEDS.items():
        if name not in cluster.addons:
            continue
        addon = cluster.addons[name]
        if addon.dialect == "eksctl":
            yield from _policies_of_another(addon, needs)
            continue
        role = _role(addon, cluster)
        if role is None or not all(lacks(role, need) for need in needs):
            continue
        policy = node_policies.grant_for(needs[0]).policies[0]
        yield Finding(
            role.at("managed_policies"),
            f"{role} of {addon} lacks {policy}: it cannot do its work",
            label=f"no {policy}",
            help=f"attach {policy}",
            related=[(addon.at("role"), f"{addon}")],
            lower=int(has_own_statements(role)),
        )


def _policies_of_another(addon: Addon, needs: Sequence[node_policies.Need]) -> Iterator[Finding]:
    """The policies that eksctl is told to give the add-on, where none of them is one that it needs."""
    if addon.role or not addon.attached_policies:
        return
    if some(addon.attached_policies, lambda policy: _may_be_right(policy, needs)):
        return
    policy = node_policies.grant_for(needs[0]).policies[0]
    yield Finding(
        addon.at("attached_policies", 0),
        f"the policies of {addon} do not include {policy}: it cannot do its work",
        label=f"not {policy}",
        help=f"attach {policy}",
    )


def _may_be_right(policy: str, needs: Sequence[node_policies.Need]) -> bool:
    """Whether a policy gives one of the needs, or may: eksctl's own, and those of the user, are not looked into."""
    return not policy.startswith("arn:") or any(gives(policy, need) for need in needs)


def _role(addon: Addon, cluster: Cluster) -> Role | None:
    """The one role of an add-on, where the same template declares it."""
    for association in addon.pod_identity_associations:
        return association.declared_role
    if addon.role is None:
        return None
    for role in cluster.estate.of(Role):
        if role.origin.document is addon.origin.document and role.resource.rpartition("/")[2] == addon.role:
            return role
    return None
