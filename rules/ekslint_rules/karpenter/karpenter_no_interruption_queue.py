from collections.abc import Iterator, Mapping, Sequence

from ekslint import Cluster, Container, Finding, KarpenterPool, KubernetesObject, Place, Severity, rule
from ekslint_rules._releases import Release, releases
from ekslint_rules.karpenter._controller import CHART, is_controller, reads_environment, settings_map

_CAPACITY_TYPE = "karpenter.sh/capacity-type"
_VARIABLES = ("INTERRUPTION_QUEUE", "INTERRUPTION_QUEUE_NAME")
_FLAG = "interruption-queue"
_KEY = "aws.interruptionQueueName"
_SETTINGS = (
    ("settings", "interruptionQueue"),
    ("settings", "interruptionQueueName"),
    ("settings", "aws", "interruptionQueueName"),
)


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "spot"), dialects=("eksctl", "kubernetes", "karpenter"))
def karpenter_no_interruption_queue(subject: Cluster | Container | KubernetesObject) -> Iterator[Finding]:
    """Karpenter makes Spot nodes, but has no queue to hear of their interruption.

    ## Why is this bad?
    AWS gives two minutes' notice before it takes a Spot instance. Without the queue Karpenter does not hear of it: pods
    are killed with their node, and replacements start afterwards.

    ## When it stays silent
    Clusters whose pools all are on demand, or whose Karpenter stands in no file. Settings that come from elsewhere
    (further values of a chart, `envFrom`, a ConfigMap that is not in the files), and clusters with the AWS node
    termination handler. Outside production it counts one step less.

    ## References
    - EKS best practices guide, Karpenter: enable interruption handling when using Spot
    - Karpenter documentation, settings: interruption queue
    - eksctl documentation, Karpenter support (withSpotInterruptionQueue)
    """
    if isinstance(subject, Cluster):
        if subject.karpenter_version is not None and not subject.karpenter_interruption_queue:
            place = subject.at("karpenter_interruption_queue")
            yield from _finding(subject, place, "set karpenter.withSpotInterruptionQueue: true")
    elif isinstance(subject, Container):
        if is_controller(subject):
            yield from _of_container(subject)
    else:
        for release in releases(subject, CHART):
            if not release.has_further_values and not _is_set(release):
                yield from _finding(subject.cluster, release.place(*_SETTINGS[0]), "set settings.interruptionQueue")


def _of_container(container: Container) -> Iterator[Finding]:
    cluster = container.cluster
    if reads_environment(container):
        named = any(each.name in _VARIABLES and each.value != "" for each in container.environment)
        words = [*container.command, *container.arguments]
        if not named and not container.environment_sources and not any(_FLAG in word for word in words):
            yield from _finding(cluster, container.at("env"), f"set {_VARIABLES[0]} to the name of an SQS queue")
        return
    settings = settings_map(container)
    if settings is not None and not settings.data.get(_KEY):
        yield from _finding(cluster, settings.at("data", _KEY), f"set {_KEY} to the name of an SQS queue")


def _is_set(release: Release) -> bool:
    """Whether the values of the chart name a queue, or take variables from elsewhere, where one may be."""
    if any(release.setting(*path) for path in _SETTINGS) or release.setting("controller", "envFrom"):
        return True
    variables = release.setting("controller", "env")
    return isinstance(variables, Sequence) and any(
        isinstance(each, Mapping) and each.get("name") in _VARIABLES and each.get("value") != "" for each in variables
    )


def _finding(cluster: Cluster | None, place: Place, advice: str) -> Iterator[Finding]:
    if cluster is None or cluster.estate.has_evidence_of("aws-node-termination-handler", cluster):
        return
    spot = [pool for pool in cluster.karpenter_pools if pool.kind == "karpenter" and _may_be_spot(pool)]
    if spot:
        yield Finding(
            place,
            f"Karpenter on {cluster} makes Spot nodes for {spot[0]}, but hears of no interruption",
            label="no interruption queue",
            help=advice,
            related=[(pool.at("requirements"), f"{pool} takes Spot") for pool in spot],
            lower=cluster.tolerance,
        )


def _may_be_spot(pool: KarpenterPool) -> bool:
    """Whether the requirements allow Spot; without one on the capacity type Karpenter stays on demand."""
    needs = [each for each in pool.requirements if each.key == _CAPACITY_TYPE]
    return bool(needs) and all(
        "spot" in each.values if each.operator == "In" else each.operator == "NotIn" and "spot" not in each.values
        for each in needs
        if each.operator in {"In", "NotIn"}
    )
