from collections.abc import Iterator, Mapping

from ekslint import Cluster, Finding, NodeGroup, Severity, rule

# They tell any two groups apart, but not by what capacity is bought as: whoever renames a group breaks the selectors.
_OF_THE_GROUP_ITSELF = frozenset(
    {"alpha.eksctl.io/cluster-name", "alpha.eksctl.io/nodegroup-name", "eks.amazonaws.com/nodegroup"}
)


@rule(Severity.INFO, since="0.1.0", tags=("reliability",), dialects=("eksctl",))
def spot_no_distinguishing_label(cluster: Cluster) -> Iterator[Finding]:
    """Spot and on-demand node groups carry no label that tells them apart.

    ## Why is this bad?
    What cannot be interrupted has no way to avoid the Spot nodes, and what should be cheap none to ask for them, but by
    the name of the group. EKS labels managed groups with `eks.amazonaws.com/capacityType`; eksctl's self-managed ones
    get no such label on AmazonLinux2023 and Bottlerocket.

    ## When it stays silent
    A managed group on either side; AmazonLinux2 and Ubuntu, where eksctl's bootstrap script sets `node-lifecycle`; any
    label of one's own that differs; hard taints that differ, as they keep pods apart; groups that mix both.

    ## References
    - eksctl, pkg/nodebootstrap (node-lifecycle) and pkg/apis/eksctl.io/v1alpha5/defaults.go (setDefaultNodeLabels)
    - Amazon EKS user guide, managed node groups: capacity types
    """
    groups = [group for group in cluster.node_groups if group.dialect == "eksctl" and group.kind == "self-managed"]
    on_demand = [group for group in groups if group.capacity_type == "ON_DEMAND"]
    for spot in groups:
        if spot.capacity_type != "SPOT":
            continue
        alike = [group for group in on_demand if _distinguishing(spot) == _distinguishing(group)]
        if alike:
            others = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
            yield Finding(
                spot.at("labels"),
                f"{spot} is Spot, but carries no label that tells it from the on-demand {alike[0]}{others}",
                label="no label says Spot",
                help="give each of them a label of its own, node-lifecycle: spot and node-lifecycle: on-demand",
                related=[
                    (spot.at("capacity_type"), f"{spot} is Spot"),
                    *((group.at("labels"), f"{group} is on-demand") for group in alike),
                ],
                lower=cluster.tolerance,
            )


def _distinguishing(group: NodeGroup) -> tuple[Mapping[str, str], frozenset[str]]:
    labels = {key: value for key, value in group.labels.items() if key not in _OF_THE_GROUP_ITSELF}
    return labels, frozenset(str(taint) for taint in group.taints if taint.is_hard)
