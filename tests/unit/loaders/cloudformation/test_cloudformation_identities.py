"""Roles, policies and trust."""

import pytest
from cloudformation_templates import UNKNOWN, answers, entity, load, read, spot

from ekslint.loaders.loaded import Loaded
from ekslint.model.iam import Role, Statement
from ekslint.model.reading import every, some


def load_roles(resources: str, rest: str = "") -> Loaded:
    return load(f"""
AWSTemplateFormatVersion: "2010-09-09"
{rest}
Resources:
  Cluster: {{Type: AWS::EKS::Cluster, Properties: {{}}}}
{resources}
""")


def role(resources: str, rest: str = "", name: str = "Role") -> Role:
    return entity(load_roles(resources, rest), Role, name)


def test_managed_policies() -> None:
    found = role("""
  Custom:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: "s3:Get*", Resource: "*"}}}
  Beside:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: [sqs:ReceiveMessage], Resource: "*"}]}
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy
        - !Sub arn:aws:iam::${AWS::AccountId}:policy/shop
        - !Join [":", [arn, !Ref AWS::Partition, "iam::aws:policy/AmazonEKS_CNI_Policy"]]
        - !Ref Custom
""")
    assert found.managed_policies == (
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "arn:aws:iam::${AWS::AccountId}:policy/shop",
        "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        "Custom",
        "Beside",
    )
    assert [statement.actions for statement in found.inline_statements] == [("sqs:ReceiveMessage",), ("s3:Get*",)]


def test_policies_that_are_not_known() -> None:
    found = role(
        """
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy
        - !Ref Extra
""",
        "Parameters: {Extra: {Type: String}}",
    )
    assert some(found.managed_policies, lambda arn: arn.endswith("/AmazonEKSWorkerNodePolicy"))
    assert not every(found.managed_policies, lambda arn: arn.endswith("/AmazonEKS_CNI_Policy"))
    assert read(found, "managed_policies", 1) == UNKNOWN
    whole = role(
        "  Role: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: !Ref Extra}}",
        "Parameters: {Extra: {Type: CommaDelimitedList}}",
    )
    assert whole.unknown("managed_policies", 0)


def test_an_empty_list_parameter_attaches_nothing() -> None:
    found = role(
        "  Role: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: !Ref Extra}}",
        "Parameters: {Extra: {Type: CommaDelimitedList, Default: ''}}",
    )
    assert found.managed_policies == ()


def test_conditional_policies() -> None:
    loaded = load_roles(
        """
  Beside:
    Type: AWS::IAM::Policy
    Condition: WithQueue
    Properties: {Roles: [!Ref Role], PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:*", Resource: "*"}]}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        Fn::If:
          - WithQueue
          - [arn:aws:iam::aws:policy/A]
          - [arn:aws:iam::aws:policy/B, !If [WithQueue, arn:aws:iam::aws:policy/C, !Ref AWS::NoValue]]
""",
        'Parameters: {Queue: {Type: String}}\nConditions: {WithQueue: !Equals [!Ref Queue, "yes"]}',
    )
    found = entity(loaded, Role, "Role")
    assert answers(loaded.world, lambda: (tuple(found.managed_policies), len(found.inline_statements))) == {
        (("arn:aws:iam::aws:policy/A",), 1),
        (("arn:aws:iam::aws:policy/B",), 0),
    }


def test_trust() -> None:
    found = role("""
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: [sts:AssumeRole, sts:TagSession]
            Principal:
              Service: [pods.eks.amazonaws.com, !Sub "ec2.${AWS::URLSuffix}"]
              AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"
          - {Effect: Deny, NotAction: "iam:*", Principal: "*", Resource: ["*"]}
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal: {Federated: !Ref Provider}
            Condition: {StringEquals: {"oidc.eks:sub": "system:serviceaccount:shop:api"}}
          - Effect: !Ref Open
  Provider: {Type: AWS::IAM::OIDCProvider, Properties: {Url: !GetAtt Cluster.OpenIdConnectIssuerUrl}}
""")
    pods, deny, web = (found.trust[index] for index in range(3))
    assert pods == Statement(
        "Allow",
        ("sts:AssumeRole", "sts:TagSession"),
        principals=(
            ("Service", "pods.eks.amazonaws.com"),
            ("Service", "ec2.amazonaws.com"),
            ("AWS", "arn:aws:iam::${AWS::AccountId}:root"),
        ),
    )
    assert deny == Statement("Deny", (), ("iam:*",), ("*",), (("*", "*"),))
    assert web.principals == (("Federated", "Cluster.OpenIdConnectIssuerUrl"),), "the URL tells whose provider it is"
    assert web.has_conditions
    assert web.conditions == (("StringEquals", "oidc.eks:sub", ("system:serviceaccount:shop:api",)),)
    assert read(found, "trust", 3) == UNKNOWN


def test_conditions_that_are_filled_in() -> None:
    found = role("""
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sts:*", Principal: "*", Condition: !GetAtt Tests.All}
          - {Effect: Allow, Action: "sts:*", Principal: "*", Condition: {StringLike: !GetAtt Tests.Like}}
          - {Effect: Allow, Action: "sts:*", Principal: "*", Condition: {}}
  Tests: {Type: Custom::Tests}
""")
    whole, tests, none = found.trust
    assert whole.has_conditions
    assert [key for _, key, _ in (*whole.conditions, *tests.conditions)] == ["${unknown}", "${unknown}"]
    assert not none.has_conditions


def test_services_by_partition() -> None:
    found = role(
        """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: sts:AssumeRole
          Principal: {Service: !FindInMap [Services, !Ref AWS::Partition, Ec2]}
""",
        "Mappings: {Services: {aws: {Ec2: ec2.amazonaws.com}, aws-cn: {Ec2: ec2.amazonaws.com.cn}}}",
    )
    assert found.trust[0].principals == (("Service", "ec2.amazonaws.com"),)


@pytest.mark.parametrize(
    ("document", "principals"),
    [
        (
            """!Sub |
        {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
          "Principal": {"Federated": "arn:aws:iam::${AWS::AccountId}:oidc-provider/${Issuer}"},
          "Condition": {"StringLike": {"${Issuer}:sub": "system:serviceaccount:*:*"}}}]}""",
            (("Federated", "arn:aws:iam::${AWS::AccountId}:oidc-provider/${Issuer}"),),
        ),
        ("""'{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}'""", (("*", "*"),)),
    ],
)
def test_documents_as_json_texts(document: str, principals: object) -> None:
    found = role(
        f"""
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {document}
""",
        "Parameters: {Issuer: {Type: String}}",
    )
    assert found.trust[0].principals == principals


@pytest.mark.parametrize("document", ["!Ref Open", "'no json'", "[]", "{}", "!Sub '{\"Statement\": ${Open}}'", "'{}'"])
def test_documents_that_cannot_be_read(document: str) -> None:
    found = role(f"  Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {document}}}}}")
    assert read(found, "trust", 0) == UNKNOWN


def test_inline_policies() -> None:
    loaded = load_roles("""
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-nodes
      Policies:
        - PolicyName: one
          PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*", Resource: !Sub "arn:aws:s3:::${Bucket}/*"}]}
        - !If [Nowhere, {PolicyDocument: {Statement: {Effect: Allow, Action: a, Resource: b}}}, !Ref AWS::NoValue]
  By:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: shop-nodes
      PolicyName: x
      PolicyDocument: {Statement: {Effect: Allow, Action: "ec2:*", Resource: "*"}}
""")
    found = entity(loaded, Role, "Role")
    statements = answers(
        loaded.world, lambda: tuple((each.actions, each.resources) for each in found.inline_statements)
    )
    own, beside = (("s3:*",), ("arn:aws:s3:::${Bucket}/*",)), (("ec2:*",), ("*",))
    assert statements == {(own, (("a",), ("b",)), beside), (own, beside)}
    assert spot(found.at()) == "Role"


def test_roles_of_templates_without_clusters() -> None:
    trust = (
        "AssumeRolePolicyDocument: {Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: SERVICE}}}"
    )
    text = f"# eks\nResources: {{Role: {{Type: 'AWS::IAM::Role', Properties: {{{trust}}}}}}}"
    assert [str(each) for each in load(text.replace("SERVICE", "pods.eks.amazonaws.com")).entities] == ["role Role"]
    assert load(text.replace("SERVICE", "lambda.amazonaws.com")).entities == []


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("shop-nodes", "arn:aws:iam::111122223333:role/path/shop-nodes"),
        ("shop-nodes", "!Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/shop-nodes"),
        ("!Sub nodes-${Env}", "!Sub arn:aws:iam::${AWS::AccountId}:role/nodes-${Env}"),
        ("!Ref Env", "!Sub arn:aws:iam::${AWS::AccountId}:role/${Env}"),
        ("any", "!Sub arn:aws:iam::${AWS::AccountId}:role/${Role}"),
        ("any", "!GetAtt Role.Arn"),
        ("any", "!Ref Role"),
    ],
)
def test_ways_to_name_a_role(name: str, reference: str) -> None:
    loaded = load(f"""
Parameters: {{Env: {{Type: String}}}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {name}
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      NodeRole: {reference}
""")
    pool = loaded.pools[0][0]
    assert read(pool, "role") is entity(loaded, Role, "Role")


@pytest.mark.parametrize(
    "reference",
    ["arn:aws:iam::1:role/other", "!Ref Env", "!GetAtt Stack.Outputs.Role", "!ImportValue role", "!Sub ${Env}"],
)
def test_a_role_from_elsewhere_is_none(reference: str) -> None:
    loaded = load(f"""
Parameters: {{Env: {{Type: String}}}}
Resources:
  Stack: {{Type: AWS::CloudFormation::Stack}}
  Role: {{Type: AWS::IAM::Role, Properties: {{RoleName: nodes}}}}
  Workers:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: shop
      NodeRole: {reference}
""")
    assert read(loaded.pools[0][0], "role") is None


@pytest.mark.parametrize(
    ("statement", "parameter"),
    [
        ('{Effect: Allow, Action: !Ref What, Resource: "*"}', "What"),
        ('{Effect: Allow, Action: ["sqs:*", !Ref What], Resource: "*"}', "What"),
        ('{Effect: !Ref Effect, Action: "s3:*", Resource: "*"}', "Effect"),
        ('{Effect: Allow, Action: "s3:*", Resource: !Ref Where}', "Where"),
        ('{Effect: Allow, Action: "s3:*", Resource: !Sub "arn:aws:s3:::${Bucket}/*"}', None),
        ('{Effect: Allow, Action: "s3:*", Resource: "*"}', None),
    ],
)
def test_a_statement_of_which_a_default_decides(statement: str, parameter: str | None) -> None:
    found = role(
        f"""
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{{PolicyName: one, PolicyDocument: {{Statement: [{statement}]}}}}]
""",
        "Parameters: {What: {Type: String, Default: 's3:*'}, Effect: {Type: String, Default: Allow}, "
        "Where: {Type: String, Default: '*'}, Bucket: {Type: String, Default: shop}}",
    )
    assert found.inline_statements[0].effect == "Allow"
    assert found.at("inline_statements", 0).by_default == parameter
