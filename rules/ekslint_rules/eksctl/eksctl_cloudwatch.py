from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, aws_enums, nearest, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl._reading import integer, is_absent, texts

_LOGGING = ("cloudWatch", "clusterLogging")
_ALL = ("all", "*")
_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653)


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "observability"))
def eksctl_cloudwatch(config: ClusterConfig) -> Iterator[Finding]:
    """The logs of the control plane are described in a way that eksctl refuses.

    ## Why is this bad?
    A misspelt log type would never arrive, and CloudWatch keeps logs only for certain numbers of days.

    ## When it stays silent
    `all` and `*` stand for every type, whatever else is listed.

    ## References
    - eksctl, CloudWatch cluster logging
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (validateCloudWatchLogging) and cloudwatch.go
    """
    log_types = aws_enums.enumeration("eks.LogType")
    listed = list(texts(config, *_LOGGING, "enableTypes"))
    if not any(name in _ALL for _, name in listed):
        for path, name in listed:
            if name not in log_types:
                meant = nearest(name, (*log_types, *_ALL))
                yield Finding(
                    config.at(*path),
                    f"the control plane has no log {name}: there are {enumerated(log_types)}",
                    label="unknown log type",
                    help=f"did you mean {meant}?" if meant is not None else None,
                )
    days = integer(config, *_LOGGING, "logRetentionInDays")
    if not days:
        return
    place = config.at(*_LOGGING, "logRetentionInDays")
    if is_absent(config, *_LOGGING, "enableTypes"):
        yield Finding(
            place,
            f"logs are to be kept for {days} days, but no log is switched on",
            label="enableTypes is missing",
            help="list log types under enableTypes, or remove logRetentionInDays",
        )
    elif days not in _RETENTIONS:
        closest = min(_RETENTIONS, key=lambda allowed: (abs(allowed - days), allowed))
        yield Finding(
            place,
            f"CloudWatch cannot keep logs for {days} days: it takes {', '.join(map(str, _RETENTIONS))}",
            label=f"{closest} is the closest",
        )
