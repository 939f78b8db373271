from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from ekslint import (
    ConfigMap,
    Finding,
    KubernetesObject,
    Place,
    PodTemplate,
    PriorityClass,
    RuntimeClass,
    ServiceAccount,
    Severity,
    Workload,
    known,
    nearest,
    rule,
    some,
)
from ekslint_rules._pod_makers import may_make_pods_beside
from ekslint_rules.iam._declared_accounts import account_meant

_BUILT_IN = frozenset({"default", "istio-ca-root-cert", "kube-root-ca.crt"})
_SYSTEM = "system-"
_MADE_BY_OPERATORS = ("nvidia", "kata", "gvisor")
"""Beginnings of runtime classes that the operators of their runtimes make."""
_MOST_COMPARED = 200


class _Reference(NamedTuple):
    kind: type[KubernetesObject]
    name: str
    place: Place
    what: str
    """`service account`, as a sentence says it."""
    effect: str


@rule(Severity.WARNING, since="0.1.0", tags=("references",))
def dangling_reference(workload: Workload) -> Iterator[Finding]:
    """A workload names a priority class, runtime class, service account or ConfigMap that is not there.

    ## Why is this bad?
    Without its priority class, runtime class or service account the API server refuses every pod, and the workload
    stays at none; without its ConfigMap the containers never start.

    ## When it stays silent
    What Kubernetes and EKS make (`system-cluster-critical`, `kube-root-ca.crt`, the account `default`); service
    accounts that eksctl makes, or that a pod identity association names; optional references; names that a template
    fills in, or that stand in one; `kube-system`, and namespaces in which a Helm release, an application of Argo CD or
    an operator may make things that no file shows. Above all: where no object of that kind stands in the same folder,
    or has a name that is spelled alike, as objects may be made elsewhere. Advice only where no name is spelled alike.
    Namespaces, which are mostly made by hand.

    ## References
    - Kubernetes documentation, pod priority and preemption; configure service accounts for pods; ConfigMaps
    """
    if workload.is_owned:
        return
    said: set[tuple[type[KubernetesObject], str]] = set()
    for reference in _references(workload.pod):
        if (reference.kind, reference.name) in said or reference.name in _BUILT_IN:
            continue
        said.add((reference.kind, reference.name))
        yield from _missing(workload, reference)


def _missing(workload: Workload, reference: _Reference) -> Iterator[Finding]:
    joins = workload.estate.joins
    if some(joins.named(workload, reference.kind, reference.name), lambda found: True):
        return
    if reference.kind is ServiceAccount and _is_made_with_its_role(workload, reference.name):
        return
    if reference.kind is ServiceAccount and account_meant(workload) is not None:
        return  # irsa-sa-not-declared tells which one is meant
    if may_make_pods_beside(workload) or reference.name in workload.estate.names_in_templates:
        return
    if reference.kind in {PriorityClass, RuntimeClass}:
        beside = workload.beside(reference.kind)
    else:
        beside = known(joins.neighbours(workload, reference.kind))
    others = list(islice(beside, _MOST_COMPARED))
    meant = nearest(reference.name, [each.known_name for each in others if each.known_name is not None])
    if meant is None and not any(_folder(each) == _folder(workload) for each in others):
        return
    hint = f"did you mean {meant}?" if meant is not None else None
    yield Finding(
        reference.place,
        f"{workload} names {reference.what} {reference.name}, which is not in the files: {reference.effect}",
        label=hint or f"no such {reference.what}",
        help=hint,
        related=[(each.at("metadata", "name"), str(each)) for each in others if meant and each.known_name == meant],
        lower=int(meant is None),
    )


def _references(pod: PodTemplate) -> Iterator[_Reference]:
    refused = "the API server refuses its pods"
    name = pod.priority_class_name
    if name is not None and not name.startswith(_SYSTEM):
        yield _Reference(PriorityClass, name, pod.at("priorityClassName"), "priority class", refused)
    name = pod.runtime_class_name
    if name is not None and not name.startswith(_MADE_BY_OPERATORS):
        yield _Reference(RuntimeClass, name, pod.at("runtimeClassName"), "runtime class", refused)
    name = pod.service_account_name
    if name is not None:
        place = pod.at("serviceAccountName")
        place = place if place.is_written else pod.at("serviceAccount")
        yield _Reference(ServiceAccount, name, place, "service account", refused)
    yield from _config_maps(pod)


def _config_maps(pod: PodTemplate) -> Iterator[_Reference]:
    effect = "its containers never start"
    for volume in pod.volumes:
        if volume.config_map_name is not None and volume.boolean("configMap", "optional") is not True:
            yield _Reference(ConfigMap, volume.config_map_name, volume.at("configMap", "name"), "ConfigMap", effect)
    for container in (*pod.init_containers, *pod.containers):
        for index in range(len(container.environment_sources)):
            path = ("envFrom", index, "configMapRef")
            name = container.text(*path, "name")
            if name is not None and container.boolean(*path, "optional") is not True:
                yield _Reference(ConfigMap, name, container.at(*path, "name"), "ConfigMap", effect)
        for index, variable in enumerate(container.environment):
            if variable.source == "configMapKeyRef" and variable.reference and not variable.is_optional:
                place = container.at("env", index, "valueFrom", "configMapKeyRef", "name")
                yield _Reference(ConfigMap, variable.reference, place, "ConfigMap", effect)


def _is_made_with_its_role(workload: Workload, name: str) -> bool:
    """Whether a cluster gives a role to a service account of this name, so that somebody makes it for that."""
    own = (workload.namespace, name)
    return any(
        some(cluster.pod_identity_associations, lambda each: (each.namespace, each.service_account) == own)
        or any((each.namespace, each.name) == own and not each.role_only for each in cluster.service_accounts)
        for cluster in workload.clusters
        if not cluster.is_implicit or cluster.is_opaque
    )


def _folder(object_: KubernetesObject) -> str:
    return object_.sheet.document.source.path.rpartition("/")[0]
