from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, rule
from ekslint_rules.eksctl import _node_groups as written


@rule(Severity.ERROR, since="0.1.0", tags=("nodes",), dialects=("eksctl",))
def eksctl_managed_unsupported(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A managed node group sets what EKS decides for it, or chooses its instance types in two ways.

    ## Why is this bad?
    EKS makes the instance profile and the security group of a managed node group, and does not run them on Outposts.
    Its types are one `instanceType`, a list, or what an instance selector finds; eksctl refuses one type beside either.

    ## When it stays silent
    A list of types beside a selector, which is what eksctl's own dry run writes.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: ValidateManagedNodeGroup
    """
    if not group.is_managed:
        return
    for exclusion in eksctl_limits.EXCLUDED_FROM_MANAGED_GROUPS:
        if written.is_used(group, exclusion):
            yield Finding(
                group.at(*exclusion.path, key=True),
                f"{group} sets {written.dotted(*exclusion.path)}, which managed node groups do not have",
                label="not in managed node groups",
                help="remove it, or make it a self-managed group (nodeGroups)",
            )
    single = written.text(group, "instanceType")
    uses = {
        "instanceTypes": written.is_filled(group, "instanceTypes"),
        "instanceSelector": written.has_instance_selector(group),
    }
    for other, is_used in uses.items():
        if single and is_used:
            yield Finding(
                group.at("instanceType"),
                f"{group} is of type {single}, and {other} chooses its types as well",
                label=f"beside {other}",
                help="keep one of the two",
                related=[(group.at(other, key=True), "chooses the types")],
                discriminator=other,
            )
