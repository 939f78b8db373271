import pytest

from ekslint.facts import instance_types as types
from ekslint.facts.instance_offerings import regions_with_offerings
from ekslint.facts.instance_types import instance_type
from ekslint.facts.karpenter_labels import architecture_of, has_unknown_value, karpenter_labels
from ekslint.facts.node_labels import PoolKind, label_of
from ekslint.facts.regions import region, zones_of


@pytest.mark.parametrize(
    ("name", "max_pods"),
    [
        ("m5.large", 29),
        ("t3.medium", 17),
        ("c5.xlarge", 58),
        ("t3.micro", 4),
        ("p5.48xlarge", 100),
        ("m5.24xlarge", 737),
        ("g6e.48xlarge", 492),
    ],
)
def test_max_pods(name, max_pods):
    assert instance_type(name).max_pods == max_pods


def test_max_pods_is_the_formula_for_every_type():
    for info in types.all_instance_types():
        assert info.max_pods == info.default_card_enis * (info.ipv4_per_eni - 1) + 2
        assert info.max_pods_managed == min(info.max_pods, 110 if info.vcpus < 30 else 250)
        assert info.max_pods_with_prefix_delegation <= max(250, info.max_pods)
        assert 0 < info.default_card_enis <= info.enis
        assert info.network_cards > 1 or info.default_card_enis == info.enis


@pytest.mark.parametrize(("name", "pods"), [("m5.large", 110), ("c5.18xlarge", 250), ("t3.nano", 34), ("m4.large", 20)])
def test_prefix_delegation(name, pods):
    assert instance_type(name).max_pods_with_prefix_delegation == pods


def test_every_type_is_read():
    everything = types.all_instance_types()
    assert len(everything) == len(types.instance_type_names()) > 1300
    assert list(types.instance_type_names()) == sorted(types.instance_type_names())
    for info in everything:
        assert instance_type(info.name) == info
        assert types.known_name(info.name)
        assert info.family in types.families()
        assert info.vcpus > 0
        assert info.memory_mib > 0
        assert info.architectures
        assert info.family + "." + info.size == info.name


@pytest.mark.parametrize("name", ["", "m5.larg", "m5", "large", "M5.large", "m5.large ", "m5.largee"])
def test_unknown_names_stay_unknown(name):
    assert instance_type(name) is None
    assert not types.known_name(name)


def test_a_name_without_facts():
    assert instance_type("p2.xlarge") is None
    assert types.known_name("p2.xlarge")


def test_properties():
    m5 = instance_type("m5.large")
    assert (m5.vcpus, m5.memory_mib, m5.architectures) == (2, 8192, {"amd64"})
    assert (m5.family, m5.size, m5.category, m5.generation) == ("m5", "large", "m", 5)
    assert (m5.hypervisor, m5.is_nitro, m5.is_bare_metal, m5.is_burstable) == ("nitro", True, False, False)
    assert (m5.ebs_attachments, m5.ebs_attachments_shared, m5.local_nvme_gb) == (27, True, None)
    assert (m5.supports_spot, m5.supports_on_demand, m5.supports_capacity_blocks) == (True, True, False)
    assert (m5.gpu_count, m5.neuron_devices, m5.supports_efa) == (0, 0, False)
    assert str(m5) == "m5.large"


def test_families_of_every_shape():
    assert (instance_type("c7i-flex.large").category, instance_type("c7i-flex.large").is_flex) == ("c", True)
    assert (instance_type("p6-b200.48xlarge").category, instance_type("p6-b200.48xlarge").generation) == ("p", 6)
    assert (instance_type("u-6tb1.112xlarge").category, instance_type("u-6tb1.112xlarge").generation) == ("u", 1)
    assert (instance_type("im4gn.large").category, instance_type("x2iedn.xlarge").category) == ("im", "x")
    assert instance_type("mac2.metal").architectures == {"arm64_mac"}
    assert instance_type("c5.metal").is_nitro
    assert not instance_type("m4.large").is_nitro
    assert instance_type("t4g.medium").architectures == {"arm64"}
    assert instance_type("t3.medium").is_burstable
    assert instance_type("i3en.large").local_nvme_gb == 1250


def test_accelerators():
    p5 = instance_type("p5.48xlarge")
    assert p5.gpus == (("NVIDIA", "H100", 8, 81920, 8),)
    assert (p5.gpu_count, p5.efa_interfaces, p5.supports_capacity_blocks) == (8, 32, True)
    trn = instance_type("trn1.32xlarge")
    assert (trn.neuron_devices, trn.neuron_cores, trn.gpu_count) == (16, 32, 0)
    inf = instance_type("inf1.xlarge")
    assert (inf.neuron_devices, inf.neuron_cores, inf.accelerators) == (1, 4, ())
    part = instance_type("g6f.large")
    assert (part.gpu_count, part.has_partial_gpu) == (0, True)
    assert instance_type("dl2q.24xlarge").accelerators == (("inference", "Qualcomm", "Qualcomm AI100", 8),)
    assert instance_type("f2.6xlarge").accelerators[0].sort == "fpga"


def test_pod_security_groups():
    assert instance_type("m5.large").supports_pod_security_groups is True
    assert instance_type("t3.large").supports_pod_security_groups is False
    assert instance_type("m4.large").supports_pod_security_groups is False
    assert instance_type("t8i.micro").supports_pod_security_groups is None


def test_offerings_are_zones_of_known_regions():
    assert len(regions_with_offerings()) >= 30
    for info in types.all_instance_types():
        assert info.regions() <= regions_with_offerings()
        for name in info.regions():
            assert set(info.zones(name)) <= set(zones_of(name))
    ids = {zone for name in regions_with_offerings() for zone in region(name).zone_ids}
    assert instance_type("m5.large").zone_ids() <= ids


def test_offerings_of_a_type():
    m5 = instance_type("m5.large")
    assert len(m5.zones("us-east-1")) >= 5
    assert len(m5.regions()) >= 25
    assert m5.zones("cn-north-1") == m5.zones("nowhere-1") == ()
    assert not instance_type("p5.48xlarge").zones("eu-west-3")


def test_karpenter_labels():
    labels = karpenter_labels(instance_type("g6.xlarge"))
    assert labels == {
        "karpenter.k8s.aws/instance-capability-flex": "false",
        "karpenter.k8s.aws/instance-category": "g",
        "karpenter.k8s.aws/instance-cpu": "4",
        "karpenter.k8s.aws/instance-cpu-manufacturer": "amd",
        "karpenter.k8s.aws/instance-cpu-sustained-clock-speed-mhz": "3400",
        "karpenter.k8s.aws/instance-ebs-bandwidth": "5000",
        "karpenter.k8s.aws/instance-encryption-in-transit-supported": "true",
        "karpenter.k8s.aws/instance-family": "g6",
        "karpenter.k8s.aws/instance-generation": "6",
        "karpenter.k8s.aws/instance-gpu-count": "1",
        "karpenter.k8s.aws/instance-gpu-manufacturer": "nvidia",
        "karpenter.k8s.aws/instance-gpu-memory": "22888",
        "karpenter.k8s.aws/instance-gpu-name": "l4",
        "karpenter.k8s.aws/instance-hypervisor": "nitro",
        "karpenter.k8s.aws/instance-local-nvme": "250",
        "karpenter.k8s.aws/instance-memory": "16384",
        "karpenter.k8s.aws/instance-network-bandwidth": "2500",
        "karpenter.k8s.aws/instance-size": "xlarge",
        "karpenter.k8s.aws/nitro-sandbox": "true",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": "g6.xlarge",
    }


def test_auto_mode_labels_are_the_same_under_another_domain():
    for name in ("m5.large", "g6.xlarge", "trn1.32xlarge", "c7i-flex.large"):
        ours = karpenter_labels(instance_type(name), PoolKind.AUTO)
        renamed = {
            key.replace("karpenter.k8s.aws/", "eks.amazonaws.com/"): value
            for key, value in karpenter_labels(instance_type(name)).items()
        }
        assert ours == renamed


def test_every_derived_label_is_in_the_label_table():
    for kind in (PoolKind.KARPENTER, PoolKind.AUTO, PoolKind.AUTO_BUILTIN):
        for info in types.all_instance_types():
            for key, value in karpenter_labels(info, kind).items():
                label = label_of(kind, key)
                assert label, key
                assert not label.values or value in label.values or "mac" in info.name, (key, value)


def test_karpenter_labels_of_other_kinds():
    with pytest.raises(ValueError, match="managed"):
        karpenter_labels(instance_type("m5.large"), PoolKind.MANAGED)


def test_values_that_are_not_known():
    assert has_unknown_value(instance_type("p5.48xlarge"), "karpenter.k8s.aws/instance-network-bandwidth")
    assert not has_unknown_value(instance_type("m5.large"), "karpenter.k8s.aws/instance-network-bandwidth")
    assert not has_unknown_value(instance_type("p5.48xlarge"), "karpenter.k8s.aws/instance-cpu")


def test_architecture_of():
    assert architecture_of(instance_type("m5.large")) == "amd64"
    assert architecture_of(instance_type("t1.micro")) == "amd64"
    assert architecture_of(instance_type("c7g.large")) == "arm64"
    assert architecture_of(instance_type("mac1.metal")) is None
