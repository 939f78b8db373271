import binascii
import re
from base64 import b64decode
from collections.abc import Iterator

from ekslint import ConfigMap, Finding, Place, Secret, Severity, rule
from ekslint_rules.security._credentials import is_named_so, known_credential, stands_for_one

_SEALED_BY_SOPS = "sops"
_LONGEST_READ = 100_000
_SHORTEST_SECRET = 4
_REGISTRY_LOGINS = frozenset({".dockercfg", ".dockerconfigjson"})
_LOGIN = re.compile(r'"(auth|password|identitytoken)"\s{0,4}:\s{0,4}"([^"]{4,})"')


@rule(Severity.WARNING, since="0.1.0", tags=("secrets",))
def secret_in_manifest(subject: Secret | ConfigMap) -> Iterator[Finding]:
    """A password, token or key stands in a manifest, for everybody who can read the repository.

    ## Why is this bad?
    base64 hides nothing. Whoever has the repository, a fork, an old clone or a build log has the credential, it stays
    in the history when the file is mended, and it can only be changed together with the file. A ConfigMap is not even
    kept apart by RBAC.

    ## When it stays silent
    Manifests that SOPS has encrypted; kinds that exist so that no secret stands in the files (SealedSecret,
    ExternalSecret); values that stand for one (`changeme`, `<password>`, `${PASSWORD}`); keys that are not named as
    credentials, unless the value has the form of one (an AWS access key, a private key, an address with a password);
    certificates. What kustomize generates; what a controller made. One finding an object. Advice only outside
    production.

    ## References
    - Kubernetes documentation, good practices for Kubernetes Secrets
    - EKS best practices guide, security, data encryption and secrets management: use external secrets providers
    """
    if subject.is_generated or subject.is_owned or _SEALED_BY_SOPS in subject.node:
        return
    found = list(_credentials(subject))
    if not found:
        return
    (place, what), *others = found
    yield Finding(
        place,
        f"{subject} holds {what} in clear, for everybody who can read the repository"
        if isinstance(subject, ConfigMap)
        else f"{subject} holds {what}, for everybody who can read the repository",
        label="in the repository",
        help="change the credential, and keep it in AWS Secrets Manager (External Secrets, the CSI driver), or seal it",
        related=[(each, f"and {kind}") for each, kind in others],
        lower=subject.tolerance,
    )


def _credentials(subject: Secret | ConfigMap) -> Iterator[tuple[Place, str]]:
    """Where credentials stand in an object, and what they are."""
    for field in ("data", "stringData") if isinstance(subject, Secret) else ("data",):
        if subject.unknown(field):
            continue
        for key in subject.mapping(field):
            if subject.unknown(field, key):
                continue
            written = subject.get(field, key)
            value = written if isinstance(written, str) else ""
            if isinstance(subject, Secret) and field == "data":
                value = _decoded(value)
            what = known_credential(value[:_LONGEST_READ]) or (key if _is_credential(key, value) else None)
            if what is None and key in _REGISTRY_LOGINS and _has_login(value[:_LONGEST_READ]):
                what = "the login of a registry"
            if what is not None:
                yield subject.at(field, key), what


def _decoded(value: str) -> str:
    """What a value of `data` stands for; nothing where it is no base64, which the API server refuses."""
    try:
        return b64decode("".join(value.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _is_credential(key: str, value: str) -> bool:
    """Whether a key is named as a credential, and its value is one: no text about something, and no placeholder."""
    if not is_named_so(key) or len(value) < _SHORTEST_SECRET:
        return False
    is_text = "\n" in value.strip() or " " in value.strip() or "://" in value
    return not is_text and not stands_for_one(value)


def _has_login(settings: str) -> bool:
    """Whether the settings of Docker hold a password or a token, and no placeholder for one."""
    for kind, value in _LOGIN.findall(settings):
        login = _decoded(value) if kind == "auth" else value
        if login and not stands_for_one(login.rpartition(":")[2]):
            return True
    return False
