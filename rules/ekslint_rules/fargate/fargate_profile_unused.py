from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule
from ekslint_rules._pod_makers import may_make_pods_on
from ekslint_rules.fargate._pods import pods_on_fargate

_ENOUGH_WORKLOADS = 5
_SYSTEM_NAMESPACES = frozenset({"default", "kube-system"})


@rule(Severity.INFO, since="0.1.0", tags=("fargate",), dialects=("eksctl", "cloudformation"))
def fargate_profile_unused(cluster: Cluster) -> Iterator[Finding]:
    """A Fargate profile takes none of the workloads.

    ## Why is this bad?
    Its selectors are left over or misspelt, or another profile that comes first by name takes the same pods.

    ## When it stays silent
    With fewer than five workloads in sight, or with Helm releases and custom resources that may make others. Profiles
    for `default` and `kube-system`, which eksctl makes and add-ons use.

    ## References
    - Amazon EKS user guide, Fargate profiles
    """
    workloads = cluster.workloads
    if len(workloads) < _ENOUGH_WORKLOADS or not cluster.fargate_profiles or may_make_pods_on(cluster):
        return
    used = {id(profile) for _, profile in pods_on_fargate(cluster)}
    for profile in cluster.fargate_profiles:
        namespaces = {selector.namespace for selector in profile.selectors}
        if id(profile) in used or namespaces & _SYSTEM_NAMESPACES:
            continue
        yield Finding(
            profile.at("selectors"),
            f"{profile} takes none of the {len(workloads)} workloads of {cluster}",
            label="selects nothing in the files",
            lower=cluster.may_be_partial,
        )
