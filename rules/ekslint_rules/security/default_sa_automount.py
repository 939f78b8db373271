from collections.abc import Iterator
from itertools import islice

from ekslint import ClusterRoleBinding, Finding, RoleBinding, ServiceAccount, Severity, Workload, known, rule
from ekslint_rules._wording import namespace_of
from ekslint_rules.iam._web_identity import ROLE_ANNOTATION

_DEFAULT = "default"
_ACCOUNT = "ServiceAccount"
_SYSTEM_NAMESPACE = "kube-system"
_MOST_COMPARED = 200


@rule(Severity.WARNING, since="0.1.0", tags=("security", "iam"))
def default_sa_automount(
    subject: RoleBinding | ClusterRoleBinding | ServiceAccount | Workload,
) -> Iterator[Finding]:
    """Every pod of a namespace gets what somebody gave to its service account "default".

    ## Why is this bad?
    A pod that names no service account runs as `default`, with a token mounted. A role of Kubernetes or of IAM that is
    given to that account is given to every such pod, now and later: whoever gets into any of them has it.

    ## When it stays silent
    Roles for accounts of their own. Advice only, once a namespace, for workloads that run as `default` with the token
    mounted, as the token alone allows little; not where they, or the account in the files, set
    automountServiceAccountToken to false, in `kube-system`, for bare pods, and for what a controller made.

    ## References
    - Kubernetes documentation, configure service accounts for pods
    - EKS best practices guide, security, identity and access management: service account tokens
    """
    if isinstance(subject, ServiceAccount):
        if subject.name == _DEFAULT and subject.role is not None:
            yield Finding(
                subject.at("annotations", ROLE_ANNOTATION),
                f"{subject} of namespace {subject.namespace} has an IAM role: every pod there that names no account "
                "gets it",
                label="a role for every pod",
                help="give the role to a service account of its own, and let the pods that need it name that",
            )
    elif isinstance(subject, Workload):
        yield from _of_workload(subject)
    else:
        yield from _of_binding(subject)


def _of_binding(binding: RoleBinding | ClusterRoleBinding) -> Iterator[Finding]:
    for index, each in enumerate(binding.subjects):
        if each.kind != _ACCOUNT or each.name != _DEFAULT:
            continue
        reference = binding.role_reference
        if reference is None:
            return
        namespace = each.namespace or binding.namespace
        yield Finding(
            binding.at("subjects", index, "name"),
            f"{binding} gives {reference.kind} {reference.name} to every pod of namespace {namespace} that names no "
            "service account",
            label="a role for every pod",
            help="make a service account for the pods that need the role, and bind it to that",
            related=[(binding.at("roleRef", "name"), "what they get")],
        )


def _of_workload(workload: Workload) -> Iterator[Finding]:
    """The first of those workloads of a namespace that run as its account `default` speaks for them all."""
    if not _runs_as_default(workload) or workload.stands_in(_SYSTEM_NAMESPACE):
        return
    joins = workload.estate.joins
    if any(each.automounts_token is False for each in joins.named(workload, ServiceAccount, _DEFAULT)):
        return
    neighbours = joins.neighbours(workload, Workload)
    if next(filter(_runs_as_default, known(neighbours)), workload) is not workload:
        return
    others = islice(known(neighbours), _MOST_COMPARED)
    alike = [each for each in others if each is not workload and _runs_as_default(each)]
    place = workload.pod.at("serviceAccountName")
    more = f" and {len(alike)} more of {namespace_of(workload)} run" if alike else " runs"
    yield Finding(
        place if place.is_written else workload.at("metadata", "name"),
        f"{workload}{more} as service account default, with its token mounted",
        label="service account default",
        help="name an account of its own, or set automountServiceAccountToken: false on the account default",
        related=[(each.at("metadata", "name"), str(each)) for each in alike],
        severity=Severity.INFO,
    )


def _runs_as_default(workload: Workload) -> bool:
    """Whether pods of a workload surely get the token of the account `default`, unless that account says otherwise."""
    if workload.is_owned or workload.kind == "Pod":
        return False
    pod = workload.pod
    if any(pod.unknown(field) for field in ("automountServiceAccountToken", "serviceAccountName", "serviceAccount")):
        return False
    return pod.automounts_token is not False and pod.service_account_name in {None, _DEFAULT}
