"""NodeResourcesFit: what pods request, and what nodes offer."""

import pytest
from placement_kit import (
    addon,
    estate,
    kubernetes_object,
    live_node,
    node_group,
    node_pool,
    place,
    requests,
    unknown,
    verdict,
    workload,
)

from ekslint.facts.instance_types import InstanceType, instance_type
from ekslint.model.pool import Requirement
from ekslint.model.reading import Reading
from ekslint.placement.allocatable import cpu_range, memory_range, offered, pods_range, storage_range
from ekslint.placement.causes import Cause
from ekslint.placement.cni import Networking, networking_of
from ekslint.placement.demands import DemandReader
from ekslint.placement.kubelet import Kubelet, kubelet_of_group
from ekslint.placement.node_groups import image_of
from ekslint.placement.placements import placements
from ekslint.placement.verdicts import Verdict

MEBIBYTE = 1 << 20


def type_called(name: str) -> InstanceType:
    found = instance_type(name)
    assert found is not None
    return found


def amounts_of(manifest: str | dict[str, object], *others: str) -> dict[str, int]:
    made = workload(manifest)
    objects = [kubernetes_object(each) for each in others]
    reader = DemandReader(estate([node_group()], made, *objects))
    return dict(reader.read(made).constraint.requests.amounts)


def container(name: str = "app", sidecar: bool = False, **resources: object) -> dict[str, object]:
    return {"name": name, "resources": resources} | ({"restartPolicy": "Always"} if sidecar else {})


class TestRequests:
    """The sum of what runs at a time, and the largest step of the start."""

    @pytest.mark.parametrize(
        ("containers", "init", "expected"),
        [
            ([{"requests": {"cpu": "500m"}}, {"requests": {"cpu": "1"}}], [], {"cpu": 1500}),
            ([{"requests": {"cpu": "0.1", "memory": "1G"}}], [], {"cpu": 100, "memory": 10**9}),
            ([{"requests": {"cpu": "100u"}}], [], {"cpu": 1}),
            ([{"limits": {"cpu": "2", "memory": "1Gi"}}], [], {"cpu": 2000, "memory": 1 << 30}),
            ([{"limits": {"cpu": "2"}, "requests": {"cpu": "1"}}], [], {"cpu": 1000}),
            ([{"limits": {"nvidia.com/gpu": 1}}], [], {"nvidia.com/gpu": 1}),
            ([{"requests": {"cpu": 0}}], [], {}),
            # the largest step counts, if it is larger than what runs afterwards
            ([{"requests": {"cpu": "1"}}], [({"requests": {"cpu": "3"}}, False)], {"cpu": 3000}),
            ([{"requests": {"cpu": "1"}}], [({"requests": {"cpu": "500m"}}, False)], {"cpu": 1000}),
            # sidecars keep running: beside the containers, and beside the steps that come after them
            ([{"requests": {"cpu": "1"}}], [({"requests": {"cpu": "1"}}, True)], {"cpu": 2000}),
            (
                [{"requests": {"cpu": "1"}}],
                [({"requests": {"cpu": "1"}}, True), ({"requests": {"cpu": "4"}}, False)],
                {"cpu": 5000},
            ),
            (
                [{"requests": {"cpu": "1"}}],
                [({"requests": {"cpu": "4"}}, False), ({"requests": {"cpu": "1"}}, True)],
                {"cpu": 4000},
            ),
            # resource by resource
            (
                [{"requests": {"cpu": "1", "memory": "1Gi"}}],
                [({"requests": {"cpu": "2", "memory": "128Mi"}}, False)],
                {"cpu": 2000, "memory": 1 << 30},
            ),
        ],
    )
    def test_containers(self, containers: list[dict], init: list[tuple[dict, bool]], expected: dict[str, int]) -> None:
        spec = {
            "containers": [container(f"c{number}", **each) for number, each in enumerate(containers)],
            "initContainers": [container(f"i{number}", stays, **each) for number, (each, stays) in enumerate(init)],
        }
        assert amounts_of(spec) == expected

    def test_overhead_comes_on_top(self) -> None:
        assert amounts_of({**requests(cpu="1"), "overhead": {"cpu": "250m", "memory": "120Mi"}}) == {
            "cpu": 1250,
            "memory": 120 * MEBIBYTE,
        }

    def test_requests_of_the_pod_take_the_place_of_the_sum(self) -> None:
        spec = {**requests(cpu="1", memory="1Gi"), "resources": {"requests": {"cpu": "3"}, "limits": {"memory": "9Gi"}}}
        assert amounts_of(spec) == {"cpu": 3000, "memory": 1 << 30}
        assert amounts_of({"containers": [{"name": "app"}], "resources": {"limits": {"cpu": "2"}}}) == {"cpu": 2000}

    @pytest.mark.parametrize(
        ("containers", "pod", "expected"),
        [
            # a limit of the pod is its request only where no container asks for that resource
            ({"cpu": "1"}, {"limits": {"cpu": "4"}}, {"cpu": 1000}),
            ({"memory": "1Gi"}, {"limits": {"cpu": "4"}}, {"cpu": 4000, "memory": 1 << 30}),
            # huge pages cannot be overcommitted, so that the limit decides in any case
            ({"hugepages-2Mi": "4Mi"}, {"limits": {"hugepages-2Mi": "8Mi"}}, {"hugepages-2Mi": 8 * MEBIBYTE}),
            # other resources have no level of the pod
            ({"nvidia.com/gpu": "1"}, {"requests": {"nvidia.com/gpu": "4"}}, {"nvidia.com/gpu": 1}),
            ({"ephemeral-storage": "1Gi"}, {"limits": {"ephemeral-storage": "9Gi"}}, {"ephemeral-storage": 1 << 30}),
            ({"cpu": "2"}, {"requests": {"cpu": "0"}}, {}),
        ],
    )
    def test_resources_of_the_pod(
        self, containers: dict[str, str], pod: dict[str, object], expected: dict[str, int]
    ) -> None:
        assert amounts_of({**requests(**containers), "resources": pod}) == expected

    def test_overhead_comes_on_top_of_what_the_pod_requests(self) -> None:
        spec = {**requests(cpu="1"), "resources": {"requests": {"cpu": "3"}}, "overhead": {"cpu": "250m"}}
        assert amounts_of(spec) == {"cpu": 3250}

    def test_a_limit_range_gives_defaults_to_its_namespace(self) -> None:
        limits = """\
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: default}
spec: {limits: [{type: Container, default: {memory: 1Gi}, defaultRequest: {cpu: 200m}, max: {cpu: "4"}}]}
"""
        assert amounts_of({"containers": [{"name": "app"}]}, limits) == {"cpu": 200, "memory": 1 << 30}
        assert amounts_of(requests(cpu="1"), limits) == {"cpu": 1000, "memory": 1 << 30}
        elsewhere = limits.replace("namespace: default", "namespace: other")
        deployment = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: default}
spec: {template: {spec: {containers: [{name: app}]}}}
"""
        assert amounts_of(deployment, elsewhere) == {}

    def test_a_runtime_class_adds_overhead_selector_and_tolerations(self) -> None:
        runtime = """\
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor}
handler: runsc
overhead: {podFixed: {cpu: 250m}}
scheduling:
  nodeSelector: {runtime: gvisor}
  tolerations: [{key: sandbox, operator: Exists}]
"""
        spec = {**requests(cpu="1"), "runtimeClassName": "gvisor"}
        made = workload(spec)
        sandbox = node_group("sandbox", labels={"runtime": "gvisor"}, taints=["sandbox=true:NoSchedule"])
        [placement] = placements(estate([sandbox, node_group("plain")], made, kubernetes_object(runtime)))
        assert [(str(each.pool), each.verdict) for each in placement.pools] == [
            ("node group sandbox", Verdict.FITS),
            ("node group plain", Verdict.REJECTED),
        ]
        assert amounts_of(spec, runtime) == {"cpu": 1250}

    def test_a_runtime_class_that_is_elsewhere_may_add_anything(self) -> None:
        spec = {"runtimeClassName": "nvidia"}
        assert verdict(spec, node_group(taints=["a:NoSchedule"])) == "unclear"
        assert verdict({**spec, "nodeSelector": {"team": "a"}}, node_group()) == "rejected"

    def test_what_a_vertical_autoscaler_sets_is_not_known(self) -> None:
        autoscaler = """\
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: app}
spec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: app}}
"""
        made = workload(requests(memory="1Ti"))
        [placement] = placements(estate([node_group()], made, kubernetes_object(autoscaler)))
        assert placement.verdict is Verdict.UNCLEAR
        off = autoscaler.replace("spec: {", "spec: {updatePolicy: {updateMode: 'Off'}, ")
        [placement] = placements(estate([node_group()], workload(requests(memory="1Ti")), kubernetes_object(off)))
        assert placement.causes == (Cause.TOO_LARGE,)

    def test_an_unknown_request_is_at_least_nothing(self) -> None:
        manifest = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {containers: [{name: app, resources: {requests: {cpu: "${CPU}", memory: MEMORY}}}]}}}
"""
        assert verdict(manifest.replace("MEMORY", "1Gi"), node_group()) == "unclear"
        assert verdict(manifest.replace("MEMORY", "1Ti"), node_group()) == "rejected"

    def test_devices_that_are_claimed_dynamically_are_unclear(self) -> None:
        assert verdict({"resourceClaims": [{"name": "gpu"}]}, node_group()) == "unclear"


class TestAllocatable:
    """What nodes offer: Karpenter's figures, and what no real node exceeds."""

    @pytest.mark.parametrize(
        ("name", "cpu", "memory", "pods"),
        [
            # Karpenter for AWS 1.14, website/content/en/docs/reference/instance-types.md
            ("m5.large", 1930, 6903, 29),
            ("t3.medium", 1930, 3246, 17),
            ("m6g.xlarge", 3920, 14103, 58),
            ("c5.9xlarge", 35840, 65269, 234),
            ("p4d.24xlarge", 95690, 1082712, 737),
            ("t2.nano", 940, 74, 4),
        ],
    )
    def test_the_usual_figures_are_those_of_karpenter(self, name: str, cpu: int, memory: int, pods: int) -> None:
        each, kubelet = type_called(name), Kubelet()
        assert cpu_range(each, kubelet)[0] == cpu
        assert memory_range(each, kubelet)[0] == memory * MEBIBYTE
        assert pods_range(each, kubelet) == (pods, pods)

    def test_at_best_is_the_nominal_size_without_what_is_surely_kept(self) -> None:
        assert memory_range(type_called("m5.large"), Kubelet())[1] == (8192 - 255 - 11 * 29 - 100) * MEBIBYTE

    @pytest.mark.parametrize(
        ("kubelet", "least", "most"),
        [
            (Kubelet(), 29, 29),
            (Kubelet(most_pods=50), 50, 50),
            (Kubelet(uses_prefixes=True), 110, 110),
            (Kubelet(uses_prefixes=None), 29, 110),
            (Kubelet(has_own_pod_network=True), 20, 20),
            (Kubelet(has_own_pod_network=True, uses_prefixes=True), 110, 110),
            (Kubelet(has_own_pod_network=None, uses_prefixes=None), 20, 110),
            (Kubelet(is_auto=True, uses_prefixes=True), 110, 110),
        ],
    )
    def test_pods_of_an_m5_large(self, kubelet: Kubelet, least: int, most: int) -> None:
        assert pods_range(type_called("m5.large"), kubelet) == (least, most)

    def test_managed_groups_are_capped_and_old_types_have_no_prefixes(self) -> None:
        large = type_called("c5.9xlarge")
        assert pods_range(large, Kubelet()) == (234, 234)
        assert pods_range(type_called("m5.24xlarge"), Kubelet())[1] == 737
        assert pods_range(type_called("m5.24xlarge"), Kubelet(is_capped=True)) == (250, 250)
        assert pods_range(type_called("m4.large"), Kubelet(uses_prefixes=True)) == (20, 20)

    def test_own_reservations_take_the_place_of_the_formula(self) -> None:
        kubelet = Kubelet(reserved_memory=1 << 30, system_memory=1 << 29, evicts_at=200 * MEBIBYTE, reserved_cpu=300)
        each = type_called("m5.large")
        assert memory_range(each, kubelet)[1] == (8192 - 1024 - 512 - 200) * MEBIBYTE
        assert cpu_range(each, kubelet) == (1700, 1700)

    def test_an_image_of_the_user_may_reserve_nothing(self) -> None:
        each, kubelet = type_called("m5.large"), Kubelet(reserves_as_advised=False)
        assert memory_range(each, kubelet)[1] == 8192 * MEBIBYTE
        assert cpu_range(each, kubelet) == (1930, 2000)

    def test_disks(self) -> None:
        each = type_called("m5.large")
        assert storage_range(each, Kubelet()) is None
        assert storage_range(each, Kubelet(disk=20 << 30)) == (17 << 30, 17 << 30)
        local = type_called("m5d.large")
        assert storage_range(local, Kubelet(disk=20 << 30, may_use_local_disks=True)) is None

    @pytest.mark.parametrize(
        ("name", "resource", "expected"),
        [
            ("g5.xlarge", "nvidia.com/gpu", (1, 1)),
            ("p4d.24xlarge", "nvidia.com/gpu", (8, 8)),
            ("m5.large", "nvidia.com/gpu", (0, 0)),
            ("g6f.large", "nvidia.com/gpu", (0, 1)),
            ("inf2.xlarge", "aws.amazon.com/neuron", (1, 1)),
            ("inf2.xlarge", "aws.amazon.com/neuroncore", (2, 2)),
            ("c5n.18xlarge", "vpc.amazonaws.com/efa", (1, 1)),
            ("t3.large", "vpc.amazonaws.com/pod-eni", (0, 0)),
            ("m5.large", "vpc.amazonaws.com/pod-eni", None),
            ("m5.large", "hugepages-2Mi", None),
            ("m5.large", "example.com/thing", None),
        ],
    )
    def test_devices(self, name: str, resource: str, expected: tuple[int, int] | None) -> None:
        assert offered(type_called(name), resource, Kubelet()) == expected


class TestKubelet:
    """Where the settings of a kubelet come from."""

    def test_a_managed_group_of_an_eks_image_is_capped_and_reserves_as_advised(self) -> None:
        group = node_group(ami_family="AmazonLinux2023", volume_size=80)
        kubelet = kubelet_of_group(group, image_of(group), Networking(True, False))
        assert kubelet == Kubelet(is_capped=True, uses_prefixes=True, disk=80 << 30, may_use_local_disks=True)

    def test_a_group_with_an_image_of_its_own_may_do_anything(self) -> None:
        group = node_group(ami_id="ami-0123", kind="managed")
        kubelet = kubelet_of_group(group, image_of(group), Networking(True, False))
        assert not kubelet.reserves_as_advised
        assert not kubelet.is_capped
        assert kubelet.uses_prefixes is None

    def test_scripts_that_reserve_are_not_second_guessed(self) -> None:
        group = node_group(ami_family="AmazonLinux2", startup_scripts=("echo --system-reserved=memory=1Gi",))
        assert not kubelet_of_group(group, image_of(group), Networking(False, False)).reserves_as_advised

    def test_settings_of_the_group_count(self) -> None:
        group = node_group(
            ami_family="AmazonLinux2023",
            max_pods=40,
            kubelet_configuration={
                "kubeReserved": {"cpu": "300m", "memory": "300Mi"},
                "systemReserved": {"memory": "1Gi"},
                "evictionHard": {"memory.available": "200Mi"},
            },
        )
        kubelet = kubelet_of_group(group, image_of(group), Networking(False, False))
        assert (kubelet.most_pods, kubelet.reserved_cpu, kubelet.reserved_memory) == (40, 300, 300 * MEBIBYTE)
        assert (kubelet.system_memory, kubelet.evicts_at) == (1 << 30, 200 * MEBIBYTE)
        percentage = node_group(
            ami_family="AmazonLinux2023", kubelet_configuration={"evictionHard": {"memory.available": "5%"}}
        )
        assert not kubelet_of_group(percentage, image_of(percentage), Networking(False, False)).reserves_as_advised

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (None, Networking(False, False)),
            ('{"env": {"ENABLE_PREFIX_DELEGATION": "true"}}', Networking(True, False)),
            ("env:\n  ENABLE_PREFIX_DELEGATION: true\n", Networking(True, False)),
            ('{"env": {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true"}}', Networking(False, True)),
            ('{"enableNetworkPolicy": "true"}', Networking(False, False)),
            ("{", Networking(None, None)),
            ("[1]", Networking(None, None)),
            ('{"env": 1}', Networking(None, None)),
        ],
    )
    def test_the_cni_add_on_decides_how_many_addresses_there_are(
        self, values: str | None, expected: Networking
    ) -> None:
        made = estate([node_group()], default_addons=("vpc-cni",))
        [cluster] = made.clusters
        if values is not None:
            cluster.declare(addons=addon("vpc-cni", values))
        assert networking_of(cluster) == expected

    @pytest.mark.parametrize(
        ("variable", "values", "expected"),
        [
            ("{name: ENABLE_PREFIX_DELEGATION, value: 'true'}", None, Networking(True, False)),
            ("{name: ENABLE_PREFIX_DELEGATION, value: 'false'}", None, Networking(False, False)),
            ("{name: AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG, value: T}", "", Networking(False, True)),
            (
                "{name: ENABLE_PREFIX_DELEGATION, value: 'true'}",
                '{"env": {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true"}}',
                Networking(True, True),
            ),
            (
                "{name: ENABLE_PREFIX_DELEGATION, value: 'true'}",
                '{"env": {"ENABLE_PREFIX_DELEGATION": "false"}}',
                Networking(None, None),
            ),
            (
                "{name: ENABLE_PREFIX_DELEGATION, valueFrom: {configMapKeyRef: {name: cni, key: prefixes}}}",
                None,
                Networking(None, None),
            ),
        ],
    )
    def test_the_daemon_set_decides_too(self, variable: str, values: str | None, expected: Networking) -> None:
        daemon_set = workload(
            "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: aws-node, namespace: kube-system}, "
            f"spec: {{template: {{spec: {{containers: [{{name: aws-node, env: [{variable}]}}]}}}}}}}}"
        )
        made = estate([node_group()], daemon_set, default_addons=("vpc-cni",))
        [cluster] = made.clusters
        if values is not None:
            cluster.declare(addons=addon("vpc-cni", values))
        assert networking_of(cluster) == expected

    def test_without_an_add_on_nobody_knows_the_cni(self) -> None:
        [cluster] = estate([node_group()]).clusters
        assert networking_of(cluster) == Networking(None, None)


class TestVerdicts:
    """Certainly too large, probably too large, large enough."""

    @pytest.mark.parametrize(
        ("memory", "expected", "cause"),
        [
            ("6903Mi", "fits", None),
            ("6904Mi", "unclear", Cause.PROBABLY_TOO_LARGE),
            ("7518Mi", "unclear", Cause.PROBABLY_TOO_LARGE),
            ("7519Mi", "rejected", Cause.TOO_LARGE),
        ],
    )
    def test_memory_of_an_m5_large(self, memory: str, expected: str, cause: Cause | None) -> None:
        group = node_group(ami_family="AmazonLinux2023")
        placement = place(requests(memory=memory), group, default_addons=("vpc-cni",))
        assert placement.verdict.value == expected
        assert placement.cause is cause

    def test_what_is_said_of_too_large_a_pod(self) -> None:
        placement = place(
            requests(memory="6Gi"), node_group(instance_types=("t3.medium", "t3.small")), default_addons=("vpc-cni",)
        )
        [said] = placement.rejections(Cause.TOO_LARGE)
        assert said.reason == "6Gi of memory requested, at most 3.47Gi allocatable on t3.medium"
        assert said.at_workload is not None
        assert said.at_workload.path == ("resources", "requests", "memory")
        assert said.at_pool is not None
        assert said.at_pool.path == ("instance_types",)

    def test_the_largest_share_is_blamed(self) -> None:
        spec = {
            "containers": [
                {"name": "small", "resources": {"requests": {"memory": "1Gi"}}},
                {"name": "large", "resources": {"limits": {"memory": "9Gi"}}},
            ]
        }
        [said] = place(spec, node_group()).rejections(Cause.TOO_LARGE)
        assert said.at_workload is not None
        assert said.at_workload.source.path[-5:] == ("containers", 1, "resources", "limits", "memory")

    def test_cpu_and_memory_have_to_fit_on_one_type(self) -> None:
        group = node_group(instance_types=("c5.4xlarge", "r5.large"), ami_family="AmazonLinux2023")
        placement = place(requests(cpu="8", memory="12Gi"), group)
        assert placement.verdict is Verdict.FITS
        placement = place(requests(cpu="8", memory="48Gi"), node_group(instance_types=("c5.2xlarge", "r5.2xlarge")))
        assert placement.causes == (Cause.TOO_LARGE,)
        assert placement.pools[0].reason == "8 of cpu requested, at most 7.91 allocatable on r5.2xlarge"

    @pytest.mark.parametrize(
        ("amount", "types", "cause"),
        [
            ("1", ("m5.large",), Cause.NO_SUCH_DEVICE),
            ("1", ("m5.large", "g5.xlarge"), None),
            ("2", ("m5.large", "g5.xlarge"), Cause.TOO_FEW_DEVICES),
            ("9", ("p4d.24xlarge",), Cause.TOO_FEW_DEVICES),
        ],
    )
    def test_gpus(self, amount: str, types: tuple[str, ...], cause: Cause | None) -> None:
        assert place(requests(gpu=amount), node_group(instance_types=types)).cause is cause

    def test_a_gpu_node_that_is_too_small_is_nearer_than_a_node_without(self) -> None:
        placement = place(requests(gpu="4"), node_group("cpu"), node_group("gpu", instance_types=("g5.xlarge",)))
        assert placement.causes == (Cause.TOO_FEW_DEVICES,)
        assert [str(each.pool) for each in placement.rejections(Cause.TOO_FEW_DEVICES)] == [
            "node group gpu",
            "node group cpu",
        ]

    def test_shared_gpus_are_as_many_as_the_device_plugin_says(self) -> None:
        sharing = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: device-plugin}
data:
  any: |
    sharing:
      timeSlicing: {resources: [{name: nvidia.com/gpu, replicas: 4}]}
"""
        gpu = node_group(instance_types=("g5.xlarge",))
        [placement] = placements(estate([gpu], workload(requests(gpu="4")), kubernetes_object(sharing)))
        assert placement.verdict is Verdict.UNCLEAR
        [placement] = placements(estate([node_group()], workload(requests(gpu="4")), kubernetes_object(sharing)))
        assert placement.causes == (Cause.NO_SUCH_DEVICE,)

    def test_ephemeral_storage(self) -> None:
        group = node_group(volume_size=20, ami_family="AmazonLinux2023")
        assert verdict(requests(storage="17Gi"), group) == "fits"
        assert place(requests(storage="18Gi"), group).causes == (Cause.EPHEMERAL_STORAGE,)
        assert verdict(requests(storage="18Gi"), node_group(volume_size=unknown())) == "unclear"

    def test_a_resource_that_no_table_knows_is_unclear(self) -> None:
        assert verdict(requests(**{"example.com/thing": "1"}), node_group()) == "unclear"
        assert verdict(requests(**{"hugepages-2Mi": "100Mi"}), node_pool()) == "unclear"

    def test_live_nodes_offer_what_they_say(self) -> None:
        node = live_node(allocatable={"cpu": "1930m", "memory": "7000Mi", "nvidia.com/gpu": "4"})
        assert verdict(requests(cpu="1930m", memory="7000Mi", gpu="4"), node) == "fits"
        assert verdict(requests(cpu="1931m"), node) == "rejected"
        assert verdict(requests(**{"example.com/thing": "1"}), node) == "rejected"
        assert verdict(requests(cpu="1"), live_node()) == "unclear"

    def test_karpenter_chooses_a_type_that_is_large_enough(self) -> None:
        assert verdict(requests(cpu="90", memory="300Gi"), node_pool()) == "fits"
        assert place(requests(memory="100Ti"), node_pool()).causes == (Cause.TOO_LARGE,)
        small = node_pool("small", ("karpenter.k8s.aws/instance-cpu", "Lt", ["9"]))
        assert place(requests(cpu="9"), small).causes == (Cause.TOO_LARGE,)

    def test_a_provisioner_that_has_to_stay_flexible_is_unclear_for_demanding_pods(self) -> None:
        def flexible(least: int) -> Reading:
            requirement = Requirement("karpenter.k8s.aws/instance-family", "Exists", (), least)
            return Reading((requirement,), pool.origin)

        pool = node_pool()
        pool.declare(requirements=flexible(400))
        assert verdict(requests(cpu="1"), pool) == "unclear"
        pool.declare(requirements=flexible(5))
        assert verdict(requests(cpu="1"), pool) == "fits"
