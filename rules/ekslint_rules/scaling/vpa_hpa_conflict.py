from collections.abc import Iterator

from ekslint import Finding, Severity, VerticalPodAutoscaler, Workload, rule
from ekslint_rules.scaling._metrics import resource_metrics
from ekslint_rules.scaling._vertical import controlled


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",))
def vpa_hpa_conflict(autoscaler: VerticalPodAutoscaler) -> Iterator[Finding]:
    """A vertical and a horizontal autoscaler go by the same resource of one workload.

    ## Why is this bad?
    Utilization is a share of the request, and the VerticalPodAutoscaler changes the request: each undoes what the other
    did, and replicas swing.

    ## When it stays silent
    Update mode `Off`; resources that the VerticalPodAutoscaler does not control (`controlledResources`); horizontal
    autoscalers with other metrics. Advice only with update mode `Initial`, which changes requests only of new pods.

    ## References
    - Vertical Pod Autoscaler, known limitations
    """
    mode, target = autoscaler.update_mode, autoscaler.target
    if mode == "Off" or target is None:
        return
    resources = controlled(autoscaler)
    for workload in autoscaler.estate.joins.named(autoscaler, Workload, target.name):
        if workload.kind != target.kind:
            continue
        for horizontal in workload.autoscalers:
            for metric in resource_metrics(horizontal):
                if metric.resource not in resources:
                    continue
                yield Finding(
                    autoscaler.at("spec", "targetRef"),
                    f"{autoscaler} sets the {metric.resource} requests of {workload}, "
                    f"and {horizontal} scales it by {metric.resource}: each undoes what the other does",
                    label=f"also scaled by {metric.resource}",
                    help=f"set updateMode: Off, or take {metric.resource} out of controlledResources",
                    related=[(metric.place, f"{horizontal} goes by {metric.resource}")],
                    lower=int(mode == "Initial"),
                    discriminator=str(metric.resource),
                )
