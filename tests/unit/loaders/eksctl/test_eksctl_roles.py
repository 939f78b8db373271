import pytest
from eksctl_loading import HEADER, UNKNOWN, cluster_of, line, load, managed, self_managed, value

WORKER = "AmazonEKSWorkerNodePolicy"
PULL = "AmazonEC2ContainerRegistryPullOnly"
SSM = "AmazonSSMManagedInstanceCore"
CNI = "AmazonEKS_CNI_Policy"
OIDC = "iam: {withOIDC: true}\n"
ARN = "arn:aws:iam::aws:policy/"


def policies(pool):
    return value(pool.role, "managed_policies")


@pytest.mark.parametrize("group", [managed, self_managed])
def test_default_policies(group):
    assert policies(group()) == [WORKER, PULL, SSM, CNI]
    assert policies(group("", OIDC)) == [WORKER, PULL, SSM]
    assert policies(group("", "iam: {withOIDC: false}\n")) == [WORKER, PULL, SSM, CNI]
    assert group().policies_replaced is False


def test_attached_policies_replace_the_defaults():
    fields = f"iam: {{attachPolicyARNs: [{ARN}AmazonEKSWorkerNodePolicy, arn:aws:iam::1:policy/mine]}}"
    assert policies(managed(fields)) == [ARN + WORKER, "arn:aws:iam::1:policy/mine"]
    assert managed(fields).policies_replaced is True
    assert policies(self_managed(fields)) == [ARN + WORKER, "arn:aws:iam::1:policy/mine", PULL]
    assert policies(managed("iam: {attachPolicyARNs: []}")) == [WORKER, PULL, SSM, CNI]
    assert managed("iam: {attachPolicyARNs: []}").policies_replaced is False


def test_a_policy_that_is_attached_is_not_added_again():
    assert policies(self_managed(f"iam: {{attachPolicyARNs: [{ARN}{PULL}]}}")) == [ARN + PULL]


@pytest.mark.parametrize(
    ("addon", "policy"),
    [
        ("cloudWatch", "CloudWatchAgentServerPolicy"),
        ("ebs", "AmazonEBSCSIDriverPolicy"),
        ("imageBuilder", "AmazonEC2ContainerRegistryPowerUser"),
    ],
)
def test_addon_policies_that_are_managed(addon, policy):
    pool = managed(f"iam:\n  withAddonPolicies:\n    {addon}: true", OIDC)
    assert policies(pool) == [WORKER, PULL, SSM, policy]
    assert value(pool, "addon_policies") == [addon]
    assert line(pool.role.at("managed_policies", 3)) == ("true", f"{addon}: true")
    assert line(pool.at("addon_policies", 0)) == ("true", f"{addon}: true")


def test_image_builder_stands_in_for_pulling_on_self_managed_nodes():
    fields = f"iam: {{attachPolicyARNs: [{ARN}{WORKER}], withAddonPolicies: {{imageBuilder: true}}}}"
    assert policies(self_managed(fields)) == [ARN + WORKER, "AmazonEC2ContainerRegistryPowerUser"]


@pytest.mark.parametrize(
    ("addon", "action"),
    [
        ("autoScaler", "autoscaling:SetDesiredCapacity"),
        ("awsLoadBalancerController", "elasticloadbalancing:CreateLoadBalancer"),
        ("albIngress", "elasticloadbalancing:CreateLoadBalancer"),
        ("certManager", "route53:ChangeResourceRecordSets"),
        ("externalDNS", "route53:ListHostedZones"),
        ("efs", "elasticfilesystem:*"),
        ("fsx", "fsx:*"),
        ("xRay", "xray:PutTraceSegments"),
        ("appMesh", "appmesh:*"),
        ("appMeshPreview", "appmesh-preview:*"),
    ],
)
def test_addon_policies_that_eksctl_writes(addon, action):
    pool = managed(f"iam: {{withAddonPolicies: {{{addon}: true}}}}")
    assert any(action in statement.actions for statement in pool.role.inline_statements)
    assert policies(pool) == [WORKER, PULL, SSM, CNI]


def test_addon_policies_that_are_off():
    pool = managed("iam: {withAddonPolicies: {ebs: false, fsx: null}}")
    assert value(pool, "addon_policies") == []
    assert value(pool.role, "inline_statements") == []


def test_inline_policy():
    pool = managed("""\
        iam:
          instanceRoleName: workers
          attachPolicy:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [s3:GetObject, s3:ListBucket]
                Resource: "*"
              - Effect: Deny
                NotAction: iam:*
                Resource: arn:aws:s3:::x
                Condition: {StringEquals: {aws:RequestedRegion: eu-west-1}}
    """)
    allow, deny = pool.role.inline_statements
    assert (allow.effect, allow.actions, allow.resources) == ("Allow", ("s3:GetObject", "s3:ListBucket"), ("*",))
    assert (deny.effect, deny.not_actions, deny.has_conditions) == ("Deny", ("iam:*",), True)
    assert deny.conditions == (("StringEquals", "aws:RequestedRegion", ("eu-west-1",)),)
    assert pool.role.name == "workers"
    assert line(pool.role.at("inline_statements", 1))[1] == "- Effect: Deny"


@pytest.mark.parametrize("statement", ["{Action: '${ACTION}'}", "['${STATEMENT}']", "'${STATEMENTS}'"])
def test_templated_inline_policy(statement):
    pool = managed(f"iam: {{attachPolicy: {{Statement: {statement}}}}}")
    assert value(pool.role, "inline_statements", 0) == UNKNOWN


@pytest.mark.parametrize("field", ["instanceRoleARN", "instanceProfileARN"])
def test_a_role_of_the_users_own_is_external(field):
    arn = "arn:aws:iam::1:role/mine"
    pool = self_managed(f"iam:\n  {field}: {arn}")
    assert pool.role is None
    assert line(pool.at("role")) == (arn, f"{field}: {arn}")
    assert value(self_managed(f"iam: {{{field}: '${{ROLE}}'}}"), "role") == UNKNOWN


def test_the_role_is_a_subject_of_its_own():
    loaded = load(HEADER + "nodeGroups: [{name: a}]")
    [(pool, _)] = loaded.pools
    assert any(entity is pool.role for entity in loaded.entities)
    assert str(pool.role) == "role of node group a"
    assert pool.role.resource == "NodeGroup/a/NodeInstanceRole"


def test_policies_point_at_their_lines():
    pool = managed(f"iam:\n  attachPolicyARNs:\n    - {ARN}{WORKER}\n    - {ARN}{SSM}")
    assert line(pool.role.at("managed_policies", 1)) == (ARN + SSM, f"- {ARN}{SSM}")
    assert line(managed().role.at("managed_policies", 0)) == ("general", "- name: general")
    assert line(managed("iam: {withAddonPolicies: {}}").role.at("managed_policies", 0))[1].startswith("iam:")


def test_unknown_policies():
    assert value(managed("iam: {attachPolicyARNs: '${ARNS}'}").role, "managed_policies") == UNKNOWN
    assert value(managed("iam: {attachPolicyARNs: '${ARNS}'}"), "policies_replaced") == UNKNOWN
    some = managed("iam: {attachPolicyARNs: ['${ARN}', arn:aws:iam::1:policy/mine]}")
    assert some.policies_replaced is True
    assert value(some.role, "managed_policies", 0) == UNKNOWN
    assert some.role.managed_policies[1] == "arn:aws:iam::1:policy/mine"
    oidc = managed("", "iam: {withOIDC: '${OIDC}'}\n")
    assert oidc.role.managed_policies[0] == WORKER
    assert value(oidc.role, "managed_policies", 3) == UNKNOWN
    addon = managed("iam: {withAddonPolicies: {ebs: '${EBS}'}}")
    assert value(addon.role, "managed_policies", 4) == UNKNOWN
    assert value(addon, "addon_policies", 0) == UNKNOWN
    assert value(managed("iam: ${IAM}"), "role") == UNKNOWN


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", ["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"]),
        ("iam: {vpcResourceControllerPolicy: false}", ["AmazonEKSClusterPolicy"]),
        ("outpost: {controlPlaneOutpostARN: arn}", ["AmazonEKSLocalOutpostClusterPolicy"]),
        (
            "autoModeConfig: {enabled: true}",
            [
                "AmazonEKSClusterPolicy",
                "AmazonEKSVPCResourceController",
                "AmazonEKSComputePolicy",
                "AmazonEKSBlockStoragePolicy",
                "AmazonEKSLoadBalancingPolicy",
                "AmazonEKSNetworkingPolicy",
            ],
        ),
    ],
)
def test_cluster_role(body, expected):
    assert value(cluster_of(body).role, "managed_policies") == expected


def test_cluster_role_of_the_users_own():
    assert cluster_of("iam: {serviceRoleARN: arn:aws:iam::1:role/eks}").role is None
    assert value(cluster_of("iam: {serviceRoleARN: '${ROLE}'}"), "role") == UNKNOWN
    assert value(cluster_of("autoModeConfig: {enabled: '${AUTO}'}"), "role") == UNKNOWN
