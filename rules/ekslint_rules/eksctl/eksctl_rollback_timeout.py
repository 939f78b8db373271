from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import integer

_SHORTEST = 120
_LONGEST = 10_080


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "upgrades"))
def eksctl_rollback_timeout(config: ClusterConfig) -> Iterator[Finding]:
    """The time in which an upgrade can be rolled back is out of bounds.

    ## Why is this bad?
    EKS takes two hours to seven days, in minutes; eksctl refuses anything else.

    ## When it stays silent
    Without `metadata.rollbackConfig.timeoutMinutes`, EKS decides.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (validateRollbackConfig)
    """
    minutes = integer(config, "metadata", "rollbackConfig", "timeoutMinutes")
    if minutes is not None and not _SHORTEST <= minutes <= _LONGEST:
        yield Finding(
            config.at("metadata", "rollbackConfig", "timeoutMinutes"),
            f"an upgrade cannot stay open to a rollback for {minutes} minutes: EKS takes {_SHORTEST} to {_LONGEST}",
            label=f"{_SHORTEST} to {_LONGEST} minutes",
        )
