from eksctl_loading import UNKNOWN, cluster_of, line, value


def test_access_entries():
    cluster = cluster_of("""\
        accessConfig:
          bootstrapClusterCreatorAdminPermissions: false
          accessEntries:
            - principalARN: arn:aws:iam::1:role/admin
              kubernetesGroups: [admins]
              kubernetesUsername: admin:{{SessionName}}
              accessPolicies:
                - policyARN: arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy
                  accessScope: {type: cluster}
            - principalARN: arn:aws:iam::1:role/nodes
              type: EC2_LINUX
    """)
    admin, nodes = cluster.access_entries
    assert (str(admin), admin.resource) == (
        "access entry arn:aws:iam::1:role/admin",
        "AccessEntry/arn:aws:iam::1:role/admin",
    )
    assert (admin.type, list(admin.kubernetes_groups)) == ("STANDARD", ["admins"])
    assert admin.username == "admin:{{SessionName}}"
    assert list(admin.access_policies) == ["arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"]
    assert nodes.type == "EC2_LINUX"
    assert cluster.bootstraps_creator_admin is False
    assert line(admin.at("type"))[1] == "- principalARN: arn:aws:iam::1:role/admin"
    assert line(cluster.at("access_entries", 1))[1] == "- principalARN: arn:aws:iam::1:role/nodes"


def test_access_by_default():
    cluster = cluster_of("")
    assert cluster.bootstraps_creator_admin is None
    for field in ("access_entries", "identity_mappings", "pod_identity_associations", "service_accounts"):
        assert value(cluster, field) == []


def test_identity_mappings():
    cluster = cluster_of("""\
        iamIdentityMappings:
          - {arn: arn:aws:iam::1:role/nodes, username: "system:node:{{EC2PrivateDNSName}}", groups: [system:nodes]}
          - {serviceName: emr-containers, namespace: emr}
          - account: "111122223333"
    """)
    nodes, emr, account = cluster.identity_mappings
    assert nodes.username == "system:node:{{EC2PrivateDNSName}}"
    assert list(nodes.groups) == ["system:nodes"]
    assert [str(each) for each in (nodes, emr, account)] == [
        "identity mapping arn:aws:iam::1:role/nodes",
        "identity mapping emr-containers",
        "identity mapping 111122223333",
    ]
    assert emr.arn is None


def test_service_accounts():
    cluster = cluster_of("""\
        iam:
          serviceAccounts:
            - metadata: {name: api, namespace: shop}
              attachPolicyARNs: [arn:aws:iam::1:policy/x]
              wellKnownPolicies: {externalDNS: true, imageBuilder: true, certManager: false}
            - metadata: {name: job}
              attachRoleARN: arn:aws:iam::1:role/job
              roleOnly: true
    """)
    api, job = cluster.service_accounts
    assert (str(api), api.resource) == ("service account shop/api", "IAMServiceAccount/shop/api")
    assert list(api.attached_policies) == [
        "arn:aws:iam::1:policy/x",
        "externalDNS",
        "AmazonEC2ContainerRegistryPowerUser",
    ]
    assert (job.namespace, job.role, job.role_only) == ("default", "arn:aws:iam::1:role/job", True)
    assert list(job.attached_policies) == []
    assert line(api.at("name"))[0] == "api"


def test_what_a_template_fills_in_is_unknown():
    assert value(cluster_of("accessConfig: {accessEntries: '${ENTRIES}'}"), "access_entries") == UNKNOWN
    assert value(cluster_of("iamIdentityMappings: ['${MAPPING}']"), "identity_mappings") == UNKNOWN
    [account] = cluster_of("iam: {serviceAccounts: [{metadata: '${METADATA}'}]}").service_accounts
    assert (str(account), value(account, "name"), value(account, "namespace")) == (
        "unnamed service account",
        UNKNOWN,
        UNKNOWN,
    )
    [policies] = cluster_of(
        "iam: {serviceAccounts: [{metadata: {name: a}, wellKnownPolicies: {autoScaler: '${A}'}}]}"
    ).service_accounts
    assert value(policies, "attached_policies", 0) == UNKNOWN
