import pytest
from eksctl_loading import UNKNOWN, line, managed, self_managed, value


@pytest.mark.parametrize(
    ("fields", "family", "image"),
    [
        ("", "AmazonLinux2023", None),
        ("amiFamily: AmazonLinux2", "AmazonLinux2", None),
        ("amiFamily: bottlerocket", "Bottlerocket", None),
        ("amiFamily: Solaris", "Solaris", None),
        ("amiFamily: ''", "AmazonLinux2023", None),
        ("amiFamily: ${FAMILY}", UNKNOWN, None),
        ("ami: ami-1\namiFamily: Ubuntu2204", "Ubuntu2204", "ami-1"),
        ("ami: ami-1", None, "ami-1"),
        ("launchTemplate: {id: lt-1}", UNKNOWN, UNKNOWN),
        ("launchTemplate: {id: lt-1}\namiFamily: Bottlerocket", "Bottlerocket", UNKNOWN),
    ],
)
def test_image_of_managed_groups(fields, family, image):
    pool = managed(fields)
    assert (value(pool, "ami_family"), value(pool, "ami_id")) == (family, image)


@pytest.mark.parametrize(
    ("fields", "family", "image"),
    [
        ("", "AmazonLinux2023", None),
        ("ami: ami-1", "AmazonLinux2023", "ami-1"),
        ("ami: auto-ssm\namiFamily: Bottlerocket", "Bottlerocket", "auto-ssm"),
        ("launchTemplate: {id: lt-1}", "AmazonLinux2023", None),
    ],
)
def test_image_of_self_managed_groups(fields, family, image):
    pool = self_managed(fields)
    assert (value(pool, "ami_family"), value(pool, "ami_id")) == (family, image)


def test_release_version_and_launch_template_version():
    assert managed('releaseVersion: "1.34.1-20251015"').release_version == "1.34.1-20251015"
    assert managed("launchTemplate: {id: lt-1, version: '3'}").launch_template_version == "3"


@pytest.mark.parametrize(
    ("fields", "tokens", "hops"),
    [
        ("", "required", 2),
        ("disableIMDSv1: true", "required", 2),
        ("disableIMDSv1: false", "optional", 2),
        ("disablePodIMDS: true", "required", 1),
        ("disableIMDSv1: false\ndisablePodIMDS: true", "required", 1),
        ("disablePodIMDS: ${NO_PODS}", "required", UNKNOWN),
        ("disableIMDSv1: ${V2}", UNKNOWN, 2),
        ("disableIMDSv1: false\ndisablePodIMDS: ${NO_PODS}", UNKNOWN, UNKNOWN),
        ("launchTemplate: {id: lt-1}", UNKNOWN, UNKNOWN),
    ],
)
def test_metadata_service(fields, tokens, hops):
    pool = managed(fields)
    assert (value(pool, "http_tokens"), value(pool, "http_put_response_hop_limit")) == (tokens, hops)


def test_metadata_service_points_at_what_decides():
    assert line(managed("disableIMDSv1: false").at("http_tokens")) == ("false", "disableIMDSv1: false")
    assert not managed().at("http_tokens").is_written


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", (80, "gp3", None)),
        ("volumeSize: 20\nvolumeType: gp2\nvolumeEncrypted: true", (20, "gp2", True)),
        ("volumeEncrypted: false", (80, "gp3", False)),
        ("launchTemplate: {id: lt-1}", (UNKNOWN, UNKNOWN, UNKNOWN)),
        ("volumeSize: ${GB}", (UNKNOWN, "gp3", None)),
    ],
)
def test_root_volume(fields, expected):
    pool = managed(fields)
    assert tuple(value(pool, field) for field in ("volume_size", "volume_type", "volume_encrypted")) == expected


@pytest.mark.parametrize(
    ("fields", "allowed", "groups"),
    [
        ("", False, []),
        ("ssh: {allow: true}", True, []),
        ("ssh: {allow: true, sourceSecurityGroupIds: [sg-1]}", True, ["sg-1"]),
        ("ssh: {publicKeyName: key}", True, []),
        ("ssh: {publicKeyPath: ~/.ssh/key.pub}", True, []),
        ("ssh: {allow: false, publicKeyName: key}", False, []),
        ("ssh: {enableSsm: true}", False, []),
        ("ssh: {allow: '${SSH}'}", UNKNOWN, []),
        ("ssh: ${SSH}", UNKNOWN, UNKNOWN),
        ("launchTemplate: {id: lt-1}", UNKNOWN, []),
    ],
)
def test_ssh(fields, allowed, groups):
    pool = managed(fields)
    assert (value(pool, "ssh_allowed"), value(pool, "ssh_source_security_groups")) == (allowed, groups)


def test_ssh_by_a_key_alone_points_at_the_key():
    assert line(managed("ssh:\n  publicKeyName: mine").at("ssh_allowed")) == ("mine", "publicKeyName: mine")


def test_scripts_in_order_with_their_places():
    pool = managed("""\
        preBootstrapCommands:
          - echo ${HOME}
          - "true"
        overrideBootstrapCommand: |
          #!/bin/bash
          /etc/eks/bootstrap.sh shop
    """)
    assert list(pool.startup_scripts) == ["echo ${HOME}", "true", "#!/bin/bash\n/etc/eks/bootstrap.sh shop\n"]
    assert line(pool.at("startup_scripts", 0))[1] == "- echo ${HOME}"
    assert line(pool.at("startup_scripts", 2))[1] == "overrideBootstrapCommand: |"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", None),
        ("maxPodsPerNode: 50", 50),
        ("maxPodsPerNode: 0", None),
        ("kubeletExtraConfig: {maxPods: 42}", 42),
        ("maxPodsPerNode: 50\nkubeletExtraConfig: {maxPods: 42}", 50),
        ("amiFamily: Bottlerocket\nbottlerocket: {settings: {kubernetes: {max-pods: 20}}}", 20),
        ("maxPodsPerNode: ${PODS}", UNKNOWN),
    ],
)
def test_max_pods(fields, expected):
    assert value(self_managed(fields), "max_pods") == expected


def test_kubelet_configuration():
    pool = self_managed("kubeletExtraConfig: {kubeReserved: {cpu: 300m}, evictionHard: {memory.available: 500Mi}}")
    assert pool.kubelet_configuration == {
        "kubeReserved": {"cpu": "300m"},
        "evictionHard": {"memory.available": "500Mi"},
    }
    settings = "{settings: {kubernetes: {kube-reserved: {cpu: 10m}, max-pods: 20, cluster-dns-ip: 10.0.0.10}}}"
    bottlerocket = self_managed(f"amiFamily: Bottlerocket\nbottlerocket: {settings}")
    assert bottlerocket.kubelet_configuration == {"kubeReserved": {"cpu": "10m"}, "maxPods": 20}
    assert self_managed().kubelet_configuration is None
    assert value(self_managed("kubeletExtraConfig: {maxPods: '${N}', podsPerCore: 4}"), "max_pods") == UNKNOWN


def test_operation():
    pool = managed("""\
        updateConfig: {maxUnavailablePercentage: 30}
        nodeRepairConfig: {enabled: true}
        securityGroups: {attachIDs: [sg-1]}
        tags: {team: shop}
    """)
    assert pool.update_config == {"maxUnavailablePercentage": 30}
    assert pool.node_repair is True
    assert value(pool, "security_groups") == ["sg-1"]
    assert pool.tags == {"team": "shop"}
    assert managed().update_config is None
    assert managed().node_repair is None


def test_operation_of_self_managed_groups():
    pool = self_managed("""\
        maxInstanceLifetime: 86400
        asgSuspendProcesses: [AZRebalance]
        cpuCredits: unlimited
        containerRuntime: dockerd
    """)
    assert pool.max_instance_lifetime == 86400
    assert value(pool, "suspended_processes") == ["AZRebalance"]
    assert (pool.cpu_credits, pool.container_runtime) == ("unlimited", "dockerd")


def test_launch_template_is_named_in_the_reason():
    reading = managed("launchTemplate: {id: lt-0abc}").reading("http_tokens")
    assert reading.value.why == "launch template lt-0abc is not in the file"
