from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, eksctl_fields, nearest, rule
from ekslint_rules.eksctl._reading import text


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "upgrades"))
def eksctl_upgrade_policy(config: ClusterConfig) -> Iterator[Finding]:
    """The support type of the upgrade policy is neither STANDARD nor EXTENDED.

    ## Why is this bad?
    eksctl refuses the file. The support type decides what happens at the end of standard support: an upgrade by AWS, or
    a higher price for each hour.

    ## When it stays silent
    Without `upgradePolicy.supportType`, EKS takes EXTENDED.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (validateSupportType)
    - Amazon EKS user guide, view current cluster upgrade policy
    """
    allowed = eksctl_fields.fields_of("UpgradePolicy")["supportType"].allowed
    written = text(config, "upgradePolicy", "supportType")
    if written is not None and written not in allowed:
        meant = nearest(written, allowed)
        yield Finding(
            config.at("upgradePolicy", "supportType"),
            f"the support type {written} does not exist: it is {' or '.join(allowed)}, in capitals",
            label="unknown support type",
            help=f"write {meant}" if meant is not None else None,
        )
