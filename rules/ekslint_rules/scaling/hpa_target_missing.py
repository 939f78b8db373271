from collections.abc import Iterator
from itertools import islice

from ekslint import Autoscaler, Finding, Severity, Workload, known, nearest, rule, some
from ekslint_rules._pod_makers import may_make_pods_beside
from ekslint_rules._wording import namespace_of

_GROUPS = {
    "Deployment": "apps",
    "ReplicaSet": "apps",
    "ReplicationController": "",
    "Rollout": "argoproj.io",
    "StatefulSet": "apps",
}
"""Kinds that the files can be expected to hold, with their API group."""
_OLD_GROUP = "extensions"
_MOST_COMPARED = 200
"""Workloads whose names are looked at for what was meant."""
_MOST_SEARCHED = 2_000


@rule(Severity.ERROR, since="0.1.0", tags=("autoscaling",))
def hpa_target_missing(autoscaler: Autoscaler) -> Iterator[Finding]:
    """An autoscaler scales a workload that is not there.

    ## Why is this bad?
    The controller reports FailedGetScale and does nothing: the workload that was meant stays at its number of replicas.

    ## When it stays silent
    Targets of kinds that stand for others (custom resources), namespaces without any workload of that kind in the
    files, and namespaces in which a Helm release, an application of Argo CD or the object of an operator may make it. A
    warning only where no workload has a similar name: it may stand in another repository.

    ## References
    - Kubernetes documentation, horizontal pod autoscaling
    """
    target = autoscaler.target
    if target is None or not target.name or target.kind not in _GROUPS:
        return
    group = _GROUPS[target.kind]
    kind = target.kind
    if target.group not in {None, group, _OLD_GROUP}:
        if target.group == "" and group:
            yield Finding(
                autoscaler.at("spec", "scaleTargetRef", "apiVersion"),
                f"{autoscaler} scales a {kind} of apiVersion {autoscaler.get('spec', 'scaleTargetRef', 'apiVersion')}, "
                f"where there is none: {kind}s are of group {group}",
                label="the wrong API group",
                help=f"set apiVersion: {group}/v1",
            )
        return
    if some(autoscaler.targets, lambda workload: True):
        return
    joins = autoscaler.estate.joins
    twin = next((each for each in known(joins.named(autoscaler, Workload, target.name)) if each.kind in _GROUPS), None)
    if twin is not None and twin.kind != kind:
        yield Finding(
            autoscaler.at("spec", "scaleTargetRef", "kind"),
            f"{autoscaler} scales {kind} {target.name}, but {target.name} is a {twin.kind}",
            label=f"it is a {twin.kind}",
            help=f"set kind: {twin.kind}",
            related=[(twin.at("kind"), str(twin))],
        )
        return
    neighbours = known(joins.neighbours(autoscaler, Workload))
    alike = list(islice((each for each in neighbours if each.kind == kind), _MOST_COMPARED))
    if not alike or may_make_pods_beside(autoscaler):
        return
    meant = nearest(target.name, [each.known_name for each in alike if each.known_name is not None])
    abroad = _elsewhere(autoscaler, kind, target.name)
    hint = f"did you mean {meant}?" if meant is not None else None
    if meant is None and abroad is not None:
        hint = f"it stands in namespace {abroad.namespace}, and an autoscaler reaches its own only"
    yield Finding(
        autoscaler.at("spec", "scaleTargetRef", "name"),
        f"{autoscaler} scales {kind} {target.name}, which is not in {namespace_of(autoscaler)}",
        label=hint if meant is not None else f"no such {kind}",
        help=hint,
        related=[(each.at("metadata", "name"), str(each)) for each in alike if each.known_name == meant],
        lower=int(hint is None),
    )


def _elsewhere(autoscaler: Autoscaler, kind: str, name: str) -> Workload | None:
    """The workload of that name in another namespace, among the first that there are."""
    others = islice(autoscaler.beside(Workload), _MOST_SEARCHED)
    return next((each for each in others if each.kind == kind and each.known_name == name), None)
