from collections.abc import Iterator

from ekslint import DaemonSet, Finding, Namespace, Severity, Workload, rule
from ekslint_rules.fargate._pods import may_be_on_fargate
from ekslint_rules.security._baseline import violations

_SYSTEM_NAMESPACE = "kube-system"
_LABEL = "pod-security.kubernetes.io/enforce"
_ENFORCED = frozenset({"baseline", "restricted"})


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def pod_security_baseline(workload: Workload) -> Iterator[Finding]:
    """A pod has what the Pod Security Standard "baseline" forbids, and may take over its node.

    ## Why is this bad?
    Whoever gets into a privileged container, into one that sees the host's processes or that mounts the host's
    settings or sockets, gets at the node: at the credentials of its role, and at every other pod on it. In a namespace
    that enforces the standard, admission refuses the pod.

    ## When it stays silent
    `kube-system`, and DaemonSets, which work on their nodes, unless their namespace enforces the standard; pods on
    Fargate, of which `fargate-pod-unsupported` speaks; what a controller made. Advice only for what merely leaves the
    standard: the host's network and ports, harmless paths, kernel parameters, capabilities of little power. An error
    where the namespace of the files enforces the standard. One finding a workload. Running as root is no matter of this
    standard.

    ## References
    - Kubernetes documentation, Pod Security Standards: baseline; Pod Security Admission
    - EKS best practices guide, security, pod security
    """
    if workload.is_owned:
        return
    found = sorted(violations(workload.pod), key=lambda each: not each.takes_over)
    if not found or may_be_on_fargate(workload):
        return
    enforcing = _enforcing(workload)
    if enforcing is None and (isinstance(workload, DaemonSet) or workload.stands_in(_SYSTEM_NAMESPACE)):
        return
    first, *others = found
    more = f" (and {len(others)} more)" if others else ""
    related = [(each.place, f"it {each.what}") for each in others]
    if enforcing is not None:
        related.append((enforcing.at("labels", _LABEL), "enforced here"))
        yield Finding(
            first.place,
            f"{workload} {first.what}{more}, which {enforcing} forbids: admission refuses its pods",
            label=f"forbidden by {enforcing.pod_security_level}",
            help="do without it, or run it in a namespace of its own that allows it",
            related=related,
            severity=Severity.ERROR,
        )
        return
    yield Finding(
        first.place,
        f"{workload} {first.what}{more}"
        + (": whoever gets into the pod gets at the node" if first.takes_over else ", which the baseline forbids"),
        label="against the baseline",
        help="do without it, or run it in a namespace of its own that few may use",
        related=related,
        lower=int(not first.takes_over),
    )


def _enforcing(workload: Workload) -> Namespace | None:
    """The namespace of a workload, if it stands in the files and enforces the standard."""
    names = {name or "default" for name in workload.namespace_options}
    for each in workload.beside(Namespace):
        if each.known_name not in names or each.unknown("metadata", "labels"):
            continue
        if each.pod_security_level in _ENFORCED and workload.namespace == each.known_name:
            return each
    return None
