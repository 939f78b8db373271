from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, node_policies, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.iam._policies import cni_need, has_own_statements, lacks

_NAMELESS = "a policy for IPv6 addresses"


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("eksctl",))
def eksctl_policies_replaced(group: NodeGroup) -> Iterator[Finding]:
    """`iam.attachPolicyARNs` replaces eksctl's node policies, and leaves out one that nodes need.

    ## Why is this bad?
    The list does not add to the policies that eksctl attaches, it takes their place. Without the worker node, ECR and
    CNI policies nodes cannot join, pull images or give addresses to pods.

    ## When it stays silent
    Lists that name them, or policies that are declared elsewhere and may allow the same. aws-node needs nothing of the
    node role where `iam.withOIDC` is on, since eksctl then makes a role for it, or where nobody installs it; unmanaged
    groups always get the ECR policy.

    ## References
    - eksctl, IAM policies: attaching policies by ARN
    - eksctl, pkg/cfn/builder/iam_helper.go
    """
    role = group.role
    if not group.policies_replaced or role is None:
        return
    needs = [node_policies.Need.WORKER, node_policies.Need.ECR_PULL, cni_need(group)]
    missing = [
        next(iter(node_policies.grant_for(need).policies), _NAMELESS)
        for need in needs
        if need is not None and lacks(role, need)
    ]
    if not missing:
        return
    listed = enumerated(missing)
    yield Finding(
        role.at("managed_policies", key=True),
        f"attachPolicyARNs of {group} replaces eksctl's own policies, and leaves out {listed}",
        label="replaces the defaults",
        help=f"add {listed} to the list, or remove the list",
        lower=int(has_own_statements(role)),
    )
