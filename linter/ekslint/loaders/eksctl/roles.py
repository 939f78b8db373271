"""The IAM roles that eksctl creates, with the policies that they end up with.

Source: eksctl 0.231 `pkg/cfn/builder/iam_helper.go` (makeManagedPolicies, createRole), `iam.go`, `fargate.go`.
"""

from ekslint.facts import eksctl_defaults as defaults
from ekslint.facts.node_policies import FARGATE_POD_EXECUTION_POLICY, Need, Principal, grant_for, needs_of, policy_name
from ekslint.loaders.eksctl.addon_policies import NODE_MANAGED_POLICIES, NODE_STATEMENTS
from ekslint.loaders.eksctl.decoding import sequence
from ekslint.loaders.eksctl.fields import Fields, is_known
from ekslint.loaders.eksctl.statements import statements_of
from ekslint.model.entity import Entity
from ekslint.model.iam import Role
from ekslint.model.reading import PartialSequence, Reading

_LOCAL_CLUSTER_POLICY = "AmazonEKSLocalOutpostClusterPolicy"


def declare_node_role(pool: Entity, fields: Fields, with_oidc: Reading, *, managed: bool) -> Role | None:
    """Set `role`, `role_arn`, `policies_replaced` and `addon_policies` of a node group.

    Gives the role, if eksctl creates one.
    """
    iam = fields.section("iam")
    policies = iam.section("withAddonPolicies")
    flags = {name: policies.boolean(name) for name in NODE_STATEMENTS if policies.has(name)}
    enabled = [Reading(name, flag.source) for name, flag in flags.items() if flag.value is True]
    doubtful = next((flag for flag in flags.values() if not is_known(flag)), None)
    attached = iam.texts("attachPolicyARNs")
    replaced = Reading(_is_filled(attached), attached.source) if is_known(attached) else attached
    pool.declare(addon_policies=sequence(enabled, policies.source(), doubtful), policies_replaced=replaced)

    given = [iam.text("instanceRoleARN"), iam.text("instanceProfileARN")]
    external = next((reading for reading in given if reading.value is not None), None)
    pool.declare(role_arn=external or given[0])
    if external is not None:
        pool.declare(role=Reading(None if is_known(external) else external.value, external.source))
        return None
    role = Role(f"role of {pool}", iam.source(), dialect="eksctl", resource=f"{pool.resource}/NodeInstanceRole")
    inline = statements_of(iam, "attachPolicy")
    statements = [
        *inline.readings,
        *(Reading(each, reading.source) for reading in enabled for each in NODE_STATEMENTS[str(reading.value)]),
    ]
    role.declare(
        name=iam.text("instanceRoleName"),
        managed_policies=_managed_policies(attached, flags, with_oidc, managed=managed),
        inline_statements=sequence(statements, iam.source("attachPolicy"), inline.hole or doubtful),
    )
    pool.declare(role=Reading(role, iam.source()))
    return role


def _is_filled(attached: Reading) -> bool:
    # Items that a template fills in are items all the same.
    return isinstance(attached.value, PartialSequence) or bool(attached.value)


def _managed_policies(attached: Reading, flags: dict[str, Reading], with_oidc: Reading, *, managed: bool) -> Reading:
    """The ARNs that the user attached, and the names of those that eksctl adds."""
    if not is_known(attached):
        return attached
    policies = list((attached.parts or {}).values())
    listed = {policy_name(each.value) for each in policies if is_known(each)}
    hole: Reading | None = None

    def add(name: str, cause: Reading) -> None:
        if name not in listed:
            listed.add(name)
            policies.append(Reading(name, cause.source))

    if not policies:
        for name in defaults.NODE_ROLE_POLICIES:
            add(name, attached)
        if not is_known(with_oidc):
            hole = with_oidc
        elif not with_oidc.value:
            add(defaults.NODE_ROLE_POLICY_WITHOUT_OIDC, attached)
    builder = flags.get("imageBuilder")
    if not managed and (builder is None or builder.value is not True):
        add(defaults.SELF_MANAGED_NODE_ROLE_POLICY, attached)
    for key, flag in flags.items():
        policy = NODE_MANAGED_POLICIES.get(key)
        if policy is not None and flag.value is True:
            add(policy, flag)
        elif policy is not None and not is_known(flag):
            hole = hole or flag
    return sequence(policies, attached.source, hole)


def cluster_role(cluster: Entity, iam: Fields, *, auto_mode: Reading, on_outpost: Reading) -> Reading:
    """The role of the control plane; None where the file only names one."""
    given = iam.text("serviceRoleARN")
    if given.value is not None:
        return Reading(None, given.source) if is_known(given) else given
    if not is_known(auto_mode) or not is_known(on_outpost):
        return Reading((auto_mode if not is_known(auto_mode) else on_outpost).value, iam.source("serviceRoleARN"))
    at = iam.source("serviceRoleARN")
    controller = iam.boolean("vpcResourceControllerPolicy", default=True)
    hole: Reading | None = None
    if on_outpost.value:
        names = [_LOCAL_CLUSTER_POLICY]
    else:
        principal = Principal.AUTO_CLUSTER if auto_mode.value is not None else Principal.CLUSTER
        names = [grant_for(need).policies[0] for need in needs_of(principal)]
        if not is_known(controller):
            hole = controller
        elif controller.value:
            names.insert(1, grant_for(Need.VPC_RESOURCE_CONTROLLER).policies[0])
    role = Role(f"role of {cluster}", at, dialect="eksctl", resource=f"{cluster.resource}/ServiceRole")
    # Where the file leaves a policy out, that is the place to put it back.
    listed = controller.source if controller.value is False else at
    role.declare(managed_policies=sequence([Reading(name, at) for name in names], listed, hole))
    return Reading(role, at)


def fargate_role_arn(fields: Fields, iam: Fields) -> Reading:
    """The ARN of the pod execution role that a profile, or else the cluster, names."""
    own = fields.text("podExecutionRoleARN")
    return own if own.value is not None else iam.text("fargatePodExecutionRoleARN")


def fargate_role(profile: Entity, fields: Fields, iam: Fields) -> Reading:
    """The pod execution role of a profile: its own, the cluster's, or the one that eksctl creates for all."""
    given = fargate_role_arn(fields, iam)
    if given.value is not None:
        return Reading(None, given.source) if is_known(given) else given
    at = fields.source("podExecutionRoleARN")
    role = Role(f"role of {profile}", at, dialect="eksctl", resource=f"{profile.resource}/FargatePodExecutionRole")
    role.declare(managed_policies=sequence([Reading(FARGATE_POD_EXECUTION_POLICY, at)], at))
    return Reading(role, at)
