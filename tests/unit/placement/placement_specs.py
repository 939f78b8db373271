"""Strategies for pods and pools, and how their plain descriptions become manifests and entities."""

from collections.abc import Mapping
from typing import Any

import yaml
from hypothesis import strategies as st
from naive import HAND_MADE, ZONES, PodSpec, PoolSpec
from placement_kit import fargate_profile, node_group, node_pool, source, workload

from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.pool import Pool, Taint
from ekslint.model.reading import PartialMapping, Reading, Unknown

TYPES = ("m5.large", "m6g.xlarge", "t3.medium", "c6i.4xlarge", "g5.xlarge", "p4d.24xlarge", "r7g.2xlarge", "m4.large")
DOUBTFUL: tuple[str, ...] = ()

_VALUES = {
    "team": ("a", "b", "7"),
    "tier": ("1", "5", "9", "web"),
    "disk": ("ssd", "hdd"),
    "kubernetes.io/arch": ("amd64", "arm64"),
    "beta.kubernetes.io/arch": ("amd64", "arm64"),
    "kubernetes.io/os": ("linux", "windows"),
    "node.kubernetes.io/instance-type": ("m5.large", "g5.xlarge", "x9.huge"),
    "topology.kubernetes.io/zone": (*ZONES, "eu-west-1c", "us-east-1a"),
    "failure-domain.beta.kubernetes.io/zone": ZONES,
    "topology.kubernetes.io/region": ("eu-west-1", "us-east-1"),
    "eks.amazonaws.com/nodegroup": ("pool0", "pool1"),
    "eks.amazonaws.com/capacityType": ("ON_DEMAND", "SPOT"),
    "karpenter.sh/nodepool": ("pool0", "pool2"),
    "karpenter.sh/capacity-type": ("on-demand", "spot", "reserved"),
    "karpenter.k8s.aws/instance-family": ("m5", "g5", "m6g"),
    "karpenter.k8s.aws/instance-cpu": ("2", "4", "16"),
    "karpenter.k8s.aws/instance-gpu-count": ("1", "8"),
    "eks.amazonaws.com/instance-category": ("m", "g"),
    "eks.amazonaws.com/compute-type": ("fargate", "auto"),
    HAND_MADE: ("fast",),
}
_NUMBERS = frozenset({"tier", "karpenter.k8s.aws/instance-cpu", "karpenter.k8s.aws/instance-gpu-count"})
_TAINTS = (
    ("dedicated", "batch"),
    ("dedicated", "web"),
    ("gpu", ""),
    ("node.kubernetes.io/unschedulable", ""),
    ("nvidia.com/gpu", "true"),
)
_EFFECTS = ("NoSchedule", "NoExecute", "PreferNoSchedule")


def _subsets(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def requirements(draw: st.DrawFn, keys: tuple[str, ...] = tuple(_VALUES)) -> tuple[str, str, tuple[str, ...]]:
    key = draw(st.sampled_from(keys))
    # Karpenter takes a pod's NotIn and Gt on one label together for a NotIn: numbers and names are kept apart.
    operators = ("In", "Gt", "Lt", "Exists") if key in _NUMBERS else ("In", "In", "NotIn", "Exists", "DoesNotExist")
    if key == HAND_MADE:
        # What forbids such a label is taken for met, although somebody might set it.
        operators = ("In", "Exists")
    operator = draw(st.sampled_from(operators))
    if operator in {"Exists", "DoesNotExist"}:
        return key, operator, ()
    if operator in {"Gt", "Lt"}:
        return key, operator, (draw(st.sampled_from(("1", "4", "8"))),)
    return key, operator, draw(_subsets(_VALUES[key]))


_amounts = st.fixed_dictionaries(
    {},
    optional={
        "cpu": st.sampled_from((100, 500, 1930, 1931, 3900, 15_000)),
        "memory": st.sampled_from((128, 2048, 3000, 6903, 6904, 7400, 14_000, 60_000)),
        "nvidia.com/gpu": st.sampled_from((1, 2, 8, 9)),
    },
)


# Two requirements on one label are Karpenter's own riddle: test_placement_karpenter.py has them.
_terms = st.lists(requirements(), max_size=2, unique_by=lambda each: each[0])


@st.composite
def pods(draw: st.DrawFn) -> PodSpec:
    selector = draw(st.lists(st.sampled_from(tuple(_VALUES)), max_size=2, unique=True))
    has_affinity = draw(st.booleans())
    return PodSpec(
        selector=tuple((key, draw(st.sampled_from(_VALUES[key]))) for key in selector),
        terms=tuple(
            map(tuple, draw(st.lists(st.lists(requirements(), max_size=2, unique_by=lambda each: each[0]), max_size=2)))
        )
        if has_affinity
        else None,
        tolerations=tuple(draw(st.lists(tolerations(), max_size=2))),
        containers=tuple(draw(st.lists(_amounts, min_size=1, max_size=2))),
        steps=tuple(draw(st.lists(st.tuples(_amounts, st.booleans()), max_size=2))),
        overhead=draw(st.sampled_from(({}, {}, {"cpu": 250, "memory": 120}))),
        labels=draw(
            st.sampled_from(((("app", "app"),), (("app", "web"), ("eks.amazonaws.com/fargate-profile", "pool7"))))
        ),
        namespace=draw(st.sampled_from(("default", "team-a"))),
        is_daemonset=draw(st.sampled_from((False, False, False, True))),
        on_ec2=draw(st.sampled_from((False, False, False, True))),
        spread_key=draw(st.sampled_from((None, None, None, "team", "topology.kubernetes.io/zone"))),
    )


@st.composite
def tolerations(draw: st.DrawFn) -> tuple[str, str, str, str]:
    key, value = draw(st.sampled_from((*_TAINTS, ("", ""))))
    operator = "Exists" if not key else draw(st.sampled_from(("Equal", "Exists", "")))
    value = "" if operator == "Exists" else draw(st.sampled_from((value, "other")))
    return key, operator, value, draw(st.sampled_from(("", "NoSchedule", "NoExecute")))


_taints = st.lists(
    st.tuples(st.sampled_from(_TAINTS), st.sampled_from(_EFFECTS)).map(lambda each: (*each[0], each[1])), max_size=1
).map(tuple)
_labels = st.dictionaries(
    st.sampled_from(("team", "tier", "disk")), st.sampled_from(("a", "5", "ssd")), max_size=2
).map(lambda labels: tuple(labels.items()))


@st.composite
def groups(draw: st.DrawFn, name: str) -> PoolSpec:
    labels = draw(_labels)
    unknown = draw(st.sampled_from((None, None, None, "team")))
    return PoolSpec(
        kind=draw(st.sampled_from(("managed", "self-managed"))),
        name=name,
        types=tuple(draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True))),
        labels=tuple((key, value) for key, value in labels if key != unknown),
        unknown_label=unknown,
        labels_are_open=draw(st.sampled_from((False, False, False, True))),
        taints=draw(_taints),
        zones=draw(st.sampled_from((ZONES, ZONES[:1], None))),
        capacity_type=draw(st.sampled_from(("ON_DEMAND", "SPOT"))),
    )


_POOL_KEYS = (
    "team",
    "tier",
    "kubernetes.io/arch",
    "node.kubernetes.io/instance-type",
    "karpenter.sh/capacity-type",
)


@st.composite
def provisioners(draw: st.DrawFn, name: str) -> PoolSpec:
    kind = draw(st.sampled_from(("karpenter", "auto")))
    own = "karpenter.k8s.aws/instance-cpu" if kind == "karpenter" else "eks.amazonaws.com/instance-category"
    drawn = draw(st.lists(requirements((*_POOL_KEYS, own)), max_size=3, unique_by=lambda each: each[0]))
    zones = draw(st.sampled_from((ZONES, ZONES[:1], None)))
    if zones is not None:
        drawn.append(("topology.kubernetes.io/zone", "In", zones))
    named = {each[0] for each in drawn}
    return PoolSpec(
        kind=kind,
        name=name,
        labels=tuple((key, value) for key, value in draw(_labels) if key not in named),
        taints=draw(_taints),
        zones=zones,
        requirements=tuple(drawn),
    )


@st.composite
def profiles(draw: st.DrawFn, name: str) -> PoolSpec:
    namespace = draw(st.sampled_from(("team-*", "team-?", "default", "none")))
    labels = draw(st.sampled_from(((), (("app", "w*"),))))
    return PoolSpec(kind="fargate", name=name, selectors=((namespace, labels),))


@st.composite
def clusters(draw: st.DrawFn) -> list[PoolSpec]:
    """Eight pools: groups, provisioners, and sometimes Fargate."""
    made = [draw(groups(f"pool{number}")) for number in range(2)]
    made += [draw(provisioners(f"pool{number}")) for number in range(2, 6)]
    if draw(st.booleans()):
        made += [draw(profiles(f"pool{number}")) for number in range(6, 8)]
    else:
        made += [draw(groups(f"pool{number}")) for number in range(6, 8)]
    return made


def _quantities(amounts: Mapping[str, int]) -> dict[str, str]:
    units = {"cpu": "m", "memory": "Mi"}
    return {name: f"{amount}{units.get(name, '')}" for name, amount in amounts.items()}


def manifest_of(pod: PodSpec, name: str = "app") -> Workload:
    """The workload that makes a pod."""
    spec: dict[str, Any] = {
        "containers": [
            {"name": f"c{number}", "resources": {"requests": _quantities(amounts)}}
            for number, amounts in enumerate(pod.containers)
        ],
        "initContainers": [
            {"name": f"i{number}", "resources": {"limits": _quantities(amounts)}}
            | ({"restartPolicy": "Always"} if stays else {})
            for number, (amounts, stays) in enumerate(pod.steps)
        ],
        "nodeSelector": dict(pod.selector),
        "tolerations": [
            {name: text for name, text in zip(("key", "operator", "value", "effect"), each, strict=True) if text}
            for each in pod.tolerations
        ],
    }
    if pod.terms is not None:
        terms = [{"matchExpressions": [_expression(each) for each in term]} for term in pod.terms]
        required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        spec["affinity"] = {"nodeAffinity": required}
    if pod.overhead:
        spec["overhead"] = _quantities(pod.overhead)
    if pod.spread_key is not None:
        spec["topologySpreadConstraints"] = [
            {"topologyKey": pod.spread_key, "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"}
        ]
    metadata: dict[str, Any] = {"labels": dict(pod.labels)}
    if pod.on_ec2:
        metadata["annotations"] = {"eks.amazonaws.com/compute-type": "ec2"}
    return workload(
        yaml.dump(
            {
                "apiVersion": "apps/v1",
                "kind": "DaemonSet" if pod.is_daemonset else "Deployment",
                "metadata": {"name": name, "namespace": pod.namespace},
                "spec": {"template": {"metadata": metadata, "spec": spec}},
            },
            Dumper=yaml.CSafeDumper,
        )
    )


def _expression(requirement: tuple[str, str, tuple[str, ...]]) -> dict[str, Any]:
    key, operator, values = requirement
    return {"key": key, "operator": operator} | ({"values": list(values)} if values else {})


def entity_of(pool: PoolSpec) -> Pool:
    """The pool, as a loader would make it."""
    taints = tuple(Taint(*each) for each in pool.taints)
    if pool.kind == "fargate":
        return fargate_profile(pool.name, *((namespace, dict(labels)) for namespace, labels in pool.selectors))
    if pool.kind in {"karpenter", "auto"}:
        return node_pool(pool.name, *pool.requirements, kind=pool.kind, labels=dict(pool.labels), taints=taints)
    labels: Any = dict(pool.labels)
    if pool.unknown_label is not None or pool.labels_are_open:
        place = source()
        items = {key: Reading(value, place) for key, value in pool.labels}
        if pool.unknown_label is not None:
            items[pool.unknown_label] = Reading(Unknown("a parameter has no default"), place)
        further = (Unknown("a script may set more"), place) if pool.labels_are_open else None
        labels = Reading(PartialMapping(items, further), place)
    return node_group(
        pool.name,
        kind=pool.kind,
        instance_types=pool.types,
        labels=labels,
        taints=taints,
        availability_zones=pool.zones,
        capacity_type=pool.capacity_type,
        ami_family="AmazonLinux2023",
    )
