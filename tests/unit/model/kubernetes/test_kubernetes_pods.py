"""Pod templates and containers: every field, and where it stands."""

import pytest

from ekslint.model.kubernetes.containers import Container, ContainerPort, EnvironmentVariable, VolumeMount
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.pods import PodTemplate
from ekslint.model.kubernetes.volumes import Claim, ClaimTemplate
from ekslint.model.kubernetes.workloads import (
    CronJob,
    CustomWorkload,
    Deployment,
    Pod,
    ReplicationController,
    Rollout,
    StatefulSet,
    Workload,
)
from unit.model.kubernetes.kubernetes_estate import read, why

FULL = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata:
      labels:
        app: api
      annotations: {note: x}
    spec:
      nodeSelector:
        workload: cpu
      serviceAccountName: api
      schedulerName: custom
      priorityClassName: high
      runtimeClassName: gvisor
      hostNetwork: true
      terminationGracePeriodSeconds: 60
      automountServiceAccountToken: false
      schedulingGates: [{name: wait}]
      overhead: {cpu: 10m}
      resources: {requests: {cpu: 1}}
      os: {name: windows}
      securityContext: {runAsNonRoot: true}
      initContainers:
        - name: migrate
          image: api
        - name: proxy
          image: envoy
          restartPolicy: Always
      containers:
        - name: web
          image: example.com/api:1.2
          imagePullPolicy: Always
          command: [run]
          args: [fast]
          ports:
            - {containerPort: 80, name: http, hostPort: 8080}
            - {containerPort: 53, protocol: UDP}
          env:
            - {name: A, value: "1"}
            - {name: B, value: 2}
            - name: C
              valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}
            - {name: D}
          envFrom: [{configMapRef: {name: c}}]
          resources:
            requests: {cpu: 100m}
            limits: {cpu: 1, memory: 1Gi}
          livenessProbe: {tcpSocket: {port: http}}
          securityContext: {privileged: true}
          volumeMounts: [{name: data, mountPath: /data, readOnly: true, subPath: x}]
          lifecycle: {preStop: {sleep: {seconds: 5}}}
      ephemeralContainers: [{name: debug}]
      volumes:
        - {name: a, configMap: {name: c}}
        - {name: b, secret: {secretName: s}}
        - {name: c, hostPath: {path: /etc}}
        - {name: d, persistentVolumeClaim: {claimName: p}}
        - {name: e}
        - {name: f, csi: {driver: secrets-store.csi.k8s.io}}
        - name: g
          ephemeral:
            volumeClaimTemplate: {spec: {storageClassName: gp3, accessModes: [ReadWriteOnce]}}
"""


def test_what_a_pod_template_says() -> None:
    pod = read(FULL).one(Deployment).pod
    assert pod.labels == {"app": "api"}
    assert pod.annotations == {"note": "x"}
    assert pod.node_selector == {"workload": "cpu"}
    assert pod.service_account_name == "api"
    assert pod.scheduler_name == "custom"
    assert pod.priority_class_name == "high"
    assert pod.runtime_class_name == "gvisor"
    assert pod.uses_host_network
    assert pod.termination_grace_period == 60
    assert pod.automounts_token is False
    assert len(pod.scheduling_gates) == 1
    assert pod.overhead == {"cpu": "10m"}
    assert pod.requests == {"cpu": 1}
    assert pod.limits == {}
    assert pod.operating_system == "windows"
    assert pod.is_windows
    assert pod.security_context == {"runAsNonRoot": True}
    assert pod.restart_policy == "Always"
    assert pod.node_name is None


def test_what_an_empty_one_says() -> None:
    pod = read("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n").one(Pod).pod
    assert (pod.labels, pod.containers, pod.volumes, pod.tolerations) == ({}, (), (), ())
    assert (pod.scheduler_name, pod.termination_grace_period, pod.restart_policy) == ("default-scheduler", 30, "Always")
    assert (pod.service_account_name, pod.automounts_token, pod.uses_host_network) == (None, None, False)
    assert not pod.is_windows


def test_containers() -> None:
    estate = read(FULL)
    pod = estate.one(Deployment).pod
    assert [str(each) for each in pod.parts] == [
        "init container migrate",
        "sidecar container proxy",
        "container web",
        "ephemeral container debug",
    ]
    migrate, proxy = pod.init_containers
    assert (migrate.is_init, migrate.is_sidecar, proxy.is_init, proxy.is_sidecar) == (True, False, False, True)
    [debug] = pod.ephemeral_containers
    assert debug.is_ephemeral
    [web] = pod.containers
    assert web is pod.containers[0]
    assert (web.pod, web.workload, web.owner) == (pod, estate.one(Deployment), estate.one(Deployment))
    assert web.resource == "Deployment.apps/shop/api"
    assert (web.name, web.image, web.image_pull_policy) == ("web", "example.com/api:1.2", "Always")
    assert web.image_reference is not None
    assert web.image_reference.tag == "1.2"
    assert (web.command, web.arguments) == (["run"], ["fast"])
    assert web.ports == [ContainerPort(80, "http", "TCP", 8080), ContainerPort(53, None, "UDP", None)]
    assert web.environment == [
        EnvironmentVariable("A", "1", None, None, None, False),
        EnvironmentVariable("B", "2", None, None, None, False),
        EnvironmentVariable("C", None, "secretKeyRef", "s", "k", True),
        EnvironmentVariable("D", None, None, None, None, False),
    ]
    assert web.environment_sources == [{"configMapRef": {"name": "c"}}]
    assert web.requests == {"cpu": "100m"}
    assert web.effective_requests == {"cpu": "100m", "memory": "1Gi"}
    assert migrate.effective_requests == {}
    assert web.liveness_probe == {"tcpSocket": {"port": "http"}}
    assert (web.readiness_probe, web.startup_probe) == (None, None)
    assert web.is_privileged
    assert not migrate.is_privileged
    assert web.volume_mounts == [VolumeMount("data", "/data", True, "x")]
    assert web.lifecycle == {"preStop": {"sleep": {"seconds": 5}}}


def test_volumes() -> None:
    volumes = read(FULL).one(Deployment).pod.volumes
    assert [each.kind for each in volumes] == [
        *("configMap", "secret", "hostPath", "persistentVolumeClaim", "emptyDir", "csi", "ephemeral"),
    ]
    a, b, c, d, e, f, g = volumes
    assert (a.config_map_name, b.secret_name, c.host_path, d.claim_name) == ("c", "s", "/etc", "p")
    assert f.driver == "secrets-store.csi.k8s.io"
    assert (str(e), e.source) == ("volume e", {})
    assert g.claim_template is not None
    assert g.claim_template.storage_class_name == "gp3"
    assert a.claim_template is None


@pytest.mark.parametrize(
    ("path", "stands"),
    [
        (("nodeSelector", "workload"), "15 cpu"),
        (("nodeSelector", "missing"), "14 nodeSelector"),
        (("labels", "app"), "11 api"),
        (("metadata", "labels", "app"), "11 api"),
        (("annotations", "missing"), "12 annotations"),
        (("tolerations",), "13 spec"),
        (("containers", 0, "image"), "36 example.com/api:1.2"),
        (("hostNetwork",), "20 true"),
    ],
)
def test_places_of_a_pod(path: tuple[str | int, ...], stands: str) -> None:
    estate = read(FULL)
    assert estate.line(estate.one(Deployment).pod.at(*path)) == stands


@pytest.mark.parametrize(
    ("path", "stands"),
    [
        (("image",), "36 example.com/api:1.2"),
        (("readinessProbe",), "35 web"),
        (("securityContext", "privileged"), "54 true"),
        (("securityContext", "runAsNonRoot"), "54 securityContext"),
        (("resources", "limits", "memory"), "52 1Gi"),
        (("resources", "requests", "memory"), "51 requests"),
        (("ports", 1, "name"), "42 containerPort"),
        ((), "35 web"),
    ],
)
def test_places_of_a_container(path: tuple[str | int, ...], stands: str) -> None:
    estate = read(FULL)
    [web] = estate.one(Deployment).pod.containers
    assert estate.line(web.at(*path)) == stands


def test_places_of_an_object() -> None:
    estate = read(FULL)
    deployment = estate.one(Deployment)
    assert estate.line(deployment.at("name")) == "4 api"
    assert estate.line(deployment.at("namespace")) == "5 shop"
    assert estate.line(deployment.at("labels", "team")) == "3 metadata"
    assert estate.line(deployment.at("spec", "replicas")) == "6 spec"
    assert estate.line(deployment.at("spec", "selector", key=True)) == "7 selector"


def test_containers_are_subjects_of_their_own() -> None:
    estate = read(FULL).estate
    assert [each.name for each in estate.of(Container)] == ["migrate", "proxy", "web", "debug"]
    assert len(estate.of(PodTemplate)) == 1
    assert estate.of(Container)[2].clusters == ()
    assert estate.of(Container)[2].cluster is None


TEMPLATE = "{metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}"


@pytest.mark.parametrize(
    ("version", "name", "spec", "kind"),
    [
        ("apps/v1", "Deployment", f"{{template: {TEMPLATE}}}", Deployment),
        ("batch/v1", "CronJob", f"{{jobTemplate: {{spec: {{template: {TEMPLATE}}}}}}}", CronJob),
        ("v1", "ReplicationController", f"{{selector: {{a: b}}, template: {TEMPLATE}}}", ReplicationController),
        ("argoproj.io/v1alpha1", "Rollout", f"{{template: {TEMPLATE}}}", Rollout),
        ("serving.knative.dev/v1", "Service", f"{{template: {TEMPLATE}}}", CustomWorkload),
    ],
)
def test_every_kind_has_its_template(version: str, name: str, spec: str, kind: type[Workload]) -> None:
    workload = read(f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: x}}\nspec: {spec}\n").one(kind)
    assert workload.pod.labels == {"a": "b"}
    assert [str(each) for each in workload.pod.containers] == ["container c"]


def test_a_bare_pod_is_its_own_template() -> None:
    pod = read("apiVersion: v1\nkind: Pod\nmetadata: {name: x, labels: {a: b}}\nspec: {nodeName: node-1}\n").one(Pod)
    assert (pod.pod.labels, pod.pod.node_name, str(pod.pod)) == ({"a": "b"}, "node-1", "pod x")


def test_a_cron_jobs_fields_are_those_of_its_jobs() -> None:
    job = read(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: x}
        spec:
          suspend: true
          schedule: "* * * * *"
          jobTemplate: {spec: {parallelism: 3, ttlSecondsAfterFinished: 5}}
        """
    ).one(CronJob)
    assert (job.parallelism, job.time_to_live, job.completions, job.is_suspended) == (3, 5, None, True)
    assert (job.schedule, job.replica_floor) == ("* * * * *", 3)


def test_a_rollout_of_another_workload() -> None:
    rollout = read(
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: x}\nspec: {workloadRef: {name: api}}\n"
    ).one(Rollout)
    assert why(lambda: rollout.pod) == "its pod template is that of another workload"
    assert list(rollout.parts) == []


def test_claims_wherever_they_are_written() -> None:
    estate = read(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          serviceName: db
          selector: {matchLabels: {a: b}}
          volumeClaimTemplates:
            - metadata: {name: data}
              spec:
                accessModes: [ReadWriteOnce]
                resources: {requests: {storage: 10Gi}}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: own
          annotations: {volume.beta.kubernetes.io/storage-class: old}
        spec: {storageClassName: new, volumeName: v, volumeMode: Block, selector: {}}
        """
    )
    template, own = estate.estate.of(Claim)
    assert isinstance(template, ClaimTemplate)
    assert (template.name, template.storage_class_name, template.requested_storage) == ("data", None, "10Gi")
    assert estate.line(template.at("spec", "storageClassName")) == "9 spec"
    assert (own.storage_class_name, own.volume_name, own.volume_mode, own.has_selector) == ("old", "v", "Block", True)
    assert estate.one(StatefulSet).service_name == "db"


ODD = ["5", "text", "[]", "[1]", "{a: b}", "null", "'${X}'", "true", "[[]]", "[{name: [1]}, 5, null]", "1.5"]


def properties(kind: type) -> list[str]:
    names = [name for name in dir(kind) if isinstance(getattr(kind, name, None), property)]
    return [name for name in names if not name.startswith("_")]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["metadata", "spec", "spec.template", "spec.template.spec", "spec.selector"])
@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
def test_wrong_shapes_are_undecided_at_worst(kind: str, field: str, odd: str) -> None:
    lines = [f"apiVersion: apps/v1\nkind: {kind}"]
    for depth, step in enumerate(field.split(".")):
        lines.append("  " * depth + f"{step}:")
    text = "\n".join(lines) + f" {odd}\n"
    visited = exercise(text)
    assert kind in {type(each).__name__ for each in visited}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "field",
    [
        *("containers", "initContainers", "volumes", "tolerations", "affinity", "topologySpreadConstraints"),
        *("nodeSelector", "securityContext", "resources", "restartPolicy", "os"),
    ],
)
def test_wrong_shapes_in_a_pod(field: str, odd: str) -> None:
    exercise(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{{field}: {odd}}}\n")


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "field",
    ["name", "image", "ports", "env", "resources", "command", "livenessProbe", "securityContext", "volumeMounts"],
)
def test_wrong_shapes_in_a_container(field: str, odd: str) -> None:
    exercise(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{{field}: {odd}}}]}}\n")


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "kind",
    [
        *("v1/Service", "v1/ConfigMap", "v1/Secret", "v1/Namespace", "v1/LimitRange", "v1/PersistentVolume", "v1/Node"),
        *("policy/v1/PodDisruptionBudget", "autoscaling/v2/HorizontalPodAutoscaler", "keda.sh/v1alpha1/ScaledObject"),
        *("networking.k8s.io/v1/Ingress", "networking.k8s.io/v1/NetworkPolicy", "storage.k8s.io/v1/StorageClass"),
        *("rbac.authorization.k8s.io/v1/ClusterRole", "rbac.authorization.k8s.io/v1/RoleBinding"),
        *("node.k8s.io/v1/RuntimeClass", "karpenter.sh/v1/NodePool", "karpenter.k8s.aws/v1/EC2NodeClass"),
        *("karpenter.sh/v1alpha5/Provisioner",),
    ],
)
def test_wrong_shapes_of_other_kinds(kind: str, odd: str) -> None:
    version, _, name = kind.rpartition("/")
    fields = ("spec", "data", "rules", "subjects", "roleRef", "scheduling", "limits", "allowedTopologies", "status")
    exercise(
        f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: aws-auth}}\n"
        + "".join(f"{field}: {odd}\n" for field in fields)
    )
    exercise(
        f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: aws-auth}}\nspec:\n"
        + "".join(
            f"  {field}: {odd}\n"
            for field in (
                "ports",
                "rules",
                "scaleTargetRef",
                "selector",
                "template",
                "limits",
                "amiSelectorTerms",
                "taints",
            )
        )
        + f"data: {{mapRoles: {odd}}}\n"
    )


def exercise(text: str) -> list[KubernetesObject]:
    """Read everything that can be read of every object: Undecided is all that may come of it."""
    from ekslint.model.reading import Undecided

    estate = read(text)
    for each in estate.loaded.objects:
        for view in (each, *each.parts):
            for name in properties(type(view)):
                try:
                    value = getattr(view, name)
                    if isinstance(value, list | tuple | dict):
                        list(value)
                except Undecided:
                    continue
            assert view.at("spec", "missing", 0).location.line >= 1
    for pool, _ in estate.loaded.pools:
        for name in pool.defaults:
            try:
                getattr(pool, name)
            except Undecided:
                continue
    return estate.loaded.objects
