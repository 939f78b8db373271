from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule

_WANTED = ("audit", "api", "authenticator")


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def control_plane_logging_missing(cluster: Cluster) -> Iterator[Finding]:
    """The control plane does not log who did what.

    ## Why is this bad?
    Without the audit log nobody can tell afterwards who deleted a namespace or read a secret. It is off by default, and
    it cannot be had for the past.

    ## When it stays silent
    Audit logs are on; that `api` or `authenticator` are missing is advice. Advice only as well, where the files may add
    to an existing cluster.

    ## References
    - Amazon EKS user guide, send control plane logs to CloudWatch Logs
    - EKS best practices guide, security, auditing and logging
    """
    missing = [name for name in _WANTED if name not in cluster.log_types]
    if not missing:
        return
    if "audit" in missing:
        message = f"{cluster} keeps no audit log"
        if len(missing) < len(_WANTED):
            message += f", only {' and '.join(name for name in _WANTED if name not in missing)}"
        lower = cluster.tolerance + cluster.may_be_partial
    else:
        message = f"{cluster} keeps no log of {' and '.join(missing)}"
        lower = 1
    yield Finding(
        cluster.at("log_types"),
        message,
        label=f"without {', '.join(missing)}",
        help=f"enable the log types {', '.join(_WANTED)}",
        lower=lower,
    )
