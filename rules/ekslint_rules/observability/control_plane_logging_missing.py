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
    Audit logs are on; that `api` or `authenticator` are missing is advice. Advice only as well outside production, and
    where the files may add to an existing cluster without a word on logs.

    ## References
    - Amazon EKS user guide, send control plane logs to CloudWatch Logs
    - EKS best practices guide, security, auditing and logging
    """
    missing = [name for name in _WANTED if name not in cluster.log_types]
    if not missing:
        return
    place = cluster.at("log_types")
    kept = [name for name in cluster.log_types if name != "audit"] if "audit" in missing else []
    if "audit" not in missing:
        message = f"{cluster} keeps no {' and no '.join(missing)} log"
        lower = 1
    else:
        message = f"{cluster} keeps no audit log"
        message += f", only {' and '.join(kept)}" if kept else ": nobody can tell afterwards who did what"
        lower = cluster.tolerance + (0 if place.is_written else cluster.may_be_partial)
    yield Finding(
        place,
        message,
        label=f"without {', '.join(missing)}",
        help=f"enable the log types {', '.join(_WANTED)}",
        lower=lower,
    )
