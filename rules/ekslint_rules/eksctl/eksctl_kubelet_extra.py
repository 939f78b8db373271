from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, rule
from ekslint_rules.eksctl import _node_groups as written


@rule(Severity.ERROR, since="0.1.0", tags=("nodes",), dialects=("eksctl",))
def eksctl_kubelet_extra(group: EksctlNodeGroup) -> Iterator[Finding]:
    """`kubeletExtraConfig` sets what eksctl itself has to decide.

    ## Why is this bad?
    Address, authentication, authorization, cluster domain and certificates of the kubelet are what makes a node part of
    an EKS cluster; eksctl refuses to have them overridden.

    ## When it stays silent
    Bottlerocket and Windows, which take no `kubeletExtraConfig` at all (`eksctl-bootstrap-family`), and managed groups,
    which have no such field.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupKubeletExtraConfig
    - eksctl, customizing the kubelet configuration
    """
    facts = written.family_facts(group)
    if group.is_managed or (facts is not None and (facts.is_bottlerocket or facts.is_windows)):
        return
    for key in written.keys(group, "kubeletExtraConfig"):
        if key in eksctl_limits.KUBELET_FIELDS_OF_EKSCTL:
            yield Finding(
                group.at("kubeletExtraConfig", key, key=True),
                f"{group} sets {key} of the kubelet, which eksctl decides",
                label="eksctl's own",
                help="remove it",
            )
