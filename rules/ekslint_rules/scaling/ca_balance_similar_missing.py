from collections.abc import Hashable, Iterator

from ekslint import Cluster, Finding, KubernetesObject, NodeGroup, Place, Severity, Workload, rule
from ekslint_rules._installations import goes_to, installed_on
from ekslint_rules._releases import releases
from ekslint_rules.scaling._cluster_autoscaler import flags, is_cluster_autoscaler

_COMPONENT = "cluster-autoscaler"
_FLAG = "balance-similar-node-groups"
_IGNORED_LABELS = frozenset(
    {
        *("alpha.eksctl.io/instance-id", "alpha.eksctl.io/nodegroup-name", "eks.amazonaws.com/nodegroup"),
        *("k8s.amazonaws.com/eniConfig", "lifecycle", "topology.ebs.csi.aws.com/zone"),
        *("kubernetes.io/hostname", "topology.kubernetes.io/region", "topology.kubernetes.io/zone"),
        *("failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone"),
    }
)
"""Labels in which similar groups may differ. Source: autoscaler, processors/nodegroupset/aws_nodegroups.go."""
_COMPARED = ("availability_zones", "capacity_type", "instance_types", "labels", "max_size", "min_size", "taints")


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("autoscaling", "reliability"),
    dialects=("eksctl", "cloudformation", "kubernetes"),
)
def ca_balance_similar_missing(cluster: Cluster) -> Iterator[Finding]:
    """There is one node group a zone, but the Cluster Autoscaler does not keep them equal.

    ## Why is this bad?
    Whenever pods need a node, the Cluster Autoscaler picks one of the groups that would do, and its expanders do not
    look at zones. Without `--balance-similar-node-groups` most nodes may end up in one, and most replicas with them.

    ## When it stays silent
    Groups that differ in more than their zone (instance types, labels, taints): the flag would not make them equal;
    groups of a fixed size, or of several zones. A Cluster Autoscaler whose flags are not all in the files, or that may
    be another cluster's. Advice outside production.

    ## References
    - EKS best practices guide, Cluster Autoscaler: EBS volumes, co-scheduling
    - Cluster Autoscaler, FAQ: nodes in multiple zones for high availability
    """
    places = _unbalanced(cluster)
    if not places:
        return
    for groups in _alike_but_for_the_zone(cluster):
        first, *others = groups
        yield Finding(
            places[0],
            f"{first} and {len(others)} more are alike but for their zones, and the Cluster Autoscaler is not told to "
            "keep them equal: it may add all nodes in one zone",
            label=f"without --{_FLAG}",
            help=f"add --{_FLAG}=true",
            related=[(group.at("name"), f"{group}: one zone of several") for group in groups],
            lower=cluster.tolerance,
        )
        return


def _unbalanced(cluster: Cluster) -> list[Place]:
    """Where the flag is missing; empty where it is set somewhere, or where nobody can tell."""
    found: list[Place] = []
    for entity in installed_on(_COMPONENT, cluster):
        if not isinstance(entity, KubernetesObject) or not goes_to(entity, cluster):
            return []
        place = _missing_flag(entity)
        if place is None:
            return []
        found.append(place)
    return found


def _missing_flag(entity: KubernetesObject) -> Place | None:
    if isinstance(entity, Workload):
        containers = [each for each in entity.pod.containers if is_cluster_autoscaler(each)]
        if len(containers) != 1:
            return None
        [container] = containers
        written = list(flags(container))
        if not written or any(flag.name == _FLAG and flag.value.lower() != "false" for flag in written):
            return None
        return next((flag.place for flag in written if flag.name == _FLAG), container.at(written[0].place.path[0]))
    for release in releases(entity, _COMPONENT):
        is_on = release.setting("extraArgs", _FLAG)
        if release.has_further_values or (is_on is not None and str(is_on).lower() != "false"):
            return None
        return release.place("extraArgs", _FLAG)
    return None


def _alike_but_for_the_zone(cluster: Cluster) -> list[list[NodeGroup]]:
    """Node groups of one zone each that are alike, one for each zone, for each sort of which there are several."""
    sorts: dict[Hashable, dict[str, NodeGroup]] = {}
    for group in cluster.node_groups:
        if any(group.unknown(field) for field in _COMPARED):
            continue
        zones = set(group.availability_zones or ())
        if len(zones) == 1 and group.max_size > group.min_size:
            sorts.setdefault(_sort(group), {}).setdefault(zones.pop(), group)
    return [list(groups.values()) for groups in sorts.values() if len(groups) > 1]


def _sort(group: NodeGroup) -> Hashable:
    labels = frozenset((key, group.labels[key]) for key in group.labels if key not in _IGNORED_LABELS)
    return group.kind, tuple(group.instance_types), group.capacity_type, labels, frozenset(group.taints)
