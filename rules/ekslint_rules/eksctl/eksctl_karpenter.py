from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_absent, is_given, is_off, is_on_outposts, is_set, text
from ekslint_rules.eksctl._versions import is_older, version_key

_VERSION = ("karpenter", "version")
_OLDEST = "0.20.0"


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "karpenter"))
def eksctl_karpenter(config: ClusterConfig) -> Iterator[Finding]:
    """eksctl is to install Karpenter, and lacks its version or the permissions for it.

    ## Why is this bad?
    eksctl installs exactly the version that it is told, from 0.20.0 on, and gives it a role by IRSA, for which the
    cluster needs an OIDC provider. It refuses the file.

    ## When it stays silent
    A missing `iam.withOIDC` is told once, by the rule eksctl-sa-without-oidc, where service accounts need it too; on
    Outposts there is neither Karpenter nor an OIDC provider, as the rule eksctl-outposts says.

    ## References
    - eksctl, Karpenter support
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (validateKarpenterConfig)
    """
    if not is_set(config, "karpenter"):
        return
    version = text(config, *_VERSION)
    if version is None:
        if is_absent(config, *_VERSION):
            yield Finding(
                config.at(*_VERSION), "karpenter does not say which version to install", label="version is missing"
            )
    elif version_key(version) is None:
        yield Finding(
            config.at(*_VERSION),
            f"{version} is no version of Karpenter: eksctl installs exactly the one that it is told",
            label="not a version",
        )
    elif is_older(version, _OLDEST):
        yield Finding(
            config.at(*_VERSION),
            f"eksctl cannot install Karpenter {version}: it knows how from {_OLDEST} on",
            label=f"older than {_OLDEST}",
        )
    if is_on_outposts(config) or is_given(config, "iam", "serviceAccounts"):
        return
    if is_off(config, "iam", "withOIDC"):
        place = config.at("iam", "withOIDC")
        yield Finding(
            place if place.is_written else config.at("karpenter", key=True),
            "Karpenter gets its role by IRSA, but iam.withOIDC is not true",
            label="withOIDC is false" if place.is_written else "iam.withOIDC is missing",
            help="set iam.withOIDC: true",
            related=[(config.at("karpenter", key=True), "Karpenter is to be installed")],
            discriminator="oidc",
        )
