"""Who may enter a cluster, and which service accounts have roles."""

from collections.abc import Callable

from ekslint.facts import eksctl_defaults
from ekslint.loaders.eksctl.addon_policies import WELL_KNOWN_POLICIES
from ekslint.loaders.eksctl.decoding import sequence
from ekslint.loaders.eksctl.fields import Fields, Sections, is_known
from ekslint.loaders.eksctl.setting import resource, title, written_name
from ekslint.model.cluster import AccessEntry, DeclaredServiceAccount, IdentityMapping, PodIdentityAssociation
from ekslint.model.entity import Entity
from ekslint.model.reading import Reading


def access_entries(access: Fields) -> Reading:
    """`accessConfig.accessEntries`."""
    return _entities(access.sections("accessEntries"), _access_entry)


def _access_entry(fields: Fields) -> AccessEntry:
    principal = fields.text("principalARN")
    entry = AccessEntry(
        title("access entry", principal),
        fields.source(),
        dialect="eksctl",
        resource=resource("AccessEntry", principal, f"[{fields.path[-1]}]"),
    )
    policies = fields.sections("accessPolicies")
    entry.declare(
        principal=principal,
        type=fields.text("type", default=AccessEntry.defaults["type"]),
        kubernetes_groups=fields.texts("kubernetesGroups"),
        username=fields.text("kubernetesUsername", verbatim=True),
        access_policies=sequence(
            [policy.text("policyARN", default="") for policy in policies], policies.source, policies.hole
        ),
    )
    return entry


def identity_mappings(root: Fields) -> Reading:
    """`iamIdentityMappings`."""
    return _entities(root.sections("iamIdentityMappings"), _identity_mapping)


def _identity_mapping(fields: Fields) -> IdentityMapping:
    arn = fields.text("arn")
    # A mapping may also be of a whole account, or of what an AWS service needs.
    keys = (fields.text(key) for key in ("arn", "serviceName", "account"))
    subject = next((key for key in keys if key.value is not None), arn)
    mapping = IdentityMapping(
        title("identity mapping", subject),
        fields.source(),
        dialect="eksctl",
        resource=resource("IAMIdentityMapping", subject, f"[{fields.path[-1]}]"),
    )
    # `{{EC2PrivateDNSName}}` is the authenticator's own in here.
    mapping.declare(arn=arn, groups=fields.texts("groups"), username=fields.text("username", verbatim=True))
    return mapping


def pod_identity_associations(owner: Fields, key: str) -> Reading:
    """The associations of a cluster or of an add-on."""
    return _entities(owner.sections(key), _pod_identity_association)


def _pod_identity_association(fields: Fields) -> PodIdentityAssociation:
    namespace, account = fields.text("namespace"), fields.text("serviceAccountName")
    name = _qualified(namespace, account)
    association = PodIdentityAssociation(
        f"pod identity association of {name}" if name else "unnamed pod identity association",
        fields.source(),
        dialect="eksctl",
        resource=f"PodIdentityAssociation/{name or f'[{fields.path[-1]}]'}",
    )
    association.declare(namespace=namespace, service_account=account, role=fields.text("roleARN"))
    return association


def service_accounts(iam: Fields) -> Reading:
    """`iam.serviceAccounts`."""
    return _entities(iam.sections("serviceAccounts"), _service_account)


def _service_account(fields: Fields) -> DeclaredServiceAccount:
    metadata = fields.section("metadata")
    account_name = metadata.text("name")
    namespace = metadata.text("namespace", default=eksctl_defaults.SERVICE_ACCOUNT_NAMESPACE)
    name = _qualified(namespace, account_name)
    account = DeclaredServiceAccount(
        f"service account {name}" if name else "unnamed service account",
        fields.source(),
        dialect="eksctl",
        resource=f"IAMServiceAccount/{name or f'[{fields.path[-1]}]'}",
    )
    account.declare(
        name=account_name,
        namespace=namespace,
        role=fields.text("attachRoleARN"),
        attached_policies=attached_policies(fields),
        role_name=fields.text("roleName"),
        role_only=fields.boolean("roleOnly", default=False),
    )
    return account


def attached_policies(fields: Fields) -> Reading:
    """What hangs on a role that eksctl creates: ARNs, the names of well-known policies (AWS's, else eksctl's), and
    `attachPolicy` for a document.
    """
    arns = fields.texts("attachPolicyARNs")
    if not is_known(arns):
        return arns
    policies = list((arns.parts or {}).values())
    well_known = fields.section("wellKnownPolicies")
    hole = well_known.unknown()
    for key, policy in WELL_KNOWN_POLICIES.items():
        flag = well_known.boolean(key, default=False)
        if flag.value is True:
            policies.append(Reading(policy or key, flag.source))
        elif not is_known(flag):
            hole = hole or flag
    if fields.has("attachPolicy"):
        policies.append(Reading("attachPolicy", fields.source("attachPolicy")))
    return sequence(policies, arns.source, hole)


def _qualified(namespace: Reading, name: Reading) -> str | None:
    account = written_name(name)
    return f"{written_name(namespace) or ''}/{account}".removeprefix("/") if account else None


def _entities(sections: Sections, make: Callable[[Fields], Entity]) -> Reading:
    """One entity an item; unknown as a whole where there may be more, as their number is what rules ask for."""
    if sections.hole is not None:
        return Reading(sections.hole.value, sections.hole.source)
    return sequence([Reading(make(fields), fields.source()) for fields in sections], sections.source)
