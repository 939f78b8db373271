"""IAM roles for service accounts (IRSA): who may assume a role with the token of a service account."""

from ekslint import Role, Statement, iam_policies, service_accounts

ROLE_ANNOTATION = service_accounts.ROLE_ANNOTATION
_ASSUME = "sts:AssumeRoleWithWebIdentity"
_PREFIX = "system:serviceaccount:"
_SUBJECT, _AUDIENCE = ":sub", ":aud"
_OF_CLUSTERS = ("oidc.eks.", "OpenIdConnectIssuerUrl")
"""In the issuer of a cluster's tokens, or in the expression that stands for it."""


def is_web_identity(statement: Statement) -> bool:
    """Whether a statement of a trust policy lets holders of a token of some OIDC provider assume the role."""
    return (
        statement.effect == "Allow"
        and statement.covers(_ASSUME)
        and any(kind == "Federated" for kind, _ in statement.principals)
    )


def is_for_cluster(statement: Statement) -> bool:
    """Whether the provider of a web identity statement may be that of an EKS cluster, and not GitHub's, say."""
    providers = [value for kind, value in statement.principals if kind == "Federated"]
    keys = [key for _, key, _ in statement.conditions]
    texts = [*providers, *keys]
    return any(mark in text for text in texts for mark in _OF_CLUSTERS) or bool(subjects(statement))


def has_subject(statement: Statement) -> bool:
    """Whether a statement says whose tokens it takes."""
    return any(_is_key(key, _SUBJECT) for _, key, _ in statement.conditions)


def has_audience(statement: Statement) -> bool:
    """Whether a statement says for whom the tokens must have been made."""
    return any(_is_key(key, _AUDIENCE) for _, key, _ in statement.conditions)


def has_open_keys(statement: Statement) -> bool:
    """Whether a condition may be about anything, because its key is filled in at deployment."""
    return any(key.startswith("${") and key.endswith("}") for _, key, _ in statement.conditions)


def subjects(statement: Statement) -> list[tuple[str, str]]:
    """(operator, value) of every service account that a statement lets in."""
    return [
        (operator, value)
        for operator, key, values in statement.conditions
        if _is_key(key, _SUBJECT) or key.startswith("${")
        for value in values
        if value.startswith(_PREFIX)
    ]


def open_patterns(statement: Statement) -> list[str]:
    """The patterns by which a statement lets in service accounts of more namespaces than one."""
    # Any subject may be meant for another provider's tokens: `repo:acme/*` is GitHub's.
    given = {*subjects(statement), *(_all_subjects(statement) if is_for_cluster(statement) else ())}
    return sorted(
        value for operator, value in given if "Like" in operator and "Not" not in operator and _is_open(value)
    )


def lets_in(role: Role, namespace: str | None, name: str) -> bool:
    """Whether a role may be assumed by a service account; a namespace of None is any.

    What is filled in at deployment may be anything.
    """
    for statement in role.trust:
        if not is_web_identity(statement):
            continue
        values = [value for _, key, texts in statement.conditions if _is_key(key, _SUBJECT) for value in texts]
        if not values or has_open_keys(statement) or any("${" in value for value in values):
            return True
        if any(_is_of(operator, value, namespace, name) for operator, value in _all_subjects(statement)):
            return True
    return False


def _all_subjects(statement: Statement) -> list[tuple[str, str]]:
    return [
        (operator, value)
        for operator, key, values in statement.conditions
        if _is_key(key, _SUBJECT)
        for value in values
    ]


def _is_of(operator: str, value: str, namespace: str | None, name: str) -> bool:
    if namespace is None:
        # Whoever applies the manifest picks the namespace: then only the name can be compared.
        prefix, _, last = value.rpartition(":")
        value, wanted = (last, name) if prefix.startswith(_PREFIX) else (value, f"{_PREFIX}default:{name}")
    else:
        wanted = f"{_PREFIX}{namespace}:{name}"
    # Not…, and whatever else there is, is for people to judge.
    if "Like" in operator:
        return iam_policies.action_matches(value, wanted)
    return value == wanted if "Equals" in operator and "Not" not in operator else True


def _is_open(pattern: str) -> bool:
    if pattern.startswith(_PREFIX):
        return "*" in pattern.removeprefix(_PREFIX).split(":")[0]
    return iam_policies.action_matches(pattern, f"{_PREFIX}any:any")


def _is_key(key: str, end: str) -> bool:
    return key.lower().endswith(end)
