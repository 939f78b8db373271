import pytest

from ekslint.facts import label_domains as domains
from ekslint.facts import node_labels as labels
from ekslint.facts import node_taints as taints
from ekslint.facts.node_labels import LabelOrigin, PoolKind, Presence

EC2 = {kind for kind in PoolKind if kind not in {PoolKind.FARGATE, PoolKind.HYBRID}}
MANAGED = {PoolKind.MANAGED, PoolKind.EKSCTL_MANAGED}
AUTO = {PoolKind.AUTO, PoolKind.AUTO_BUILTIN}


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("kubernetes.io/arch", set(PoolKind)),
        ("kubernetes.io/hostname", set(PoolKind)),
        ("node.kubernetes.io/instance-type", EC2),
        ("topology.kubernetes.io/zone", EC2 | {PoolKind.FARGATE}),
        ("topology.k8s.aws/zone-id", EC2),
        ("topology.k8s.aws/network-node-layer-2", EC2),
        ("eks.amazonaws.com/nodegroup", MANAGED),
        ("eks.amazonaws.com/capacityType", MANAGED),
        ("alpha.eksctl.io/nodegroup-name", {PoolKind.EKSCTL_MANAGED, PoolKind.EKSCTL_SELF_MANAGED}),
        ("node-lifecycle", {PoolKind.EKSCTL_SELF_MANAGED}),
        ("karpenter.sh/nodepool", {PoolKind.KARPENTER} | AUTO),
        ("karpenter.sh/capacity-type", {PoolKind.KARPENTER} | AUTO),
        ("karpenter.k8s.aws/ec2nodeclass", {PoolKind.KARPENTER}),
        ("karpenter.k8s.aws/instance-family", {PoolKind.KARPENTER}),
        ("eks.amazonaws.com/nodeclass", AUTO),
        ("eks.amazonaws.com/instance-family", AUTO),
        ("eks.amazonaws.com/compute-type", AUTO | {PoolKind.FARGATE, PoolKind.HYBRID}),
        ("eks.amazonaws.com/hybrid-credential-provider", {PoolKind.HYBRID}),
        ("eks.amazonaws.com/node-class", set()),
        ("karpenter.sh/controller", set()),
        ("workload", set()),
        ("", set()),
    ],
)
def test_kinds_with(key, kinds):
    assert labels.kinds_with(key) == kinds


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (PoolKind.AUTO, "auto"),
        (PoolKind.AUTO_BUILTIN, "auto"),
        (PoolKind.FARGATE, "fargate"),
        (PoolKind.HYBRID, "hybrid"),
    ],
)
def test_compute_type_depends_on_the_kind(kind, value):
    label = labels.label_of(kind, "eks.amazonaws.com/compute-type")
    assert (label.values, label.origin, label.presence) == ({value}, LabelOrigin.FIXED, Presence.ALWAYS)
    assert labels.label_of(PoolKind.MANAGED, "eks.amazonaws.com/compute-type") is None


def test_values():
    assert labels.label_values("eks.amazonaws.com/capacityType") == {"ON_DEMAND", "SPOT", "CAPACITY_BLOCK"}
    assert labels.label_values("karpenter.sh/capacity-type") == {"on-demand", "spot", "reserved"}
    assert labels.label_values("eks.amazonaws.com/compute-type") == {"auto", "fargate", "hybrid"}
    assert labels.label_values("kubernetes.io/arch") == {"amd64", "arm64"}
    assert labels.label_values("topology.kubernetes.io/zone") == frozenset()
    assert labels.label_values("workload") == frozenset()


def test_every_kind_has_its_labels_once():
    for kind in PoolKind:
        keys = [label.key for label in labels.labels_of(kind)]
        assert len(keys) == len(set(keys)), kind
        assert {"kubernetes.io/arch", "kubernetes.io/os", "kubernetes.io/hostname"} <= set(keys)


def test_fixed_labels_have_one_value():
    for label in labels.node_labels():
        if label.origin is LabelOrigin.FIXED and label.presence is not Presence.USER:
            assert len(label.values) == 1, label.key


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("eks.amazonaws.com/nodegroup", True),
        ("karpenter.sh/controller", True),
        ("topology.k8s.aws/network-node-layer-1", True),
        ("topology.k8s.aws/network-node", False),
        ("eks.amazonaws.com/node-class", False),
        ("karpenter.sh/provisioner-name", False),
        ("workload", False),
    ],
)
def test_is_known_node_label(key, known):
    assert labels.is_known_node_label(key) is known


@pytest.mark.parametrize(
    ("key", "domain"),
    [
        ("eks.amazonaws.com/x", "eks.amazonaws.com"),
        ("karpenter.sh/x", "karpenter.sh"),
        ("node.karpenter.sh/x", "karpenter.sh"),
        ("a.karpenter.k8s.aws/x", "karpenter.k8s.aws"),
        ("mykarpenter.sh/x", None),
        ("team.eks.amazonaws.com/x", None),
        ("kubernetes.io/x", None),
        ("eks.amazonaws.com", None),
        ("x", None),
    ],
)
def test_reserved_domain(key, domain):
    assert domains.reserved_domain(key) == domain


def test_known_labels_in():
    assert "eks.amazonaws.com/nodegroup" in domains.known_labels_in("eks.amazonaws.com")
    assert domains.known_labels_in("alpha.eksctl.io") == (
        "alpha.eksctl.io/cluster-name",
        "alpha.eksctl.io/instance-id",
        "alpha.eksctl.io/nodegroup-name",
    )
    assert domains.known_labels_in("example.com") == ()
    assert all(domains.known_labels_in(domain) for domain in domains.RESERVED_DOMAINS)


def test_mistakes_are_mistakes_and_what_is_meant_exists():
    for mistake in labels._mistakes().values():
        key = mistake.key.rstrip("*")
        assert not labels.is_known_node_label(key), mistake.key
        assert all(map(labels.is_known_node_label, mistake.meant)), mistake.key
        assert mistake.meant or mistake.why, mistake.key


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("eks.amazonaws.com/node-class", ("eks.amazonaws.com/nodeclass",)),
        ("eks.amazonaws.com/node-group", ("eks.amazonaws.com/nodegroup",)),
        ("eks.amazonaws.com/nodepool", ("karpenter.sh/nodepool",)),
        ("alpha.eksctl.io/nodegroup", ("alpha.eksctl.io/nodegroup-name",)),
        ("karpenter.sh/provisioner-name", ("karpenter.sh/nodepool",)),
        ("cloud.google.com/gke-nodepool", ("eks.amazonaws.com/nodegroup", "karpenter.sh/nodepool")),
        ("kubernetes.azure.com/mode", ("eks.amazonaws.com/nodegroup", "karpenter.sh/nodepool")),
        ("cloud.google.com/whatever", ()),
    ],
)
def test_label_mistake(key, meant):
    found = labels.label_mistake(key)
    assert (found.key, found.meant) == (key, meant)


@pytest.mark.parametrize("key", ["workload", "eks.amazonaws.com/nodegroup", "", "/"])
def test_no_label_mistake(key):
    assert labels.label_mistake(key) is None


def test_well_known_karpenter_labels():
    karpenter = domains.well_known_karpenter_labels()
    assert len(karpenter) == 37
    assert {"karpenter.k8s.aws/instance-gpu-count", "topology.k8s.aws/zone-id", "karpenter.sh/nodepool"} <= karpenter
    assert not {"karpenter.k8s.aws/ec2nodeclass", "kubernetes.io/hostname", "karpenter.sh/registered"} & karpenter
    auto = domains.well_known_karpenter_labels(PoolKind.AUTO)
    assert {"eks.amazonaws.com/instance-family", "eks.amazonaws.com/compute-type"} <= auto
    assert not any(key.startswith("karpenter.k8s.aws/") for key in auto)
    renamed = {key.replace("karpenter.k8s.aws/", "eks.amazonaws.com/") for key in karpenter}
    assert auto - renamed == {"eks.amazonaws.com/compute-type"}
    assert auto == domains.well_known_karpenter_labels(PoolKind.AUTO_BUILTIN)
    assert domains.well_known_karpenter_labels(PoolKind.MANAGED) == frozenset()


@pytest.mark.parametrize(
    ("key", "restricted"),
    [
        ("kubernetes.io/hostname", True),
        ("karpenter.sh/nodepool", True),
        ("karpenter.sh/capacity-type", False),
        ("karpenter.sh/custom", True),
        ("mykarpenter.sh/x", True),
        ("karpenter.k8s.aws/instance-family", False),
        ("karpenter.k8s.aws/ec2nodeclass", True),
        ("kubernetes.io/arch", False),
        ("node.kubernetes.io/x", False),
        ("team", False),
    ],
)
def test_restricted_for_karpenter(key, restricted):
    assert domains.is_restricted_for_karpenter(key) is restricted


def test_karpenter_labels_on_auto_mode_are_restricted():
    assert domains.is_restricted_for_karpenter("karpenter.k8s.aws/instance-family", PoolKind.AUTO)


def test_normalized_labels_are_all_on_nodes():
    for old, new in domains.NORMALIZED_LABELS.items():
        assert labels.kinds_with(old) == labels.kinds_with(new), old


@pytest.mark.parametrize(
    ("key", "by_hand"),
    [
        ("feature.node.kubernetes.io/cpu-cpuid.AVX", True),
        ("nvidia.com/gpu.product", True),
        ("nvidia.com/mig.config", True),
        ("node-restriction.kubernetes.io/team", True),
        ("node-role.kubernetes.io/worker", True),
        ("nvidia.com/gpuproduct", False),
        ("workload", False),
        ("eks.amazonaws.com/nodegroup", False),
    ],
)
def test_may_be_set_by_hand(key, by_hand):
    assert domains.may_be_set_by_hand(key) is by_hand


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("workload", True),
        ("team.example.com/x", True),
        ("kubernetes.io/arch", True),
        ("kubernetes.io/role", False),
        ("node-role.kubernetes.io/worker", False),
        ("node.kubernetes.io/lifecycle", True),
        ("team.node.kubernetes.io/x", True),
        ("kubelet.kubernetes.io/x", True),
        ("topology.kubernetes.io/zone", True),
        ("topology.kubernetes.io/rack", False),
        ("k8s.io/x", False),
        ("team.k8s.io/x", False),
        ("mykubernetes.io/x", True),
    ],
)
def test_kubelet_may_set(key, allowed):
    assert domains.kubelet_may_set(key) is allowed


def test_kinds():
    assert {kind for kind in PoolKind if kind.is_auto} == AUTO
    assert {kind for kind in PoolKind if kind.is_provisioner} == AUTO | {PoolKind.KARPENTER}
    assert {kind for kind in PoolKind if kind.is_node_group} == EC2 - AUTO - {PoolKind.KARPENTER}


def test_automatic_taints():
    assert taints.automatic_taints(PoolKind.FARGATE) == (("eks.amazonaws.com/compute-type", "fargate", "NoSchedule"),)
    assert taints.automatic_taints(PoolKind.AUTO_BUILTIN, "system") == (("CriticalAddonsOnly", "", "NoSchedule"),)
    assert taints.automatic_taints(PoolKind.AUTO_BUILTIN, "general-purpose") == ()
    assert taints.automatic_taints(PoolKind.AUTO, "system") == ()
    assert taints.automatic_taints(PoolKind.MANAGED, "general") == ()


def test_transient_taints():
    assert taints.is_transient_taint("node.kubernetes.io/not-ready")
    assert taints.is_transient_taint("karpenter.sh/unregistered")
    assert not taints.is_transient_taint("CriticalAddonsOnly")
    assert all(taints.is_transient_taint(taint.key) for taint in taints.DAEMONSET_TOLERATIONS)
