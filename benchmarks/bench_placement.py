"""How long it takes to judge workloads on pools, and how that grows: `python benchmarks/bench_placement.py`.

Prints seconds and ratios of one run; loading is not measured. Budgets: 2,000 workloads on 40 pools, ten of them open to
all instance types, in less than a second; twice the constraints in about twice the time; open pools no slower than
1.5 times pools of ten types.
"""

import gc
import statistics
from collections.abc import Callable
from datetime import date
from time import process_time
from typing import Any

from ekslint.model.cluster import Cluster
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.sheet import Sheet
from ekslint.model.kubernetes.workloads import Deployment
from ekslint.model.pool import KarpenterPool, NodeGroup, Pool, Requirement, Taint
from ekslint.model.reading import Reading, Source
from ekslint.model.scope import Scope
from ekslint.model.world import World
from ekslint.placement.placements import placements
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

ROUNDS = 5
GROUPS = 30
NODE_POOLS = 10
TEAMS = 25
FEW_TYPES = tuple(f"{family}.{size}" for family in ("m5", "c5", "r5", "m6i", "c6i") for size in ("xlarge", "4xlarge"))


def manifest(number: int) -> str:
    """A Deployment; no two numbers give equal constraints."""
    team = number % (TEAMS + 2)
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app-{number}, namespace: team-{team}}}
spec:
  replicas: 3
  template:
    metadata: {{labels: {{app: app-{number}}}}}
    spec:
      nodeSelector: {{team: team-{team}, kubernetes.io/arch: {"arm64" if number % 7 == 0 else "amd64"}}}
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - {{key: karpenter.k8s.aws/instance-cpu, operator: Lt, values: ["{16 + number % 80}"]}}
                  - {{key: karpenter.k8s.aws/instance-family, operator: NotIn, values: [t3, x{number % 90}]}}
              - matchExpressions:
                  - {{key: topology.kubernetes.io/zone, operator: In, values: [eu-west-1{"abc"[number % 3]}]}}
      tolerations:
        - {{key: dedicated, value: team-{team}, effect: NoSchedule}}
      containers:
        - name: app
          resources: {{requests: {{cpu: {100 + number}m, memory: {256 + number % 4096}Mi}}}}
"""


def declare(pool: Pool, cluster: Cluster, **fields: Any) -> Pool:
    pool.declare(
        cluster=Reading(cluster, pool.origin), **{key: Reading(each, pool.origin) for key, each in fields.items()}
    )
    return pool


def make(workloads: int, *, few_types: bool = False) -> Estate:
    """An estate, loaded but not judged."""
    [document] = parse(SourceText("cluster.yaml", "name: shop"))
    origin = Source(document, ())
    cluster = Cluster("cluster shop", origin, dialect="eksctl", resource="ClusterConfig/shop")
    pools = []
    for number in range(GROUPS):
        group = NodeGroup(f"node group {number}", origin, dialect="eksctl", resource=f"ManagedNodeGroup/{number}")
        group.kind = "managed"
        pools.append(
            declare(
                group,
                cluster,
                name=f"group-{number}",
                labels={"team": f"team-{number % TEAMS}"},
                taints=(Taint("dedicated", f"team-{number % TEAMS}", "NoSchedule"),) if number % 3 else (),
                instance_types=(FEW_TYPES[number % 10], FEW_TYPES[(number + 3) % 10]),
                min_size=1,
                max_size=10,
                ami_family="AmazonLinux2023",
                availability_zones=("eu-west-1a", "eu-west-1b"),
            )
        )
    for number in range(NODE_POOLS):
        pool = KarpenterPool(
            f"NodePool {number}", origin, dialect="karpenter", resource=f"NodePool.karpenter.sh/{number}"
        )
        pool.kind = "karpenter"
        requirements = [
            Requirement("team", "In", tuple(f"team-{team}" for team in range(number, TEAMS, 2))),
            Requirement("karpenter.sh/capacity-type", "In", ("spot", "on-demand")),
        ]
        if few_types:
            requirements.append(Requirement("node.kubernetes.io/instance-type", "In", FEW_TYPES))
        pools.append(
            declare(
                pool,
                cluster,
                name=f"pool-{number}",
                requirements=tuple(requirements),
                node_class_name=f"class-{number}",
            )
        )
    made = [workload(number) for number in range(workloads)]
    world = World()
    scope = Scope([cluster], world)
    estate = Estate(date(2026, 11, 21), world, scope, clusters=[cluster], entities=[cluster, *pools, *made])
    cluster.declare(
        name=Reading("shop", origin),
        region=Reading("eu-west-1", origin),
        paths=Reading(("cluster.yaml",), origin),
        default_addons=Reading(("vpc-cni",), origin),
        extra_pools=Reading(tuple(pools), origin),
    )
    cluster.estate = estate
    for each in made:
        each.estate = estate
    return estate


def workload(number: int) -> Deployment:
    [document] = parse(SourceText(f"apps/{number}.yaml", manifest(number)))
    assert isinstance(document.root, dict)
    return Deployment(Sheet(document), (), document.root, "apps/v1", "Deployment")


def judge(estate: Estate) -> dict[str, int]:
    """Everything that a run asks: a verdict for each workload, and the reasons where there are any."""
    counts: dict[str, int] = {}
    for each in placements(estate):
        verdict = each.verdict.value
        counts[verdict] = counts.get(verdict, 0) + 1
        if each.causes:
            each.rejections(*each.causes)
    return counts


def measure(make_estate: Callable[[], Estate]) -> float:
    """The median CPU time of some rounds, each on a fresh estate."""
    seconds = []
    for _ in range(ROUNDS):
        estate = make_estate()
        gc.collect()
        gc.disable()  # as the program itself does
        started = process_time()
        judge(estate)
        seconds.append(process_time() - started)
        gc.enable()
    return statistics.median(seconds)


def main() -> None:
    print(f"verdicts: {judge(make(2000))}")
    full = measure(lambda: make(2000))
    print(f"2,000 workloads × {GROUPS + NODE_POOLS} pools: {full:.3f} s (budget 1 s)")
    half = measure(lambda: make(1000))
    print(f"2,000 against 1,000 constraints: {full / half:.2f} (linear is 2)")
    few = measure(lambda: make(2000, few_types=True))
    print(f"open pools against pools of ten types: {full / few:.2f} (budget 1.5)")


if __name__ == "__main__":
    main()
