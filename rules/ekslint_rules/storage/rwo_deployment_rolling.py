from collections.abc import Iterator

from ekslint import Deployment, Finding, Place, Severity, rule
from ekslint_rules.storage._claims import claims_of
from ekslint_rules.storage._classes import is_of_block_storage

_ONCE = frozenset({"ReadWriteOnce", "ReadWriteOncePod"})


@rule(Severity.WARNING, since="0.1.0", tags=("storage", "reliability"))
def rwo_deployment_rolling(deployment: Deployment) -> Iterator[Finding]:
    """Pods of a Deployment share an EBS volume, which one node at a time can mount.

    ## Why is this bad?
    A second pod on another node waits with a Multi-Attach error. That is every further replica, and with a rolling
    update every update, as the new pod starts before the old one is gone.

    ## When it stays silent
    A single replica with the strategy Recreate, or a rolling update without surge; volumes that several nodes can
    mount; classes that no file declares, other than the built-in gp2; ephemeral volumes, of which each pod has its own.

    ## References
    - Kubernetes documentation, persistent volumes: access modes
    - Kubernetes documentation, deployments: strategy
    """
    replicas = deployment.replica_floor
    for claimed in claims_of(deployment):
        claim = claimed.claim
        if claimed.place.path[-1:] == ("ephemeral",):
            continue
        if not _ONCE.issuperset(claim.access_modes) or claim.volume_name is not None:
            continue
        if not is_of_block_storage(claim, deployment):
            continue
        why = _why(deployment, replicas)
        if why is None:
            continue
        reason, place = why
        yield Finding(
            claimed.place,
            f"{reason} {deployment} share the EBS volume of {claim}, which one node at a time can mount: "
            "the second one waits with a Multi-Attach error",
            label="one node at a time",
            help="use a StatefulSet, which gives each pod its own volume, or the strategy Recreate with one replica",
            related=[(place, "more than one pod")] if place.is_written else [],
        )
        return


def _why(deployment: Deployment, replicas: int) -> tuple[str, Place] | None:
    """What makes for a second pod."""
    if replicas > 1:
        return f"the {replicas} replicas of", deployment.at("spec", "replicas")
    if replicas == 0 or deployment.strategy != "RollingUpdate":
        return None
    if deployment.scalar("spec", "strategy", "rollingUpdate", "maxSurge") in {0, "0", "0%"}:
        return None
    return "with its rolling update, the old and the new pod of", deployment.at("spec", "strategy")
