from collections.abc import Iterator

from ekslint import Cluster, Finding, KubernetesObject, Severity, rule
from ekslint_rules._installations import may_go_to, reported_for

_GROUPS = frozenset({"snapshot.storage.k8s.io", "groupsnapshot.storage.k8s.io"})
_CONTROLLER = "snapshot-controller"


@rule(Severity.WARNING, since="0.1.0", tags=("storage",), dialects=("eksctl", "cloudformation", "kubernetes"))
def volume_snapshot_controller_missing(cluster: Cluster) -> Iterator[Finding]:
    """Volume snapshots are asked for, but nothing installs the controller that takes them.

    ## Why is this bad?
    Neither EKS nor the EBS CSI driver brings the snapshot controller and its resource definitions along, and Auto Mode
    does not either. Without them the API server does not know the kind VolumeSnapshot, or nobody acts on it: the backup
    that a restore counts on does not exist.

    ## When it stays silent
    The EKS add-on, a chart, an application or manifests of the controller; clusters of which the files list no add-on,
    as somebody else decides then what is installed. Advice only where they may merely add to a cluster.

    ## References
    - Amazon EKS user guide, enable snapshot functionality for CSI volumes
    - Kubernetes documentation, volume snapshots
    """
    if cluster.is_implicit or not cluster.addons or _is_installed(cluster):
        return
    clients = [
        each
        for each in cluster.estate.of(KubernetesObject)
        if each.group in _GROUPS
        and reported_for(each, cluster)
        and not any(_is_installed(other) for other in each.clusters[1:])
    ]
    if not clients:
        return
    first, *others = clients
    who = f"{first} (and {len(others)} more)" if others else str(first)
    place = cluster.at("addons")
    yield Finding(
        place if place.is_written else cluster.at("name"),
        f"{who} needs the snapshot controller, but nothing installs it on {cluster}: no snapshot is ever taken",
        label=f"without {_CONTROLLER}",
        help=f"add the EKS add-on {_CONTROLLER}",
        related=[(each.at("kind"), f"{each} needs it") for each in clients],
        lower=cluster.may_be_partial,
    )


def _is_installed(cluster: Cluster) -> bool:
    """Whether the controller is on a cluster: the add-on, or whatever else installs it or its definitions."""
    if cluster.has_addon(_CONTROLLER) or cluster.estate.has_evidence_of(_CONTROLLER, cluster):
        return True
    # Nobody installs the definitions without the controller.
    return any(
        each.kind == "CustomResourceDefinition" and each.text("spec", "group") in _GROUPS and may_go_to(each, cluster)
        for each in cluster.estate.of(KubernetesObject)
    )
