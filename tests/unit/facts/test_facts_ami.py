from datetime import date

import pytest

from ekslint.facts import ami_families as families
from ekslint.facts.ami_names import from_ami_name, from_ssm_path
from ekslint.facts.aws_enums import enumeration
from ekslint.facts.eksctl_fields import fields_of

OPTIMIZED = "/aws/service/eks/optimized-ami"


def test_eksctl_names_are_those_of_its_schema():
    assert set(families.eksctl_names()) == set(fields_of("ManagedNodeGroup")["amiFamily"].allowed)


def test_ami_types_are_those_of_the_api():
    assert set(families.ami_types()) == set(enumeration("eks.AMITypes"))
    assert len(families.ami_types()) == 23


@pytest.mark.parametrize("ami_type", families.ami_types())
def test_an_ami_type_agrees_with_its_own_name(ami_type):
    family = families.from_ami_type(ami_type)
    if ami_type == "CUSTOM":
        assert family.is_custom
        assert family.operating_system is None
        return
    assert family.architectures == {"arm64" if "ARM_64" in ami_type else "amd64"}
    assert family.is_windows == ami_type.startswith("WINDOWS")
    assert family.is_bottlerocket == ami_type.startswith("BOTTLEROCKET")
    assert ("nvidia" in family.accelerators) == ("NVIDIA" in ami_type or "GPU" in ami_type)


def test_facts_of_a_family():
    al2 = families.from_eksctl("AmazonLinux2")
    assert (al2.last_kubernetes, al2.end_of_support) == ("1.32", date(2025, 11, 26))
    assert (al2.bootstrap, al2.operating_system) == ("bootstrap.sh", "linux")
    al2023 = families.from_eksctl("AmazonLinux2023")
    assert (al2023.last_kubernetes, al2023.bootstrap) == (None, "nodeadm")
    assert al2023.architectures == {"amd64", "arm64"}
    windows = families.from_eksctl("WindowsServer2022CoreContainer")
    assert (windows.windows_build, windows.supports_ipv6, windows.architectures) == ("10.0.20348", False, {"amd64"})
    assert families.from_eksctl("Ubuntu2004").end_of_support == date(2025, 5, 29)
    assert families.from_eksctl("WindowsServer2004CoreContainer") is not None, "eksctl dropped it, files still have it"
    assert families.from_eksctl("Bottlerocket").data_device == "/dev/xvdb"


@pytest.mark.parametrize("name", ["", "amazonlinux2", "AL2", "AmazonLinux2022"])
def test_no_eksctl_family(name):
    assert families.from_eksctl(name) is None
    assert families.from_ami_type(name) is None


@pytest.mark.parametrize(
    ("alias", "family", "version"),
    [
        ("al2@latest", "AmazonLinux2", "latest"),
        ("al2023@v20240807", "AmazonLinux2023", "v20240807"),
        ("bottlerocket@v1.20.4", "Bottlerocket", "v1.20.4"),
        ("windows2022@latest", "WindowsServer2022Core", "latest"),
        ("windows2025@latest", "WindowsServer2025Core", "latest"),
        ("al2023", "AmazonLinux2023", None),
        ("ubuntu@latest", None, "latest"),
        ("AL2023@latest", None, "latest"),
        ("@", None, None),
    ],
)
def test_karpenter_alias(alias, family, version):
    found = families.from_karpenter_alias(alias)
    assert (found.name if found else None) == family
    assert families.karpenter_alias_version(alias) == version


def test_karpenter_families():
    assert families.from_karpenter("AL2023") == families.from_eksctl("AmazonLinux2023")
    assert families.from_karpenter("Custom").is_custom
    assert families.from_karpenter("Ubuntu").name == "Ubuntu"
    assert families.from_karpenter("al2023") is None
    assert families.karpenter_alias_families() == (
        "al2",
        "al2023",
        "bottlerocket",
        "windows2019",
        "windows2022",
        "windows2025",
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{OPTIMIZED}/1.17/amazon-linux-2/recommended/image_id", ("AmazonLinux2", "1.17", "amd64", set())),
        (f"{OPTIMIZED}/1.30/amazon-linux-2-gpu/recommended", ("AmazonLinux2", "1.30", "amd64", {"nvidia", "neuron"})),
        (f"{OPTIMIZED}/1.30/amazon-linux-2-arm64/recommended/image_id", ("AmazonLinux2", "1.30", "arm64", set())),
        (
            f"{OPTIMIZED}/1.31/amazon-linux-2023/arm64/standard/recommended/image_id",
            ("AmazonLinux2023", "1.31", "arm64", set()),
        ),
        (
            f"{OPTIMIZED}/1.31/amazon-linux-2023/x86_64/nvidia/recommended/image_id",
            ("AmazonLinux2023", "1.31", "amd64", {"nvidia"}),
        ),
        (
            f"{OPTIMIZED}/1.31/amazon-linux-2023/x86_64/neuron/recommended/release_version",
            ("AmazonLinux2023", "1.31", "amd64", {"neuron"}),
        ),
        (
            "/aws/service/bottlerocket/aws-k8s-1.31/x86_64/latest/image_id",
            ("Bottlerocket", "1.31", "amd64", {"neuron"}),
        ),
        (
            "/aws/service/bottlerocket/aws-k8s-1.31-nvidia-fips/arm64/latest/image_id",
            ("BottlerocketFips", "1.31", "arm64", {"nvidia"}),
        ),
        (
            "/aws/service/ami-windows-latest/Windows_Server-2022-English-Core-EKS_Optimized-1.31/image_id",
            ("WindowsServer2022Core", "1.31", "amd64", set()),
        ),
        (
            "/aws/service/canonical/ubuntu/eks/22.04/1.29/stable/current/amd64/hvm/ebs-gp2/ami-id",
            ("Ubuntu2204", "1.29", "amd64", set()),
        ),
        (
            "/aws/service/canonical/ubuntu/eks-pro/24.04/1.31/stable/current/arm64/hvm/ebs-gp3/ami-id",
            ("UbuntuPro2404", "1.31", "arm64", set()),
        ),
    ],
)
def test_ssm_path(path, expected):
    found = from_ssm_path(path)
    assert (found.family.name, found.kubernetes_version, found.architecture, found.family.accelerators) == expected
    assert found.family.architectures == {found.architecture}
    assert not found.is_pinned


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
        "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2",
        "/aws/service/ecs/optimized-ami/amazon-linux-2/recommended/image_id",
        f"{OPTIMIZED}/latest/amazon-linux-2/recommended/image_id",
        f"{OPTIMIZED}/1.31/amazon-linux-2023/x86_64",
        "/aws/service/canonical/ubuntu/eks/18.04/1.21/stable/current/amd64/hvm/ebs-gp2/ami-id",
        "/my/own/parameter",
        f"{OPTIMIZED}/1.31/amazon-linux-2/recommended/image_id\n",
    ],
)
def test_no_ssm_path_of_a_known_image(path):
    assert from_ssm_path(path) is None


@pytest.mark.parametrize(
    ("name", "expected", "pinned"),
    [
        ("amazon-eks-node-1.29-v20240129", ("AmazonLinux2", "1.29", "amd64"), True),
        ("amazon-eks-node-1.21-*", ("AmazonLinux2", "1.21", "amd64"), False),
        ("amazon-eks-gpu-node-1.29-v20240129", ("AmazonLinux2", "1.29", "amd64"), True),
        ("amazon-eks-arm64-node-1.29-v20240129", ("AmazonLinux2", "1.29", "arm64"), True),
        ("amazon-eks-node-al2023-x86_64-standard-1.31-v20250101", ("AmazonLinux2023", "1.31", "amd64"), True),
        ("amazon-eks-node-al2023-x86_64-nvidia-560-1.31-v20250101", ("AmazonLinux2023", "1.31", "amd64"), True),
        ("amazon-eks-node-al2023-arm64-standard-1.31-v*", ("AmazonLinux2023", "1.31", "arm64"), False),
        ("bottlerocket-aws-k8s-1.31-nvidia-x86_64-v1.26.1-943d9a41", ("Bottlerocket", "1.31", "amd64"), True),
        ("bottlerocket-aws-k8s-1.31-fips-aarch64-v1.26.1-943d9a41", ("BottlerocketFips", "1.31", "arm64"), True),
        (
            "Windows_Server-2022-English-Full-EKS_Optimized-1.31-2025.01.15",
            ("WindowsServer2022Full", "1.31", "amd64"),
            True,
        ),
        (
            "ubuntu-eks/k8s_1.31/images/hvm-ssd/ubuntu-noble-24.04-amd64-server-20250101",
            ("Ubuntu2404", "1.31", "amd64"),
            True,
        ),
        ("ubuntu-eks-pro/k8s_1.31/images/*22.04-arm64*", ("UbuntuPro2204", "1.31", "arm64"), False),
    ],
)
def test_ami_name(name, expected, pinned):
    found = from_ami_name(name)
    assert (found.family.name, found.kubernetes_version, found.architecture) == expected
    assert found.is_pinned is pinned


@pytest.mark.parametrize("name", ["", "ami-0123", "al2023-ami-2023.6.20250107.0-kernel-6.1-x86_64", "amazon-eks-node"])
def test_no_ami_name_of_a_known_image(name):
    assert from_ami_name(name) is None
