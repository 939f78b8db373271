from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, NodeGroup, Severity, label_syntax, rule
from ekslint_rules.scheduling._declared import declared_taints, is_managed


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("eksctl", "cloudformation"))
def too_many_taints(subject: EksctlNodeGroup | NodeGroup) -> Iterator[Finding]:
    """A managed node group has more taints than EKS allows.

    ## Why is this bad?
    EKS takes 50 taints for a managed node group, and refuses the group beyond that.

    ## When it stays silent
    Self-managed groups and NodePools, for which there is no such limit.

    ## References
    - Amazon EKS user guide, create a managed node group for your cluster
    """
    if not is_managed(subject):
        return
    count = sum(1 for _ in declared_taints(subject))
    if count > label_syntax.MAXIMUM_TAINTS:
        yield Finding(
            subject.at("taints", key=True),
            f"{subject} has {count} taints, and EKS takes {label_syntax.MAXIMUM_TAINTS} at most",
            label=f"more than {label_syntax.MAXIMUM_TAINTS}",
        )
