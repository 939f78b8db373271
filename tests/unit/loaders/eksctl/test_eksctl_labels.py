import pytest
from eksctl_loading import UNKNOWN, line, load, managed, problems, self_managed, value

from ekslint.model.pool import Taint

EKSCTL_LABELS = {"alpha.eksctl.io/cluster-name": "shop", "alpha.eksctl.io/nodegroup-name": "general"}
MANAGED_LABELS = EKSCTL_LABELS | {
    "eks.amazonaws.com/nodegroup": "general",
    "eks.amazonaws.com/capacityType": "ON_DEMAND",
}


def test_managed_groups_carry_their_own_labels():
    assert managed("labels: {workload: cpu}").labels == {"workload": "cpu", **MANAGED_LABELS}
    assert managed().labels == MANAGED_LABELS
    assert managed("spot: true").labels["eks.amazonaws.com/capacityType"] == "SPOT"


def test_self_managed_groups_carry_no_labels_of_eks():
    assert self_managed("labels: {workload: cpu}").labels == {"workload": "cpu", **EKSCTL_LABELS}


MIXED = """\
amiFamily: AmazonLinux2
instancesDistribution: {{instanceTypes: [a], onDemandPercentageAboveBaseCapacity: {}}}
"""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("amiFamily: AmazonLinux2", "on-demand"),
        ("amiFamily: Ubuntu2204", "on-demand"),
        ("amiFamily: Bottlerocket", None),
        ("", None),
        ("amiFamily: AmazonLinux2\nlabels: {node-lifecycle: mine}", "on-demand"),
        (MIXED.format(0), "spot"),
        (MIXED.format(50), None),
    ],
)
def test_the_bootstrap_script_of_eksctl_labels_the_lifecycle(fields, expected):
    assert self_managed(fields).labels.get("node-lifecycle") == expected


def test_what_eksctl_sets_wins():
    assert managed("labels: {alpha.eksctl.io/cluster-name: other}").labels["alpha.eksctl.io/cluster-name"] == "shop"


def test_labels_point_at_their_lines():
    pool = managed("""\
        labels:
          role: web
          workload: cpu
    """)
    assert line(pool.at("labels", "workload")) == ("cpu", "workload: cpu")
    assert line(pool.at("labels", "workload", key=True)) == ("workload", "workload: cpu")
    assert line(pool.at("labels", "absent"))[1] == "labels:"
    assert line(pool.at("labels", "eks.amazonaws.com/nodegroup")) == ("general", "- name: general")
    assert line(pool.at("labels", "alpha.eksctl.io/cluster-name")) == ("shop", "name: shop")
    assert line(managed().at("labels", "workload")) == ("general", "- name: general")


def test_empty_and_null_labels():
    assert managed("labels: {dedicated: }").labels["dedicated"] == ""
    assert managed("labels: null").labels == MANAGED_LABELS
    assert managed("labels: {}").labels == MANAGED_LABELS


def test_a_templated_label_leaves_the_others_known():
    pool = managed("labels: {team: '${TEAM}', workload: cpu}")
    assert pool.labels["workload"] == "cpu"
    assert pool.unknown("labels", "team")
    assert "team" in pool.labels
    assert not pool.unknown("labels", "nothing")
    assert line(pool.at("labels", "team"))[0] == "'${TEAM}'"


def test_templated_keys_leave_the_keys_open():
    pool = managed("labels: {'${KEY}': yes-please, workload: cpu}")
    assert pool.labels["workload"] == "cpu"
    assert pool.unknown("labels", "other")
    assert value(managed("labels: ${LABELS}"), "labels") == UNKNOWN


OVERRIDE = "amiFamily: AmazonLinux2\nami: ami-1\noverrideBootstrapCommand: /etc/eks/bootstrap.sh shop"
NODE_CONFIG = """\
ami: ami-1
amiFamily: AmazonLinux2023
overrideBootstrapCommand: |
  apiVersion: node.eks.aws/v1alpha1
  kind: NodeConfig
  spec: {kubelet: {%s}}
"""


SCRIPT = """\
ami: ami-1
amiFamily: AmazonLinux2023
overrideBootstrapCommand: |
  #!/bin/bash
  %s
"""


@pytest.mark.parametrize(
    ("fields", "labels_open", "taints_open"),
    [
        (OVERRIDE, True, True),
        (SCRIPT % "nodeadm init", True, True),
        (SCRIPT % "curl -s https://example.com/join.sh | bash", True, True),
        (SCRIPT % "cat > /etc/node.yaml <<EOF\n  apiVersion: node.eks.aws/v1alpha1\n  EOF", True, True),
        (SCRIPT.replace("#!/bin/bash", "nodeadm init -c file:///etc/node.yaml") % "", True, True),
        (NODE_CONFIG % "config: {maxPods: 20}", False, False),
        (NODE_CONFIG % "flags: ['--node-labels=a=b']", True, False),
        (NODE_CONFIG % "config: {registerWithTaints: []}", False, True),
        ("preBootstrapCommands: [yum install -y jq]", False, False),
        ("preBootstrapCommands: ['sed -i s/x/--node-labels=a=b/ /etc/eks/bootstrap.sh']", True, False),
        ("preBootstrapCommands: ['export KUBELET_EXTRA_ARGS=$X']", True, True),
        ("preBootstrapCommands: ${COMMANDS}", True, True),
        ("launchTemplate: {id: lt-1}", True, True),
        ("amiFamily: Bottlerocket\nbottlerocket: {settings: {kubernetes: {node-labels: {a: b}}}}", True, False),
        ("amiFamily: Bottlerocket\nbottlerocket: {settings: {motd: hello}}", False, False),
    ],
)
def test_what_may_set_labels_and_taints_leaves_them_open(fields, labels_open, taints_open):
    pool = managed(f"labels: {{workload: cpu}}\ntaints: [{{key: a, effect: NoSchedule}}]\n{fields}")
    assert pool.labels["workload"] == "cpu"
    assert pool.taints[0] == Taint("a", "", "NoSchedule")
    assert pool.unknown("labels", "other") is labels_open
    assert value(pool, "taints", 1) == UNKNOWN if taints_open else len(pool.taints) == 1


def test_taints_as_a_list():
    pool = managed("""\
        taints:
          - key: dedicated
            value: batch
            effect: NoSchedule
          - {key: spot, effect: PreferNoSchedule}
          - {key: odd, value: "1", effect: NO_SCHEDULE}
    """)
    assert list(pool.taints) == [
        Taint("dedicated", "batch", "NoSchedule"),
        Taint("spot", "", "PreferNoSchedule"),
        Taint("odd", "1", "NO_SCHEDULE"),
    ]
    assert line(pool.at("taints", 0)) == ("dedicated", "- key: dedicated")
    assert line(pool.at("taints", 0, "effect")) == ("NoSchedule", "effect: NoSchedule")
    assert line(pool.at("taints", 1, "value"))[1] == "- {key: spot, effect: PreferNoSchedule}"


def test_taints_as_a_mapping():
    pool = self_managed("""\
        taints:
          dedicated: "batch:NoSchedule"
          quiet: ":NoExecute"
          bare: NoSchedule
          odd: "a:b:NoSchedule"
    """)
    assert list(pool.taints) == [
        Taint("dedicated", "batch", "NoSchedule"),
        Taint("quiet", "", "NoExecute"),
        Taint("bare", "", "NoSchedule"),
        Taint("odd", "", ""),
    ]
    assert line(pool.at("taints", 2)) == ("NoSchedule", "bare: NoSchedule")


def test_a_mapping_of_taints_is_refused_in_managed_groups():
    loaded = load(
        """\
        kind: ClusterConfig
        metadata: {name: shop}
        managedNodeGroups:
          - name: general
            taints: {dedicated: "batch:NoSchedule"}
        """
    )
    assert problems(loaded) == [
        (
            "wrong-type",
            "managedNodeGroups[0].taints must be a list of taints, as in every managed node group, not a mapping",
        )
    ]
    assert list(loaded.pools[0][0].taints) == [Taint("dedicated", "batch", "NoSchedule")]


def test_unknown_taints():
    assert value(managed("taints: ${TAINTS}"), "taints", 0) == UNKNOWN
    pool = managed("taints: [{key: a, value: '${V}', effect: NoSchedule}, {key: b, effect: NoExecute}]")
    assert value(pool, "taints", 0) == UNKNOWN
    assert pool.taints[1] == Taint("b", "", "NoExecute")
    assert value(self_managed("taints: {a: '${V}:NoSchedule'}"), "taints", 0) == UNKNOWN
    assert value(self_managed("taints: {'${K}': 'v:NoSchedule'}"), "taints", 1) == UNKNOWN


def test_the_kubelet_registers_with_taints_where_the_group_has_none():
    kubelet = "kubeletExtraConfig: {registerWithTaints: [{key: a, value: b, effect: NoSchedule}]}"
    assert list(self_managed(kubelet).taints) == [Taint("a", "b", "NoSchedule")]
    both = self_managed(kubelet + "\ntaints: [{key: own, effect: NoExecute}]")
    assert list(both.taints) == [Taint("own", "", "NoExecute")]


def test_tags_of_the_scaling_group():
    body = "iam: {withOIDC: true}\n"
    pool = self_managed(
        """\
        labels: {workload: cpu}
        tags: {team: shop}
        propagateASGTags: true
        taints: [{key: dedicated, value: batch, effect: NoSchedule}]
        iam: {withAddonPolicies: {autoScaler: true}}
        """,
        body,
    )
    prefix = "k8s.io/cluster-autoscaler"
    assert pool.scaling_tags == {
        "team": "shop",
        "kubernetes.io/cluster/shop": "owned",
        f"{prefix}/enabled": "true",
        f"{prefix}/shop": "owned",
        f"{prefix}/node-template/label/workload": "cpu",
        f"{prefix}/node-template/label/alpha.eksctl.io/cluster-name": "shop",
        f"{prefix}/node-template/label/alpha.eksctl.io/nodegroup-name": "general",
        f"{prefix}/node-template/taint/dedicated": "batch",
    }
    assert pool.propagates_scaling_tags is True
    assert line(pool.at("scaling_tags", "team")) == ("shop", "tags: {team: shop}")


def test_tags_of_managed_scaling_groups_are_those_of_eks():
    pool = managed("tags: {team: shop}")
    assert pool.scaling_tags == {
        "k8s.io/cluster-autoscaler/enabled": "true",
        "k8s.io/cluster-autoscaler/shop": "owned",
    }
    assert pool.tags == {"team": "shop"}
    assert pool.propagates_scaling_tags is False


def test_unknown_tags():
    pool = self_managed("propagateASGTags: ${YES}\ntags: {team: shop}")
    assert pool.scaling_tags["team"] == "shop"
    assert pool.unknown("scaling_tags", "other")
    assert self_managed("iam: {withAddonPolicies: {autoScaler: '${YES}'}}").unknown("scaling_tags", "other")
