from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Severity, node_class_fields, rule
from ekslint_rules.karpenter._durations import seconds_of


@rule(Severity.WARNING, since="0.1.0", tags=("automode", "upgrades"))
def auto_termination_settings(pool: KarpenterPool) -> Iterator[Finding]:
    """A NodePool of Auto Mode wants its nodes to live longer than Auto Mode lets them.

    ## Why is this bad?
    Auto Mode replaces every node after 21 days at the latest. Whoever relies on `expireAfter: Never` (a long job, a
    single replica) is interrupted all the same, and did not plan for it.

    ## When it stays silent
    Pools of Karpenter itself, and pools without `expireAfter`, whose nodes live 14 days.

    ## References
    - Amazon EKS user guide, learn about EKS Auto Mode managed instances
    - Amazon EKS user guide, automate cluster infrastructure with EKS Auto Mode
    """
    if pool.kind != "auto" or pool.expire_after is None:
        return
    most = node_class_fields.MAXIMUM_NODE_LIFETIME_HOURS
    seconds = seconds_of(pool.expire_after)
    if pool.expire_after == "Never" or (seconds is not None and seconds > most * 3600):
        yield Finding(
            pool.at("expire_after"),
            f"{pool} lets its nodes live {'for ever' if seconds is None else pool.expire_after}, but Auto Mode "
            f"replaces them after {most}h",
            label=f"{most}h at most",
            help=f"set expireAfter to {most}h or less, and plan for the replacement",
        )
