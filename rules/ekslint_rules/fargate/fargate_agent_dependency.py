import re
from collections.abc import Iterator

from ekslint import ConfigMap, DaemonSet, Finding, Placement, Severity, rule
from ekslint_rules.fargate._pods import pods_on_fargate

_AGENTS = re.compile(
    r"(?:^|[-_])(?:fluent-?bit|fluentd|filebeat|promtail|vector|logstash|cloudwatch-agent|datadog|agent-datadog|splunk-otel"
    r"|newrelic|dynatrace|otel-collector|opentelemetry-collector|alloy|logging-agent)"
)


@rule(
    Severity.INFO, since="0.1.0", tags=("fargate", "observability"), dialects=("eksctl", "cloudformation", "kubernetes")
)
def fargate_agent_dependency(placement: Placement) -> Iterator[Finding]:
    """An agent for logs or metrics is a DaemonSet, and does not see the pods that run on Fargate.

    ## Why is this bad?
    The agent runs on EC2 nodes only. Nobody collects the logs and metrics of the pods on Fargate, and nothing says so.

    ## When it stays silent
    The log router of Fargate is configured (ConfigMap `aws-logging` in `aws-observability`), or no workload runs on
    Fargate.

    ## References
    - Amazon EKS user guide, AWS Fargate: logging
    """
    workload, cluster = placement.workload, placement.cluster
    if not isinstance(workload, DaemonSet) or not cluster.fargate_profiles or not _is_agent(workload):
        return
    if any(each.known_name == "aws-logging" for each in workload.beside(ConfigMap)):
        return
    unseen = [each.workload for each, _ in pods_on_fargate(cluster, only_certain=True)]
    if not unseen:
        return
    yield Finding(
        workload.at("name"),
        f"{workload} runs on EC2 nodes only, and does not see {len(unseen)} "
        f"{'workload' if len(unseen) == 1 else 'workloads'} of {cluster} on Fargate",
        label="not on Fargate",
        help="configure the log router of Fargate (ConfigMap aws-logging in aws-observability), or add a sidecar",
        related=[(each.at("name"), f"{each} runs on Fargate") for each in unseen],
    )


def _is_agent(workload: DaemonSet) -> bool:
    names = [workload.known_name or ""]
    for container in workload.pod.containers:
        reference = container.image_reference
        names.append(reference.name if reference is not None else "")
        names.append(reference.repository.partition("/")[0] if reference is not None else "")
    return any(_AGENTS.search(name) for name in names)
