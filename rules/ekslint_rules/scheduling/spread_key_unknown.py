from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, nearest, node_labels, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.TOPOLOGY_KEY,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def spread_key_unknown(placement: Placement) -> Iterator[Finding]:
    """A hard spread constraint, or a required pod affinity, goes by a label that no node carries.

    ## Why is this bad?
    The scheduler leaves out nodes without the label of the topology. If that is all of them, the pods stay Pending.

    ## When it stays silent
    `ScheduleAnyway`, preferred affinity and anti-affinity, which do without. Custom labels of a pool count. See
    `workload-matches-no-node-pool` for what else is not decided.

    ## References
    - Kubernetes documentation, Pod topology spread constraints
    - Karpenter documentation, scheduling: topology spread
    """
    for rejection in rejected(placement, CAUSES):
        key = placement.blamed_label or ""
        meant = _meant(key)
        yield rejection.finding(
            f"{placement.workload} is spread or gathered by {key}, a label that no node of {placement.cluster} carries",
            label="no node has this label",
            help=f"did you mean {meant}?" if meant else None,
        )


def _meant(key: str) -> str | None:
    mistake = node_labels.label_mistake(key)
    if mistake is not None and mistake.meant:
        return mistake.meant[0]
    name = key.rpartition("/")[2].lower()
    if "zone" in name:
        return "topology.kubernetes.io/zone"
    if "host" in name or name == "node":
        return "kubernetes.io/hostname"
    return nearest(key, [label.key for label in node_labels.node_labels() if not label.key.endswith("*")])
