import pytest

from ekslint.facts import addons, auto_mode, fargate, node_capacity
from ekslint.facts.instance_types import families, instance_type


@pytest.mark.parametrize(("vcpus", "reserved"), [(1, 60), (2, 70), (4, 80), (8, 90), (16, 110), (48, 190), (96, 310)])
def test_reserved_cpu(vcpus, reserved):
    assert node_capacity.reserved_cpu_millicores(vcpus) == reserved
    assert node_capacity.allocatable_cpu_millicores(vcpus) == vcpus * 1000 - reserved


@pytest.mark.parametrize(
    ("name", "millicores", "memory"),
    # from Karpenter's page of instance types
    [("m5.large", 1930, 6903), ("a1.medium", 940, 1392), ("a1.large", 1930, 3055), ("a1.xlarge", 3920, 6525)],
)
def test_allocatable_as_karpenter_says(name, millicores, memory):
    info = instance_type(name)
    assert node_capacity.allocatable_cpu_millicores(info.vcpus) == millicores
    arm64 = "arm64" in info.architectures
    assert node_capacity.karpenter_allocatable_memory_mib(info.memory_mib, info.max_pods, arm64=arm64) == memory
    assert memory < node_capacity.most_allocatable_memory_mib(info.memory_mib, info.max_pods) < info.memory_mib


def test_allocatable_is_never_negative():
    assert node_capacity.most_allocatable_memory_mib(512, 110) == 0
    assert node_capacity.karpenter_allocatable_memory_mib(512, 110) == 0
    assert node_capacity.most_allocatable_ephemeral_storage_bytes(1) == 0


def test_allocatable_ephemeral_storage():
    assert node_capacity.most_allocatable_ephemeral_storage_bytes(20) == 17 * 1024**3


@pytest.mark.parametrize(
    ("millicores", "memory", "size"),
    [
        (0, 0, (250, 512)),
        (250, 256, (250, 512)),
        (250, 257, (250, 1024)),
        (250, 1793, (500, 3072)),
        (251, 0, (500, 1024)),
        (1000, 2048, (1000, 3072)),
        (4000, 30 * 1024 - 256, (4000, 30 * 1024)),
        (4000, 30 * 1024, (8000, 32 * 1024)),
        (16000, 120 * 1024 - 256, (16000, 120 * 1024)),
        (16000, 120 * 1024, None),
        (16001, 0, None),
    ],
)
def test_fargate_size(millicores, memory, size):
    assert fargate.fargate_size(millicores, memory) == size


def test_fargate_sizes():
    assert list(fargate.SIZES) == sorted(fargate.SIZES)
    assert fargate.LARGEST == (16000, 120 * 1024)
    assert {size.millicores for size in fargate.SIZES} == {250, 500, 1000, 2000, 4000, 8000, 16000}


@pytest.mark.parametrize(
    ("name", "supported"),
    [
        ("m5.large", True),
        ("t3.small", False),
        ("c6g.medium", False),
        ("m1.large", False),
        ("a1.large", False),
        ("c9g.large", None),
        ("m5.metal", None),
        ("p5.48xlarge", True),
    ],
)
def test_auto_mode_instance_types(name, supported):
    assert auto_mode.is_supported(instance_type(name)) is supported


def test_auto_mode_families_exist():
    assert families() >= auto_mode.SUPPORTED_FAMILIES


def test_builtin_pools():
    assert set(auto_mode.BUILTIN_POOLS) == {"general-purpose", "system"}
    assert auto_mode.BUILTIN_POOLS["system"].is_tainted
    assert auto_mode.BUILTIN_POOLS["general-purpose"].architectures == {"amd64"}


def test_addons():
    ebs = addons.addon("aws-ebs-csi-driver")
    assert (ebs.namespace, ebs.service_account) == ("kube-system", "ebs-csi-controller-sa")
    assert ebs.any_policy_will_do
    assert ebs.needs_permissions
    assert addons.addon("coredns").is_built_into_auto_mode
    assert not addons.addon("coredns").needs_permissions
    assert addons.addon("adot").needs == ("cert-manager",)
    assert addons.addon("accuknox_kubearmor") is None
    assert set(addons.CORE_ADDONS) <= set(addons.addons())
    assert {need for found in addons.addons().values() for need in found.needs} <= set(addons.addons())
    assert {found.permissions for found in addons.addons().values()} == {"", "optional", "required"}
