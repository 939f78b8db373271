from collections.abc import Iterator

from ekslint import Cluster, FargateProfile, FargateSelector, Finding, Severity, rule

_SYSTEM_NAMESPACE = "kube-system"


@rule(Severity.WARNING, since="0.1.0", tags=("fargate",), dialects=("eksctl", "cloudformation"))
def fargate_selector_catch_all(cluster: Cluster) -> Iterator[Finding]:
    """A Fargate profile takes the pods of every namespace, in a cluster that has nodes too.

    ## Why is this bad?
    Pods that a profile selects run on Fargate and nowhere else. With the namespace `*` that is all of them, kube-system
    included: nodes stay empty but for DaemonSets, and what Fargate does not run (privileged pods, GPUs, EBS volumes,
    host networking) stays Pending beside them.

    ## When it stays silent
    Selectors that ask for labels too; clusters of Fargate alone. Advice outside production.

    ## References
    - Amazon EKS user guide, define which Pods use AWS Fargate when launched: wildcards
    """
    pools = [pool for pool in cluster.pools if not isinstance(pool, FargateProfile)]
    if not pools:
        return
    more = f" and {len(pools) - 1} more" if len(pools) > 1 else ""
    for profile in cluster.fargate_profiles:
        for index, selector in enumerate(profile.selectors):
            if not _takes_everything(selector):
                continue
            yield Finding(
                profile.at("selectors", index),
                f"{profile} takes the pods of every namespace, {_SYSTEM_NAMESPACE} included: "
                f"hardly more than DaemonSets is left for {pools[0]}{more}",
                label="every namespace",
                help="name the namespaces that are meant for Fargate, or require a label of their pods",
                related=[(pool.at("name"), f"{pool} is left with hardly any") for pool in pools],
                lower=cluster.tolerance,
                discriminator=str(index),
            )
            break


def _takes_everything(selector: FargateSelector) -> bool:
    return set(selector.namespace) == {"*"} and not selector.labels
