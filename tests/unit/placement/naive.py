"""The scheduler's filters restated slowly: every node that a pool could have is written out, and asked one by one.

Written for the tests alone, from the documentation, and sharing nothing with the package but the facts. A pool whose
nodes depend on what nobody knows stands for several completions of that knowledge, and so for several lists of nodes.
"""

import fnmatch
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ekslint.facts.instance_types import instance_type
from ekslint.facts.karpenter_labels import karpenter_labels
from ekslint.facts.node_labels import PoolKind

REGION = "eu-west-1"
ZONES = ("eu-west-1a", "eu-west-1b")
MEBIBYTE = 1 << 20
HAND_MADE = "feature.node.kubernetes.io/cpu"
"""A label that an operator may set on any node."""

OLD_NAMES = {
    "beta.kubernetes.io/arch": "kubernetes.io/arch",
    "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
    "beta.kubernetes.io/os": "kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
}

Requirement = tuple[str, str, tuple[str, ...]]
"""Key, operator, values."""


@dataclass(frozen=True)
class PodSpec:
    """A pod in the words of its manifest."""

    selector: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[Requirement, ...], ...] | None = None
    tolerations: tuple[tuple[str, str, str, str], ...] = ()
    """Key, operator, value, effect."""
    containers: tuple[Mapping[str, int], ...] = ()
    """Requests of each: `cpu` in thousandths, `memory` in Mi, devices as counted."""
    steps: tuple[tuple[Mapping[str, int], bool], ...] = ()
    """Init containers, and whether each keeps running."""
    overhead: Mapping[str, int] = field(default_factory=dict)
    labels: tuple[tuple[str, str], ...] = (("app", "app"),)
    namespace: str = "default"
    is_daemonset: bool = False
    on_ec2: bool = False
    """Whether its annotation keeps it off Fargate."""
    spread_key: str | None = None


@dataclass(frozen=True)
class PoolSpec:
    """A pool in the words of its file."""

    kind: str
    """`managed`, `self-managed`, `karpenter`, `auto` or `fargate`."""
    name: str
    types: tuple[str, ...] = ("m5.large",)
    labels: tuple[tuple[str, str], ...] = ()
    unknown_label: str | None = None
    """A label that the pool has, with a value that nobody knows."""
    labels_are_open: bool = False
    taints: tuple[tuple[str, str, str], ...] = ()
    """Key, value, effect."""
    zones: tuple[str, ...] | None = ZONES
    """None where nobody knows."""
    capacity_type: str = "ON_DEMAND"
    requirements: tuple[Requirement, ...] = ()
    selectors: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


@dataclass(frozen=True)
class Node:
    """One node that a pool could have."""

    labels: Mapping[str, str]
    usual: Mapping[str, int]
    best: Mapping[str, int]


def whole_number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def meets(requirement: Requirement, labels: Mapping[str, str]) -> bool:
    """A node selector requirement, as the documentation of node affinity has it."""
    key, operator, values = requirement
    key = OLD_NAMES.get(key, key)
    if operator == "In":
        return key in labels and labels[key] in values
    if operator == "NotIn":
        return key not in labels or labels[key] not in values
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    if key not in labels:
        return False
    number, bound = whole_number(labels[key]), whole_number(values[0])
    if number is None or bound is None:
        return False
    return number > bound if operator == "Gt" else number < bound


def likes(pod: PodSpec, labels: Mapping[str, str]) -> bool:
    """NodeAffinity, and the node labels that PodTopologySpread asks for."""
    if not all(meets((key, "In", (value,)), labels) for key, value in pod.selector):
        return False
    if pod.spread_key is not None and OLD_NAMES.get(pod.spread_key, pod.spread_key) not in labels:
        return False
    if pod.terms is None:
        return True
    return any(term and all(meets(each, labels) for each in term) for term in pod.terms)


def tolerates(pod: PodSpec, taints: Sequence[tuple[str, str, str]]) -> bool:
    """TaintToleration."""
    tolerations = list(pod.tolerations)
    if pod.is_daemonset:
        tolerations += [
            (f"node.kubernetes.io/{name}", "Exists", "", effect)
            for name, effect in (
                ("not-ready", "NoExecute"),
                ("unreachable", "NoExecute"),
                ("disk-pressure", "NoSchedule"),
                ("memory-pressure", "NoSchedule"),
                ("pid-pressure", "NoSchedule"),
                ("unschedulable", "NoSchedule"),
            )
        ]
    # EKS runs the admission controller ExtendedResourceToleration.
    tolerations += [(name, "Exists", "", "NoSchedule") for name in requests(pod) if "/" in name]
    for key, value, effect in taints:
        if effect not in {"NoSchedule", "NoExecute"}:
            continue
        covered = False
        for own_key, operator, own_value, own_effect in tolerations:
            same_effect = own_effect in {"", effect}
            same_key = own_key in {"", key}
            same_value = operator == "Exists" or own_value == value
            covered = covered or (same_effect and same_key and same_value)
        if not covered:
            return False
    return True


def requests(pod: PodSpec) -> dict[str, int]:
    """The requests of a pod: the sum, or the largest step of its start."""
    names = {name for amounts in (*pod.containers, *(step for step, _ in pod.steps), pod.overhead) for name in amounts}
    total = {}
    for name in names:
        sidecars = sum(step.get(name, 0) for step, stays in pod.steps if stays)
        running = sum(amounts.get(name, 0) for amounts in pod.containers) + sidecars
        beside, peak = 0, 0
        for step, stays in pod.steps:
            beside += step.get(name, 0) if stays else 0
            peak = max(peak, beside if stays else beside + step.get(name, 0))
        total[name] = max(running, peak) + pod.overhead.get(name, 0)
    return total


def fits(wanted: Mapping[str, int], offered: Mapping[str, int]) -> bool:
    """NodeResourcesFit."""
    return all(amount <= offered.get(name, 0) for name, amount in wanted.items())


@cache
def offers(name: str, *, is_auto: bool) -> tuple[dict[str, int], dict[str, int]]:
    """What a node of a type offers, usually and at best: `cpu` in thousandths, `memory` in Mi, devices."""
    each = instance_type(name)
    assert each is not None
    pods = each.default_card_enis * (each.ipv4_per_eni - 1) + 2
    prefixed = min(each.default_card_enis * (each.ipv4_per_eni - 1) * 16 + 2, 110 if each.vcpus < 30 else 250)
    limit = min(prefixed if each.is_nitro else pods, 110) if is_auto else pods
    shares = [0.06, 0.01, 0.005, 0.005] + [0.0025] * max(each.vcpus - 4, 0)
    cpu = each.vcpus * 1000 - int(sum(round(share * 1_000_000) for share in shares[: each.vcpus]) // 1000)
    arm = "arm64" in each.architectures
    visible = each.memory_mib - (64 if arm else 0)
    visible -= math.ceil(visible * 75 / 1000)
    usual = {"cpu": cpu, "memory": visible - 255 - 11 * limit - 100, "nvidia.com/gpu": each.gpu_count}
    best = {**usual, "memory": each.memory_mib - 255 - 11 * min(limit, pods) - 100}
    return usual, best


def static_nodes(pool: PoolSpec, zones: Sequence[str], further: Mapping[str, str]) -> Iterator[Node]:
    """Every node of a node group."""
    for name, zone in itertools.product(pool.types, zones):
        each = instance_type(name)
        assert each is not None
        labels = {
            **dict(pool.labels),
            **further,
            "kubernetes.io/arch": "arm64" if "arm64" in each.architectures else "amd64",
            "kubernetes.io/os": "linux",
            "node.kubernetes.io/instance-type": name,
            "topology.kubernetes.io/region": REGION,
            "topology.kubernetes.io/zone": zone,
            "alpha.eksctl.io/cluster-name": "shop",
            "alpha.eksctl.io/nodegroup-name": pool.name,
        }
        if pool.kind == "managed":
            labels["eks.amazonaws.com/nodegroup"] = pool.name
            labels["eks.amazonaws.com/capacityType"] = pool.capacity_type
        usual, best = offers(name, is_auto=False)
        yield Node(labels, usual, best)


def made_nodes(pool: PoolSpec, completion: "Completion", further: Mapping[str, str], pod: PodSpec) -> Iterator[Node]:
    """Every node that Karpenter would make for a pod: labels that it may choose take every value that is spoken of."""
    kind = PoolKind.AUTO if pool.kind == "auto" else PoolKind.KARPENTER
    fixed = {
        **dict(pool.labels),
        "karpenter.sh/nodepool": pool.name,
        "kubernetes.io/os": completion.system,
        "topology.kubernetes.io/region": REGION,
    }
    if pool.kind == "auto":
        fixed |= {"eks.amazonaws.com/nodeclass": "default", "eks.amazonaws.com/compute-type": "auto"}
    else:
        fixed["karpenter.k8s.aws/ec2nodeclass"] = "default"
    custom = sorted({key for key, _, _ in pool.requirements if key in {"team", "tier"}} - set(fixed))
    capacity_types = ("on-demand", "spot", "reserved") if completion.reserved else ("on-demand", "spot")
    for name, zone, capacity in itertools.product(completion.types, completion.zones, capacity_types):
        each = instance_type(name)
        assert each is not None
        if capacity == "spot" and not each.supports_spot:
            continue
        if completion.system == "windows" and "arm64" in each.architectures:
            continue
        machine = {
            **karpenter_labels(each, kind),
            "topology.kubernetes.io/zone": zone,
            "karpenter.sh/capacity-type": capacity,
        }
        usual, best = offers(name, is_auto=pool.kind == "auto")
        for chosen in itertools.product(*(spoken_of(key, pool, pod) for key in custom)):
            own = {key: value for key, value in zip(custom, chosen, strict=True) if value is not None}
            labels = {**further, **machine, **own, **fixed}
            if all(meets(requirement, labels) for requirement in pool.requirements):
                # At best and usually differ for node groups only: Karpenter goes by its own figure, but learns.
                yield Node(labels, usual, best)


def spoken_of(key: str, pool: PoolSpec, pod: PodSpec) -> list[str | None]:
    """The values that matter for a label: those of the pool and the pod, some numbers between, any other, none."""
    terms = pod.terms or ()
    listed = [each for each in (*pool.requirements, *(each for term in terms for each in term)) if each[0] == key]
    values = {value for _, _, listed_values in listed for value in listed_values}
    values |= {value for own, value in pod.selector if own == key}
    numbers = {
        str(number + step) for value in values if (number := whole_number(value)) is not None for step in (-1, 0, 1)
    }
    return [None, "anything-else", *sorted(values | numbers)]


@dataclass(frozen=True)
class Completion:
    """One way in which what nobody knows may turn out."""

    zones: tuple[str, ...]
    types: tuple[str, ...]
    reserved: bool
    """Whether there is a capacity reservation."""
    system: str
    further: tuple[tuple[str, str], ...]


def completions(pool: PoolSpec, universe: Sequence[str], doubtful: Sequence[str], pod: PodSpec) -> Iterator[Completion]:
    """Every completion that could make a difference for a pod."""
    zone_options = [pool.zones] if pool.zones is not None else [("eu-west-1a",), ("eu-west-1b",), ("eu-west-1c",)]
    mentioned = labels_of(pod)
    keys = [key for key in (pool.unknown_label, HAND_MADE) if key is not None and key in mentioned]
    if pool.labels_are_open:
        keys += [key for key in mentioned if key in {"team", "tier", "disk"} and key not in dict(pool.labels)]
    keys = sorted(set(keys))
    options: list[list[tuple[str, str] | None]] = []
    for key in keys:
        values = ["something", *sorted(mentioned[key])]
        possible: list[tuple[str, str] | None] = [(key, value) for value in values]
        options.append(possible if key == pool.unknown_label else [None, *possible])
    is_made = pool.kind in {"karpenter", "auto"}
    systems = ("linux", "windows") if pool.kind == "karpenter" and "kubernetes.io/os" in mentioned else ("linux",)
    for zones, reserved, known, system in itertools.product(
        zone_options,
        (False, True) if is_made else (False,),
        (False, True) if is_made and doubtful else (False,),
        systems,
    ):
        types = tuple(name for name in universe if known or name not in doubtful) if is_made else pool.types
        for chosen in itertools.product(*options):
            yield Completion(zones, types, reserved, system, tuple(each for each in chosen if each is not None))


def labels_of(pod: PodSpec) -> dict[str, set[str]]:
    """The labels that a pod speaks of, with the values."""
    found: dict[str, set[str]] = {}
    if pod.spread_key is not None:
        found[pod.spread_key] = set()
    for key, value in pod.selector:
        found.setdefault(key, set()).add(value)
    for term in pod.terms or ():
        for key, _, values in term:
            found.setdefault(key, set()).update(values)
    return found


@dataclass(frozen=True)
class Answer:
    """What a pool says of a pod: `yes`, `no` or `unknown` to each question, and all in all."""

    labels: str
    taints: str
    fit: str
    verdict: str


def chosen_profile(pod: PodSpec, pools: Sequence[PoolSpec]) -> str | None:
    """The Fargate profile that takes a pod."""
    if pod.is_daemonset or pod.on_ec2:
        return None
    selecting = []
    labels = dict(pod.labels)
    for pool in pools:
        for namespace, wanted in pool.selectors:
            if fnmatch.fnmatchcase(pod.namespace, namespace) and all(
                key in labels and fnmatch.fnmatchcase(labels[key], glob) for key, glob in wanted
            ):
                selecting.append(pool.name)
    named = labels.get("eks.amazonaws.com/fargate-profile")
    if named in selecting and len(set(selecting)) > 1:
        return named
    return min(selecting, default=None)


def ask(
    pod: PodSpec, pool: PoolSpec, pools: Sequence[PoolSpec], universe: Sequence[str], doubtful: Sequence[str]
) -> Answer:
    """What one pool of a cluster says of a pod."""
    profile = chosen_profile(pod, pools)
    if (pool.kind == "fargate") != (profile is not None) or (profile is not None and pool.name != profile):
        return Answer("no", "yes", "yes", "no")
    if pool.kind == "fargate":
        return ask_fargate(pod)
    wanted = requests(pod)
    per_completion: list[tuple[bool, bool, str]] = []
    for completion in completions(pool, universe, doubtful, pod):
        if pool.kind in {"karpenter", "auto"}:
            nodes = made_nodes(pool, completion, dict(completion.further), pod)
        else:
            nodes = static_nodes(pool, completion.zones, dict(completion.further))
        liked = [node for node in nodes if likes(pod, node.labels)]
        usual = any(fits(wanted, node.usual) for node in liked)
        best = any(fits(wanted, node.best) for node in liked)
        per_completion.append(
            (bool(liked), tolerates(pod, pool.taints), "yes" if usual else "unknown" if best else "no")
        )
    labels = agreed({"yes" if each[0] else "no" for each in per_completion})
    taints = agreed({"yes" if each[1] else "no" for each in per_completion})
    fit = agreed({each[2] for each in per_completion if each[0]} or {"yes"})
    verdicts = {"no" if not each[0] or not each[1] or each[2] == "no" else each[2] for each in per_completion}
    return Answer(labels, taints, fit, agreed(verdicts))


def ask_fargate(pod: PodSpec) -> Answer:
    """What Fargate says: one node a pod, in the zones of the profile."""
    common = {
        "eks.amazonaws.com/compute-type": "fargate",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": REGION,
    }
    zones = {likes(pod, {**common, "topology.kubernetes.io/zone": zone}) for zone in (*ZONES, "eu-west-1c")}
    labels = agreed({"yes" if each else "no" for each in zones})
    offered = {"cpu": 16_000, "memory": 120 * 1024 - 256}
    fit = "yes" if labels == "no" or fits(requests(pod), offered) else "no"
    return Answer(labels, "yes", fit, worst(labels, fit))


def agreed(answers: set[str]) -> str:
    """What all completions agree on."""
    return answers.pop() if len(answers) == 1 else "unknown"


def worst(*answers: str) -> str:
    """No beats unknown, and unknown yes."""
    return "no" if "no" in answers else "unknown" if "unknown" in answers else "yes"
