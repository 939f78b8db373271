"""NodePools and Provisioners as pools: labels, places, and the node class that they mean."""

import pytest

from ekslint.model.pool import Requirement, Taint
from unit.model.kubernetes.kubernetes_estate import read, why

V1 = """
    apiVersion: karpenter.sh/v1
    kind: NodePool
    metadata:
      name: gpu
    spec:
      weight: 10
      limits: {cpu: 100, memory: 400Gi}
      disruption:
        consolidateAfter: 30s
        budgets: [{nodes: 10%}]
      template:
        metadata:
          labels:
            team: ml
        spec:
          expireAfter: 720h
          terminationGracePeriod: 1h
          nodeClassRef:
            group: karpenter.k8s.aws
            kind: EC2NodeClass
            name: default
          taints:
            - {key: nvidia.com/gpu, value: "true", effect: NoSchedule}
          startupTaints:
            - {key: startup, effect: NoExecute}
          requirements:
            - key: kubernetes.io/arch
              operator: In
              values: [amd64]
            - key: karpenter.k8s.aws/instance-family
              operator: In
              values: [g5, g6]
            - {key: karpenter.k8s.aws/instance-generation, operator: Gt, values: ["4"]}
    ---
    apiVersion: karpenter.k8s.aws/v1
    kind: EC2NodeClass
    metadata: {name: default}
    spec: {role: r}
"""


def test_version_1() -> None:
    found = read(V1)
    pool = found.pool()
    assert (pool.kind, pool.name, pool.dialect, str(pool)) == ("karpenter", "gpu", "karpenter", "node pool gpu")
    assert pool.resource == "NodePool.karpenter.sh/gpu"
    assert pool.labels == {
        "karpenter.sh/nodepool": "gpu",
        "karpenter.sh/registered": "true",
        "karpenter.sh/initialized": "true",
        "karpenter.k8s.aws/ec2nodeclass": "default",
        "kubernetes.io/arch": "amd64",
        "team": "ml",
    }
    assert pool.requirements[1] == Requirement("karpenter.k8s.aws/instance-family", "In", ("g5", "g6"))
    assert pool.taints == [Taint("nvidia.com/gpu", "true", "NoSchedule")]
    assert pool.startup_taints == [Taint("startup", "", "NoExecute")]
    assert (pool.limits, pool.weight, pool.replicas) == ({"cpu": 100, "memory": "400Gi"}, 10, None)
    assert (pool.expire_after, pool.termination_grace_period, pool.consolidate_after) == ("720h", "1h", "30s")
    assert pool.disruption_budgets == [{"nodes": "10%"}]
    assert (pool.node_class_group, pool.node_class_kind, pool.node_class_name) == (
        *("karpenter.k8s.aws", "EC2NodeClass", "default"),
    )
    assert str(pool.node_class) == "EC2 node class default"
    assert found.loaded.objects[0].pool is pool


@pytest.mark.parametrize(
    ("path", "stands"),
    [
        (("name",), "4 gpu"),
        (("labels", "team"), "14 ml"),
        (("labels", "kubernetes.io/arch"), "29 amd64"),
        (("labels", "karpenter.sh/nodepool"), "4 gpu"),
        (("labels", "karpenter.k8s.aws/ec2nodeclass"), "21 default"),
        (("labels", "missing"), "13 labels"),
        (("labels",), "13 labels"),
        (("requirements", 1), "30 karpenter.k8s.aws/instance-family"),
        (("requirements", 1, "values", 1), "32 g6"),
        (("taints", 0), "23 nvidia.com/gpu"),
        (("limits", "cpu"), "7 100"),
        (("weight",), "6 10"),
        (("replicas",), "5 spec"),
        (("node_class_name",), "21 default"),
        (("node_class",), "21 default"),
        (("expire_after",), "16 720h"),
    ],
)
def test_places(path: tuple[str | int, ...], stands: str) -> None:
    found = read(V1)
    assert found.line(found.pool().at(*path)) == stands


def test_auto_mode() -> None:
    pool = read(
        """
        apiVersion: karpenter.sh/v1
        kind: NodePool
        metadata: {name: batch}
        spec:
          template:
            spec:
              nodeClassRef: {group: eks.amazonaws.com, kind: NodeClass, name: own}
              requirements: [{key: karpenter.sh/capacity-type, operator: In, values: [spot]}]
        ---
        apiVersion: eks.amazonaws.com/v1
        kind: NodeClass
        metadata: {name: own}
        """
    ).pool()
    assert pool.kind == "auto"
    assert pool.labels == {
        "karpenter.sh/nodepool": "batch",
        "karpenter.sh/registered": "true",
        "karpenter.sh/initialized": "true",
        "karpenter.sh/capacity-type": "spot",
        "eks.amazonaws.com/compute-type": "auto",
        "eks.amazonaws.com/nodeclass": "own",
        "app.kubernetes.io/managed-by": "eks",
    }
    assert str(pool.node_class) == "node class own"
    assert (pool.limits, pool.expire_after, pool.taints) == (None, None, ())


def test_version_1_beta() -> None:
    pool = read(
        """
        apiVersion: karpenter.sh/v1beta1
        kind: NodePool
        metadata: {name: old}
        spec:
          disruption: {expireAfter: Never, consolidationPolicy: WhenEmpty}
          template: {spec: {nodeClassRef: {apiVersion: karpenter.k8s.aws/v1beta1, name: default}}}
        ---
        apiVersion: karpenter.k8s.aws/v1beta1
        kind: EC2NodeClass
        metadata: {name: default}
        """
    ).pool()
    assert (pool.kind, pool.expire_after) == ("karpenter", "Never")
    assert (pool.node_class_group, pool.node_class_kind) == ("karpenter.k8s.aws", "EC2NodeClass")
    assert str(pool.node_class) == "EC2 node class default"
    assert pool.labels["karpenter.k8s.aws/ec2nodeclass"] == "default"


def test_version_1_alpha() -> None:
    found = read(
        """
        apiVersion: karpenter.sh/v1alpha5
        kind: Provisioner
        metadata: {name: old}
        spec:
          labels: {team: web}
          ttlSecondsUntilExpired: 2592000
          ttlSecondsAfterEmpty: 30
          weight: 5
          limits: {resources: {cpu: 10}}
          taints: [{key: a, effect: NoSchedule}]
          requirements: [{key: node.kubernetes.io/instance-type, operator: In, values: [m5.large]}]
          providerRef: {name: default}
        ---
        apiVersion: karpenter.k8s.aws/v1alpha1
        kind: AWSNodeTemplate
        metadata: {name: default}
        """
    )
    pool = found.pool()
    assert (str(pool), pool.resource) == ("provisioner old", "Provisioner.karpenter.sh/old")
    assert pool.labels == {
        "karpenter.sh/provisioner-name": "old",
        "karpenter.sh/initialized": "true",
        "node.kubernetes.io/instance-type": "m5.large",
        "team": "web",
    }
    assert (pool.expire_after, pool.consolidate_after) == ("2592000s", "30s")
    assert (pool.limits, pool.weight, pool.taints) == ({"cpu": 10}, 5, [Taint("a", "", "NoSchedule")])
    assert str(pool.node_class) == "AWS node template default"
    assert found.line(pool.at("labels", "team")) == "5 web"


def test_templates() -> None:
    pool = read(
        """
        apiVersion: karpenter.sh/v1
        kind: NodePool
        metadata: {name: "${NAME}"}
        spec:
          template:
            metadata: {labels: {team: web, zone: "${ZONE}"}}
            spec:
              nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
              taints: [{key: a, effect: "${EFFECT}"}, {key: b, effect: NoSchedule}]
              requirements:
                - {key: kubernetes.io/arch, operator: In, values: ["${ARCH}"]}
                - {key: kubernetes.io/os, operator: In, values: [linux]}
        """
    ).pool()
    assert why(lambda: pool.name) == "a template fills it in"
    assert pool.labels["team"] == "web"
    assert pool.labels["kubernetes.io/os"] == "linux"
    assert why(lambda: pool.labels["zone"]) == "a template fills it in"
    assert why(lambda: pool.labels["karpenter.sh/nodepool"]) == "a template fills it in"
    # The requirement that cannot be read may be any label.
    assert why(lambda: pool.labels["kubernetes.io/arch"]) == "not all requirements are known"
    assert why(lambda: pool.requirements[0]) == "a template fills it in"
    assert pool.requirements[1].key == "kubernetes.io/os"
    assert why(lambda: pool.taints[0]) == "a template fills it in"
    assert pool.taints[1] == Taint("b", "", "NoSchedule")


def test_a_node_class_nobody_can_tell() -> None:
    pool = read(
        "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: a}\n"
        "spec: {template: {spec: {nodeClassRef: '${REF}'}}}\n"
    ).pool()
    assert why(lambda: pool.kind) == "a template fills it in"
    assert why(lambda: pool.node_class) == "a template fills it in"
    assert why(lambda: "x" in pool.labels) == "a template fills it in"


NODE_CLASS = "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: default}\n"
NODE_POOL = (
    "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: a}\nspec: {template: {spec: "
    "{nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}}}}\n"
)


def test_the_nearest_node_class_is_meant() -> None:
    found = read({"dev/pool.yaml": NODE_POOL, "dev/class.yaml": NODE_CLASS, "prod/class.yaml": NODE_CLASS})
    assert found.pool().node_class.origin.document.source.path == "dev/class.yaml"
    same_file = read({"a.yaml": f"{NODE_POOL}---\n{NODE_CLASS}", "b.yaml": NODE_CLASS})
    assert same_file.pool().node_class.origin.document.source.path == "a.yaml"


def test_two_that_are_equally_near() -> None:
    found = read({"pool.yaml": NODE_POOL, "dev/class.yaml": NODE_CLASS, "prod/class.yaml": NODE_CLASS})
    assert why(lambda: found.pool().node_class) == "several node classes are called default"


def test_a_node_class_that_is_not_there() -> None:
    assert read(NODE_POOL).pool().node_class is None
