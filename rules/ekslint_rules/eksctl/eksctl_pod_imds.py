from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("eksctl",))
def eksctl_pod_imds(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A node group hides the instance metadata from pods, and gives its role policies for them.

    ## Why is this bad?
    The policies of `withAddonPolicies` are there for pods that borrow the node's role, and `disablePodIMDS` is there to
    keep pods from it. eksctl refuses the two together.

    ## When it stays silent
    Policies that are attached by name (`attachPolicyARNs`), as the node itself may need those.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupBase
    - EKS best practices guide, security, identity and access management: restrict access to the instance profile
    """
    policies = written.addon_policies(group)
    if not policies or not written.is_true(group, "disablePodIMDS"):
        return
    yield Finding(
        group.at("disablePodIMDS"),
        f"{group} hides the instance metadata from pods, but gives its role "
        f"{enumerated([f'withAddonPolicies.{name}' for name in policies])} for them",
        label="contradicts withAddonPolicies",
        help="give the pods roles of their own, by Pod Identity or IRSA, in place of withAddonPolicies",
        related=[(group.at("iam", "withAddonPolicies", name), "only pods would use this") for name in policies],
    )
