"""Small estates for the tests of placement: clusters and pools made by hand, workloads read from YAML."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from ekslint.model.cluster import Addon, Cluster
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.kinds import class_of
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.sheet import Sheet, has_markers
from ekslint.model.kubernetes.workloads import CronJob, DaemonSet, Deployment, Job, Pod, StatefulSet, Workload
from ekslint.model.pool import (
    FargateProfile,
    FargateSelector,
    HybridNodes,
    KarpenterPool,
    LiveNode,
    NodeGroup,
    Pool,
    Requirement,
    Taint,
)
from ekslint.model.reading import Reading, Source, Unknown
from ekslint.model.scope import Scope
from ekslint.model.world import World
from ekslint.placement.placements import Placement, placements
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

_KINDS = {kind.__name__: kind for kind in (CronJob, DaemonSet, Deployment, Job, Pod, StatefulSet)}


class EstateWithEvidence(Estate):
    """An estate whose evidence of controllers is given."""

    evidence: Sequence[str] = ()

    def has_evidence_of(self, component: str, cluster: Cluster) -> bool:
        return component in self.evidence


def source(text: str = "name: x\n", path: str = "cluster.yaml") -> Source:
    [document] = parse(SourceText(path, text))
    return Source(document, ())


def _declare(entity: Any, fields: Mapping[str, Any]) -> None:
    entity.declare(
        **{
            name: value if isinstance(value, Reading) else Reading(value, entity.origin.child(name))
            for name, value in fields.items()
        }
    )


def unknown(why: str = "parameter P has no default") -> Reading:
    return Reading(Unknown(why), source())


def taints(*texts: str) -> tuple[Taint, ...]:
    made = []
    for text in texts:
        rest, _, effect = text.rpartition(":")
        key, _, value = rest.partition("=")
        made.append(Taint(key, value, effect))
    return tuple(made)


def node_group(name: str = "general", *, dialect: str = "eksctl", kind: str = "managed", **fields: Any) -> NodeGroup:
    pool = NodeGroup(f"node group {name}", source(), dialect=dialect, resource=f"ManagedNodeGroup/{name}")
    pool.kind = kind
    declared = {"name": name, "instance_types": ("m5.large",), "min_size": 1, "max_size": 3, **fields}
    if isinstance(declared.get("taints"), list):
        declared["taints"] = taints(*declared["taints"])
    _declare(pool, declared)
    return pool


def node_pool(
    name: str = "default", *requirements: tuple[str, str, Sequence[str]], kind: str = "karpenter", **fields: Any
) -> KarpenterPool:
    pool = KarpenterPool(f"NodePool {name}", source(), dialect="karpenter", resource=f"NodePool.karpenter.sh/{name}")
    pool.kind = kind
    group, class_kind = (
        ("eks.amazonaws.com", "NodeClass") if kind != "karpenter" else ("karpenter.k8s.aws", "EC2NodeClass")
    )
    declared = {
        "name": name,
        "requirements": tuple(Requirement(key, operator, tuple(values)) for key, operator, values in requirements),
        "node_class_group": group,
        "node_class_kind": class_kind,
        "node_class_name": "default",
        **fields,
    }
    if isinstance(declared.get("taints"), list):
        declared["taints"] = taints(*declared["taints"])
    _declare(pool, declared)
    return pool


def fargate_profile(name: str = "fp", *selectors: tuple[str, Mapping[str, str]], **fields: Any) -> FargateProfile:
    pool = FargateProfile(f"Fargate profile {name}", source(), dialect="eksctl", resource=f"FargateProfile/{name}")
    pool.kind = "fargate"
    made = tuple(FargateSelector(namespace, labels) for namespace, labels in selectors)
    _declare(pool, {"name": name, "selectors": made, **fields})
    return pool


def live_node(name: str = "ip-10-0-0-1", **fields: Any) -> LiveNode:
    pool = LiveNode(f"node {name}", source(), dialect="kubernetes", resource=f"Node/{name}")
    pool.kind = "live"
    if isinstance(fields.get("taints"), list):
        fields["taints"] = taints(*fields["taints"])
    _declare(pool, {"name": name, **fields})
    return pool


def hybrid_nodes() -> HybridNodes:
    pool = HybridNodes("hybrid nodes", source(), dialect="eksctl", resource="HybridNodes")
    pool.kind = "hybrid"
    return pool


def workload(manifest: str | Mapping[str, Any], path: str = "apps/app.yaml") -> Workload:
    """The workload of a manifest; a mapping is the spec of the pods of a Deployment called `app`."""
    if not isinstance(manifest, str):
        manifest = yaml.safe_dump(
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "app"},
                "spec": {"template": {"metadata": {"labels": {"app": "app"}}, "spec": dict(manifest)}},
            },
            sort_keys=False,
        )
    [document] = parse(SourceText(path, manifest))
    root: Any = document.root
    sheet = Sheet(document, has_markers=has_markers(document))
    return _KINDS[root["kind"]](sheet, (), root, root["apiVersion"], root["kind"])


def estate(
    pools: Sequence[Pool],
    *objects: KubernetesObject,
    known_node_labels: Sequence[str] = (),
    evidence: Sequence[str] = (),
    **cluster_fields: Any,
) -> Estate:
    cluster = Cluster("cluster shop", source(), dialect="eksctl", resource="ClusterConfig/shop")
    _declare(cluster, {"name": "shop", "region": "eu-west-1", "paths": ("cluster.yaml",), **cluster_fields})
    cluster.declare(extra_pools=Reading(tuple(pools), cluster.origin))
    world = World()
    scope = Scope([cluster], world)
    made = EstateWithEvidence(
        date(2026, 11, 21),
        world,
        scope,
        clusters=[cluster],
        entities=[cluster, *pools, *objects],
        known_node_labels=known_node_labels,
    )
    made.evidence = evidence
    cluster.estate = made
    for pool in pools:
        pool.declare(cluster=Reading(cluster, pool.origin))
    for each in objects:
        each.estate = made
    scope.add([each for each in objects if isinstance(each, Workload)])
    return made


def place(spec: str | Mapping[str, Any], *pools: Pool, **fields: Any) -> Placement:
    """The placement of one workload on a cluster with these pools."""
    [placement] = placements(estate(pools, workload(spec), **fields))
    return placement


def requests(**amounts: str) -> dict[str, Any]:
    """The spec of a pod with one container and these requests; `gpu` and the like are short for longer names."""
    names = {"gpu": "nvidia.com/gpu", "storage": "ephemeral-storage", "efa": "vpc.amazonaws.com/efa"}
    resources = {names.get(name, name): amount for name, amount in amounts.items()}
    return {"containers": [{"name": "app", "resources": {"requests": resources}}]}


def affinity(*terms: Sequence[tuple[str, str, Sequence[str]]], fields: bool = False) -> dict[str, Any]:
    """The spec of a pod that requires one of these terms."""
    name = "matchFields" if fields else "matchExpressions"
    made = [
        {name: [{"key": key, "operator": operator, "values": list(values)} for key, operator, values in term]}
        if term
        else {}
        for term in terms
    ]
    return {
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": made}}}
    }


def verdict(spec: str | Mapping[str, Any], pool: Pool, **fields: Any) -> str:
    """What one pool says of a pod: `fits`, `rejected` or `unclear`."""
    [said] = place(spec, pool, **fields).pools
    return said.verdict.value


def kubernetes_object(manifest: str, path: str = "apps/other.yaml") -> Any:
    """Any other object of a manifest."""
    [document] = parse(SourceText(path, manifest))
    root: Any = document.root
    group = root["apiVersion"].rpartition("/")[0]
    sheet = Sheet(document, has_markers=has_markers(document))
    return class_of(group, root["kind"], root)(sheet, (), root, root["apiVersion"], root["kind"])


def addon(name: str, configuration: str) -> Reading:
    """The add-ons of a cluster that has this one only."""
    made = Addon(f"add-on {name}", source(), dialect="eksctl", resource=f"Addon/{name}")
    _declare(made, {"name": name, "configuration_values": configuration})
    return Reading({name: made}, source())
