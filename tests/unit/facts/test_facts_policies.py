import pytest

from ekslint.facts import eksctl_defaults, iam_policies
from ekslint.facts import node_policies as policies
from ekslint.facts.addons import addons
from ekslint.facts.node_policies import Need, Principal


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        ("arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodePolicy"),
        ("arn:aws-cn:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy", "AmazonEBSCSIDriverPolicy"),
        ("service-role/AmazonEBSCSIDriverPolicy", "AmazonEBSCSIDriverPolicy"),
        ("AmazonEKS_CNI_Policy", "AmazonEKS_CNI_Policy"),
        ("", ""),
    ],
)
def test_policy_name(policy, name):
    assert policies.policy_name(policy) == name


@pytest.mark.parametrize(
    ("policy", "needs"),
    [
        ("AmazonEKSWorkerNodePolicy", {Need.WORKER, Need.WORKER_MINIMAL, Need.DESCRIBE_CLUSTER}),
        ("arn:aws-us-gov:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy", {Need.WORKER_MINIMAL}),
        ("arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly", {Need.ECR_PULL}),
        ("arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy", {Need.CNI}),
        ("arn:aws:iam::123456789012:policy/AmazonEKS_CNI_Policy", set()),
        ("AmazonS3ReadOnlyAccess", set()),
        ("", set()),
    ],
)
def test_satisfied_by(policy, needs):
    assert policies.satisfied_by(policy) == needs


def test_needs_of_principals():
    assert policies.needs_of(Principal.NODE) == (Need.WORKER, Need.ECR_PULL, Need.CNI)
    assert policies.needs_of(Principal.AUTO_NODE) == (Need.WORKER_MINIMAL, Need.ECR_PULL)
    assert len(policies.needs_of(Principal.AUTO_CLUSTER)) == 5
    for principal in Principal:
        assert policies.trust_of(principal).services
        assert "sts:AssumeRole" in policies.trust_of(principal).actions
        assert all(policies.grant_for(need) for need in policies.needs_of(principal))


def test_trust():
    assert policies.trust_of(Principal.NODE).services == ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")
    assert policies.trust_of(Principal.POD_IDENTITY).actions == ("sts:AssumeRole", "sts:TagSession")
    assert policies.trust_of(Principal.FARGATE_POD_EXECUTION).services == ("eks-fargate-pods.amazonaws.com",)


@pytest.mark.parametrize("need", Need)
def test_every_managed_policy_allows_the_actions_it_stands_for(need):
    grant = policies.grant_for(need)
    assert grant.actions
    for name in grant.policies:
        assert iam_policies.managed_policy(name), name
        allowed = iam_policies.allowed_actions(name)
        assert allowed, name
        for action in grant.actions:
            assert any(iam_policies.action_matches(pattern, action) for pattern in allowed), (name, action)


def test_every_name_in_the_hand_tables_is_a_policy():
    names = [*policies.OVERPRIVILEGED_ON_NODES, *policies.BROADER_THAN_NEEDED, policies.FARGATE_POD_EXECUTION_POLICY]
    names += [name for addon in addons().values() for name in addon.policies]
    names += [*eksctl_defaults.NODE_ROLE_POLICIES, eksctl_defaults.NODE_ROLE_POLICY_WITHOUT_OIDC]
    assert [name for name in names if not iam_policies.managed_policy(name)] == []


def test_managed_policy():
    ebs = iam_policies.managed_policy("arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy")
    assert ebs.path == "/service-role/", "the path in the argument is not trusted"
    assert ebs.arn("aws-cn") == "arn:aws-cn:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
    assert iam_policies.managed_policy("AmazonEKSWorkerNodePolicy").arn() == (
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"
    )
    assert iam_policies.managed_policy("AmazonEKSWorkerPolicy") is None
    assert iam_policies.managed_policy("") is None
    assert len(iam_policies.managed_policy_names()) > 1500


def test_policy_documents():
    document = iam_policies.policy_document("AmazonEKSWorkerNodeMinimalPolicy")
    assert document["Version"] == "2012-10-17"
    assert iam_policies.allowed_actions("AmazonEKSWorkerNodeMinimalPolicy") == ("eks-auth:AssumeRoleForPodIdentity",)
    assert iam_policies.allowed_actions("AdministratorAccess") == ("*",)
    assert "*" in iam_policies.allowed_actions("PowerUserAccess")
    assert iam_policies.policy_document("AmazonS3ReadOnlyAccess") is None
    assert iam_policies.allowed_actions("nonsense") is None
    assert set(iam_policies.documented_policies()) <= set(iam_policies.managed_policy_names())


@pytest.mark.parametrize(
    ("pattern", "action", "matches"),
    [
        ("*", "ec2:DescribeInstances", True),
        ("ec2:*", "ec2:DescribeInstances", True),
        ("EC2:describe*", "ec2:DescribeInstances", True),
        ("ec2:Describe*s", "ec2:DescribeInstances", True),
        ("ec2:Describe*x", "ec2:DescribeInstances", False),
        ("ec2:DescribeInstances", "ec2:DescribeInstances", True),
        ("ec2:DescribeInstance", "ec2:DescribeInstances", False),
        ("ec2:DescribeInstance?", "ec2:DescribeInstances", True),
        ("ec2:DescribeInstances?", "ec2:DescribeInstances", False),
        ("ec2:?*?s", "ec2:DescribeInstances", True),
        ("ecr:*", "ecr-public:GetAuthorizationToken", False),
        ("ec2:[D]escribeInstances", "ec2:DescribeInstances", False),
        ("*:*", "ec2:DescribeInstances", True),
        ("", "ec2:DescribeInstances", False),
        ("", "", True),
        ("*a" * 500, "a" * 2000 + "b", False),
    ],
)
def test_action_matches(pattern, action, matches):
    assert iam_policies.action_matches(pattern, action) is matches
