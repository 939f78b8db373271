import re
from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, rule
from ekslint_rules.eksctl import _node_groups as written

_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.*", re.DOTALL)


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("eksctl",))
def eksctl_iam_exclusive(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A node group brings a role of its own, and says what eksctl shall put into the role that it makes.

    ## Why is this bad?
    eksctl leaves a role or an instance profile alone that it did not make: policies, name and boundary beside it would
    have no effect, and are refused. It refuses the old and the new name of the load balancer controller's policy
    together, and policies whose ARN is none.

    ## When it stays silent
    `instanceProfileARN` of managed groups, which have no such field in effect (`eksctl-managed-unsupported`).

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupIAM, validateDeprecatedIAMFields
    """
    for owner in ("instanceRoleARN",) if group.is_managed else ("instanceProfileARN", "instanceRoleARN"):
        if not written.is_filled(group, "iam", owner):
            continue
        policies = [("withAddonPolicies", name) for name in written.addon_policies(group)]
        for path in [*((name,) for name in eksctl_limits.ROLE_SETTINGS if _is_used(group, name)), *policies]:
            yield Finding(
                group.at("iam", *path, key=True),
                f"{group} sets {written.dotted('iam', *path)}, but its {owner} names a role that eksctl did not make",
                label=f"not with {owner}",
                help=f"do it to the role itself, or remove {owner}",
                related=[
                    (group.at("iam", owner), "the role" if owner == "instanceRoleARN" else "the instance profile")
                ],
                discriminator=owner,
            )
    for index, policy in written.indexed(group, "iam", "attachPolicyARNs"):
        if not _ARN.fullmatch(policy):
            yield Finding(
                group.at("iam", "attachPolicyARNs", index),
                f"{group} attaches {policy}, which is no ARN",
                label="not an ARN",
                help=f"write arn:aws:iam::aws:policy/{policy}" if re.fullmatch(r"Amazon\w+", policy) else None,
            )
    names = ("albIngress", "awsLoadBalancerController")
    if not group.is_managed and all(written.is_true(group, "iam", "withAddonPolicies", name) for name in names):
        yield Finding(
            group.at("iam", "withAddonPolicies", "albIngress", key=True),
            f"{group} names the policy of the AWS Load Balancer Controller twice: albIngress is its old name",
            label="the old name",
            help="remove albIngress",
            related=[(group.at("iam", "withAddonPolicies", "awsLoadBalancerController"), "the new name")],
        )


def _is_used(group: EksctlNodeGroup, name: str) -> bool:
    # attachPolicy is a pointer: an empty policy counts, too.
    return (written.is_present if name == "attachPolicy" else written.is_filled)(group, "iam", name)
