import re
from collections.abc import Iterator, Mapping

from ekslint import Finding, ServiceAccount, Severity, Workload, label_domains, nearest, rule
from ekslint_rules.iam._web_identity import ROLE_ANNOTATION

_DOMAIN = "eks.amazonaws.com"
_KNOWN = tuple(f"{_DOMAIN}/{name}" for name in ("audience", "role-arn", "sts-regional-endpoints", "token-expiration"))
"""What the webhook reads on service accounts. Source: amazon-eks-pod-identity-webhook, README."""
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/.+")
_ACCOUNT_OF_DIGITS = re.compile(r"arn:[a-z-]*:iam::(?P<account>[0-9]*):(?P<resource>[^/]*)(?:/.*)?")
_BARE_NAME = re.compile(r"(?=.*[a-z])(?!.*(?:^|[_-])ARN$)[A-Za-z0-9+=,.@_-]{1,64}", re.ASCII)
"""A name of a role; what ends in `_ARN` only says what belongs there."""
_POD_ANNOTATIONS = ("spec", "template", "metadata", "annotations")


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes",))
def irsa_annotation_invalid(subject: ServiceAccount | Workload) -> Iterator[Finding]:
    """The annotation that gives a service account its IAM role is misspelt, or names no role.

    ## Why is this bad?
    EKS gives pods a role only by the annotation `eks.amazonaws.com/role-arn` of their service account. Under any other
    key nobody reads it, and the pods fall back to the role of their node, without a word. With a value that is not the
    ARN of a role their first call to AWS fails.

    ## When it stays silent
    Placeholders for the account or the whole ARN; an empty value, as charts render it by default. On a workload it is
    a warning, and silent where its service account has the annotation as well.

    ## References
    - Amazon EKS user guide, assign IAM roles to Kubernetes service accounts
    - amazon-eks-pod-identity-webhook, README
    """
    if isinstance(subject, Workload):
        yield from _on_workload(subject)
        return
    annotations = subject.annotations
    for key in annotations:
        meant = _meant(key)
        if meant is not None and meant not in annotations:
            yield Finding(
                subject.at("metadata", "annotations", key, key=True),
                f"{subject} has the annotation {key}, which nobody reads: "
                + ("its pods get no role" if meant == ROLE_ANNOTATION else "it has no effect"),
                label=f"did you mean {meant}?",
                discriminator=key,
            )
    role = subject.role
    fault = _fault(role) if role else None
    if fault is not None:
        yield Finding(
            subject.at("metadata", "annotations", ROLE_ANNOTATION),
            f"{subject} is annotated with {role}, but {fault}: its pods cannot assume it",
            label="no ARN of a role",
            help="arn:aws:iam::<account>:role/<name>",
        )


def _meant(key: str) -> str | None:
    """The annotation that a key is a misspelling of."""
    if key in _KNOWN:
        return None
    domain, _, name = key.rpartition("/")
    if _folded(name) == "rolearn" and (domain.startswith("eks.") or nearest(domain, [_DOMAIN]) is not None):
        return ROLE_ANNOTATION
    return nearest(key, _KNOWN) if label_domains.domain_of(key) == _DOMAIN else None


def _folded(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(".", "")


def _fault(role: str) -> str | None:
    """Why a value is no ARN of a role, as half a sentence; None for those that are, and for placeholders."""
    if _ROLE.fullmatch(role):
        return None
    found = _ACCOUNT_OF_DIGITS.fullmatch(role)
    if found is None:
        return "that is a name, and no ARN" if _BARE_NAME.fullmatch(role) else None
    if len(found["account"]) != len("111122223333"):
        return f"an account has 12 digits, not {len(found['account'])}"
    return f"that is a {found['resource']}, and no role" if found["resource"] != "role" else None


def _on_workload(workload: Workload) -> Iterator[Finding]:
    for path in (("metadata", "annotations"), _POD_ANNOTATIONS):
        if workload.unknown(*path) or not isinstance(workload.get(*path), Mapping):
            continue
        if ROLE_ANNOTATION not in workload.mapping(*path):
            continue
        name = workload.pod.service_account_name or "default"
        accounts = workload.estate.joins.named(workload, ServiceAccount, name)
        if any(account.role for account in accounts):
            return
        yield Finding(
            workload.at(*path, ROLE_ANNOTATION, key=True),
            f"{workload} has the annotation {ROLE_ANNOTATION}, which counts on service accounts only: its pods get no "
            "role by it",
            label="not read here",
            help=f"annotate the service account {name}",
            severity=Severity.WARNING,
        )
        return
