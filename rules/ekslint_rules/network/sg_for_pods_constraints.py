from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, network_limits, rule
from ekslint_rules._addon_configuration import is_on
from ekslint_rules._installations import reported_for
from ekslint_rules.network._cni import ADDON, cni_environment, objects_on

_GROUPS = ("spec", "securityGroups", "groupIds")


@rule(Severity.ERROR, since="0.1.0", tags=("network", "security"), dialects=("eksctl", "cloudformation", "kubernetes"))
def sg_for_pods_constraints(cluster: Cluster) -> Iterator[Finding]:
    """Pods are to have security groups of their own, which the cluster does not give them.

    ## Why is this bad?
    Without `ENABLE_POD_ENI` the VPC CNI gives pods no interface of their own: a SecurityGroupPolicy has no effect, and
    the pods keep the security groups of their nodes. An interface takes five security groups at most.

    ## When it stays silent
    A VPC CNI that is installed by other means than the EKS add-on, and clusters that the files do not tell apart.

    ## References
    - Amazon EKS user guide, assign security groups to individual Pods
    - EKS best practices guide, networking, security groups per Pod
    """
    policies = [
        each
        for each in objects_on(cluster, "vpcresources.k8s.aws", "SecurityGroupPolicy")
        if reported_for(each, cluster)
    ]
    most = network_limits.MAX_SECURITY_GROUPS_PER_POD
    for policy in policies:
        groups = () if policy.unknown(*_GROUPS) else policy.sequence(*_GROUPS)
        if len(groups) > most:
            yield Finding(
                policy.at(*_GROUPS, most),
                f"{policy} gives pods {len(groups)} security groups, and an interface takes {most}",
                label=f"more than {most}",
                discriminator="number",
            )
    if not policies or cluster.is_implicit:
        return
    environment = cni_environment(cluster)
    if environment is None or is_on(environment.get("ENABLE_POD_ENI")):
        return
    yield Finding(
        cluster.addons[ADDON].at("name"),
        f"{policies[0]} gives pods security groups of their own, but the VPC CNI of {cluster} is not told to: "
        "they keep those of their nodes",
        label="without ENABLE_POD_ENI",
        help='set env.ENABLE_POD_ENI: "true" in the configuration values of the add-on vpc-cni',
        related=[(policy.at("name"), f"{policy} has no effect") for policy in policies],
        lower=cluster.may_be_partial,
        discriminator="switch",
    )
