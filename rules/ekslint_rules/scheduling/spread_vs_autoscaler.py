from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Placement, Severity, Verdict, rule

_ZONE_KEYS = frozenset({"failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"})


@rule(Severity.INFO, since="0.1.0", tags=("autoscaling", "scheduling"))
def spread_vs_autoscaler(placement: Placement) -> Iterator[Finding]:
    """A hard spread over zones waits for an Auto Scaling group that picks the zone itself.

    ## Why is this bad?
    The Cluster Autoscaler can only ask a group for one node more; in which of its zones that starts, AWS decides. From
    zero nodes on, the zone that the constraint waits for may come late or never.

    ## When it stays silent
    `ScheduleAnyway`; several groups that take the workload, as one group for each zone; groups in one zone, and groups
    that keep at least one node; clusters without the Cluster Autoscaler: Karpenter and Auto Mode choose the zone.

    ## References
    - EKS best practices guide, Cluster Autoscaler: prioritizing a node group for each zone
    - Kubernetes documentation, pod topology spread constraints: known limitations
    """
    cluster = placement.cluster
    if placement.verdict is not Verdict.FITS or not cluster.estate.has_evidence_of("cluster-autoscaler", cluster):
        return
    pools = placement.possible
    if len(pools) != 1 or not isinstance(pools[0], NodeGroup):
        return
    group = pools[0]
    zones = group.availability_zones
    if group.min_size or group.max_size < 2 or zones is None or len(zones) < 2:
        return
    for constraint in placement.workload.pod.topology_spread_constraints:
        if constraint.is_hard and constraint.topology_key in _ZONE_KEYS:
            yield Finding(
                constraint.at("whenUnsatisfiable"),
                f"{placement.workload} must be spread over zones, but the Cluster Autoscaler cannot choose in which of "
                f"its {len(zones)} zones {group} starts a node",
                label="nobody chooses the zone",
                help="make one node group for each zone, or use ScheduleAnyway",
                related=[(group.at("availability_zones"), f"{len(zones)} zones in one group")],
            )
