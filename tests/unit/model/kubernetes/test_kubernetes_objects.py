"""Services, budgets, roles, storage and the rest: their fields and defaults."""

import pytest

from ekslint.model.kubernetes.access import (
    Binding,
    BindingSubject,
    ClusterRole,
    GrantingRole,
    KubernetesRole,
    PolicyRule,
    RoleReference,
    ServiceAccount,
)
from ekslint.model.kubernetes.configuration import ConfigMap, Secret
from ekslint.model.kubernetes.disruption import (
    HorizontalPodAutoscaler,
    PodDisruptionBudget,
    ScaleTarget,
    VerticalPodAutoscaler,
)
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.namespaces import LimitRange, Namespace, PriorityClass, ResourceQuota, RuntimeClass
from ekslint.model.kubernetes.nodepools import EC2NodeClass, NodeClass, NodePool
from ekslint.model.kubernetes.scheduling import Toleration
from ekslint.model.kubernetes.services import Ingress, IngressClass, Service, ServicePort
from ekslint.model.kubernetes.storage import PersistentVolume, StorageClass
from ekslint.model.pool import Requirement
from unit.model.kubernetes.kubernetes_estate import read, why


def test_service() -> None:
    service = read(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: s}
        spec:
          type: LoadBalancer
          loadBalancerClass: service.k8s.aws/nlb
          externalTrafficPolicy: Local
          loadBalancerSourceRanges: [10.0.0.0/8]
          ports: [{port: 80, targetPort: http, nodePort: 30080, name: web}, {port: 53, protocol: UDP}]
        """
    ).one(Service)
    assert (service.type, service.load_balancer_class) == ("LoadBalancer", "service.k8s.aws/nlb")
    assert (service.external_traffic_policy, service.source_ranges) == ("Local", ["10.0.0.0/8"])
    assert service.ports == [
        ServicePort(80, "web", "TCP", "http", 30080),
        ServicePort(53, None, "UDP", None, None),
    ]
    assert not service.is_headless
    assert service.selector.is_absent


def test_ingress_of_today() -> None:
    found = read(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: i, annotations: {kubernetes.io/ingress.class: old}}
        spec:
          ingressClassName: alb
          tls: [{hosts: [a]}]
          defaultBackend: {service: {name: d, port: {number: 80}}}
          rules:
            - host: a.example.com
              http:
                paths:
                  - {path: /, backend: {service: {name: s, port: {name: http}}}}
                  - {path: /x, backend: {resource: {kind: Bucket, name: b}}}
            - {}
        """
    )
    ingress = found.one(Ingress)
    assert ingress.class_name == "alb"
    assert list(ingress.hosts) == ["a.example.com", None]
    assert len(ingress.tls) == 1
    default, own = ingress.backends
    assert (default.service, default.port) == ("d", 80)
    assert (own.service, own.port) == ("s", "http")
    assert found.line(ingress.at(*own.path, "name")).endswith(" s")


def test_ingress_of_yesterday() -> None:
    ingress = read(
        """
        apiVersion: extensions/v1beta1
        kind: Ingress
        metadata: {name: i, annotations: {kubernetes.io/ingress.class: alb}}
        spec: {backend: {serviceName: s, servicePort: 80}}
        """
    ).one(Ingress)
    assert ingress.class_name == "alb"
    [backend] = ingress.backends
    assert (backend.service, backend.port) == ("s", 80)


def test_a_backend_that_is_a_template() -> None:
    ingress = read(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\n"
        "spec: {rules: [{http: {paths: [{backend: {service: {name: '${S}'}}}]}}]}\n"
    ).one(Ingress)
    assert why(lambda: ingress.backends) == "a template fills it in"


def test_classes() -> None:
    found = read(
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: alb, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
        spec: {controller: eks.amazonaws.com/alb}
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: gp3, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
        provisioner: ebs.csi.aws.com
        parameters: {type: gp3, encrypted: true}
        volumeBindingMode: WaitForFirstConsumer
        allowVolumeExpansion: true
        allowedTopologies:
          - matchLabelExpressions: [{key: topology.ebs.csi.aws.com/zone, values: [eu-west-1a, eu-west-1b]}]
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: plain}
        provisioner: kubernetes.io/aws-ebs
        ---
        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: high}
        value: 1000
        preemptionPolicy: Never
        globalDefault: true
        ---
        apiVersion: node.k8s.io/v1
        kind: RuntimeClass
        metadata: {name: gvisor}
        handler: runsc
        overhead: {podFixed: {cpu: 10m}}
        scheduling: {nodeSelector: {runtime: gvisor}, tolerations: [{key: gvisor, operator: Exists}]}
        """
    )
    ingress_class = found.one(IngressClass)
    assert (ingress_class.controller, ingress_class.is_default) == ("eks.amazonaws.com/alb", True)
    gp3 = found.one(StorageClass, "gp3")
    assert gp3.parameters == {"type": "gp3", "encrypted": "true"}
    assert (gp3.provisioner, gp3.is_default, gp3.allows_expansion) == ("ebs.csi.aws.com", True, True)
    assert (gp3.volume_binding_mode, gp3.reclaim_policy) == ("WaitForFirstConsumer", "Delete")
    assert gp3.allowed_zones == ["eu-west-1a", "eu-west-1b"]
    plain = found.one(StorageClass, "plain")
    assert (plain.volume_binding_mode, plain.is_default, plain.allowed_zones) == ("Immediate", False, None)
    priority = found.one(PriorityClass)
    assert (priority.value, priority.preempts, priority.is_default) == (1000, False, True)
    runtime = found.one(RuntimeClass)
    assert (runtime.handler, runtime.overhead) == ("runsc", {"cpu": "10m"})
    assert runtime.node_selector == {"runtime": "gvisor"}
    assert runtime.tolerations == [Toleration("gvisor", "Exists", "", "")]


def test_volume() -> None:
    volume = read(
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: v}
        spec:
          capacity: {storage: 5Gi}
          storageClassName: ""
          accessModes: [ReadWriteMany]
          csi: {driver: efs.csi.aws.com}
          nodeAffinity:
            required:
              nodeSelectorTerms:
                - matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [eu-west-1a]}]
        """
    ).one(PersistentVolume)
    assert (volume.capacity, volume.storage_class_name, volume.driver) == ("5Gi", "", "efs.csi.aws.com")
    assert (volume.reclaim_policy, volume.access_modes) == ("Retain", ["ReadWriteMany"])
    assert volume.required_node_affinity is not None
    [term] = volume.required_node_affinity
    assert term.match_expressions == [Requirement("topology.kubernetes.io/zone", "In", ("eu-west-1a",))]


def test_access() -> None:
    found = read(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: a, annotations: {eks.amazonaws.com/role-arn: arn:x}}
        automountServiceAccountToken: false
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: r, namespace: shop}
        rules:
          - {apiGroups: [""], resources: [pods, 5], verbs: [get], resourceNames: [a]}
          - {nonResourceURLs: [/healthz], verbs: ["*"]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: c}
        aggregationRule: {}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: b}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: ServiceAccount, name: a, namespace: shop}, {kind: Group, name: g}]
        """
    )
    account = found.one(ServiceAccount)
    assert (account.role, account.automounts_token) == ("arn:x", False)
    assert found.one(KubernetesRole).rules == [
        PolicyRule(("",), ("pods",), ("get",), ("a",), ()),
        PolicyRule((), (), ("*",), (), ("/healthz",)),
    ]
    assert len(found.estate.of(GrantingRole)) == 2
    assert found.one(ClusterRole).is_aggregated
    binding = found.one(Binding)
    assert binding.role_reference == RoleReference("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
    assert binding.subjects == [BindingSubject("ServiceAccount", "a", "shop"), BindingSubject("Group", "g", None)]
    assert not binding.is_namespaced
    assert found.line(binding.at("subjects", 1, "name")) == "22 g"


def test_limits_and_quotas() -> None:
    found = read(
        """
        apiVersion: v1
        kind: LimitRange
        metadata: {name: l}
        spec:
          limits:
            - {type: Pod, default: {cpu: 9}}
            - {type: Container, default: {cpu: 1, memory: 1Gi}, defaultRequest: {cpu: 100m}}
        ---
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: q}
        spec: {hard: {pods: 10}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
        """
    )
    limits = found.one(LimitRange)
    assert limits.default_requests == {"cpu": "100m", "memory": "1Gi"}
    assert limits.default_limits == {"cpu": 1, "memory": "1Gi"}
    assert found.one(ResourceQuota).hard == {"pods": 10}
    namespace = found.one(Namespace)
    assert (namespace.pod_security_level, namespace.pod_security_version) == ("restricted", "latest")


def test_budgets_and_autoscalers() -> None:
    found = read(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: b}
        spec: {minAvailable: 50%, maxUnavailable: 1}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: h}
        spec: {minReplicas: 2, maxReplicas: 4, metrics: [{type: Resource}], scaleTargetRef: {kind: Deployment, name: a}}
        ---
        apiVersion: autoscaling.k8s.io/v1
        kind: VerticalPodAutoscaler
        metadata: {name: v}
        spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, updatePolicy: {updateMode: "Off"}}
        """
    )
    budget = found.one(PodDisruptionBudget)
    assert (budget.min_available, budget.max_unavailable) == ("50%", 1)
    scaler = found.one(HorizontalPodAutoscaler)
    assert (scaler.minimum, scaler.maximum, len(scaler.metrics)) == (2, 4, 1)
    assert scaler.target == ScaleTarget(None, "Deployment", "a")
    vertical = found.one(VerticalPodAutoscaler)
    assert (vertical.target, vertical.update_mode) == (ScaleTarget("apps", "Deployment", "a"), "Off")


def test_configuration() -> None:
    found = read(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: c}
        data: {a: "1", b: 2}
        binaryData: {z: AA==}
        immutable: true
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: s}
        stringData: {password: x}
        """
    )
    config = found.one(ConfigMap)
    assert config.data == {"a": "1", "b": "2"}
    assert config.keys == {"a", "b", "z"}
    assert config.is_immutable
    assert not config.is_generated
    secret = found.one(Secret)
    assert (secret.type, secret.string_data) == ("Opaque", {"password": "x"})
    assert secret.keys == {"password"}


@pytest.mark.parametrize(
    ("alias", "family"),
    [
        ("al2023@latest", "AL2023"),
        ("bottlerocket@v1", "Bottlerocket"),
        ("windows2022@latest", "Windows2022"),
        ("x", None),
    ],
)
def test_the_family_of_an_alias(alias: str, family: str | None) -> None:
    node_class = read(
        "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: n}\n"
        f"spec: {{role: r, amiSelectorTerms: [{{id: ami-1}}, {{alias: {alias}}}]}}\n"
    ).one(EC2NodeClass)
    assert (node_class.ami_alias, node_class.ami_family) == (alias, family)
    assert (node_class.role, node_class.instance_profile, node_class.dialect) == ("r", None, "karpenter")


def test_auto_mode_objects() -> None:
    found = read(
        """
        apiVersion: karpenter.sh/v1
        kind: NodePool
        metadata: {name: gpu}
        spec:
          replicas: 2
          template:
            spec:
              nodeClassRef: {group: eks.amazonaws.com, kind: NodeClass, name: own}
              requirements: [{key: a, operator: In, values: [1, b], minValues: 2}]
        ---
        apiVersion: eks.amazonaws.com/v1
        kind: NodeClass
        metadata: {name: own}
        spec: {role: r}
        """
    )
    pool = found.one(NodePool)
    assert (pool.is_auto_mode, pool.replicas) == (True, 2)
    assert pool.requirements == [Requirement("a", "In", ("1", "b"), 2)]
    assert pool.resource == "NodePool.karpenter.sh/gpu"
    assert str(pool) == "node pool gpu"
    assert found.line(pool.at(*pool.requirements_path, 0, "values", 1)) == "9 b"
    assert found.one(NodeClass).role == "r"


def test_what_a_controller_made() -> None:
    owned = read(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, ownerReferences: [{kind: ReplicaSet, name: r}]}\n"
    ).one(KubernetesObject)
    assert owned.is_owned
    assert (owned.group, owned.version) == ("", "v1")
