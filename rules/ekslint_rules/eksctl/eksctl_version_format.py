import re
from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, eksctl_defaults, eksctl_limits, kubernetes_versions, rule
from ekslint_rules.eksctl import _reading as reading

_MINOR = re.compile(r"1\.[0-9]{1,3}")


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl",))
def eksctl_version_format(config: ClusterConfig) -> Iterator[Finding]:
    """`metadata.version` is not written as eksctl compares it.

    ## Why is this bad?
    EKS offers minor versions, and eksctl looks for the very text among them: with a patch number, a `v` in front or
    anything else it refuses the version.

    ## When it stays silent
    `auto` and `latest`, which eksctl resolves, and minor versions: whether EKS still offers them is what
    `kubernetes-version-unsupported` reports.

    ## References
    - eksctl, pkg/eks/cluster_versions_manager.go: ResolveClusterVersion
    """
    version = reading.text(config, "metadata", "version")
    if version is None or version in eksctl_limits.VERSION_WORDS or _MINOR.fullmatch(version):
        return
    number = kubernetes_versions.minor(version)
    yield Finding(
        config.at("metadata", "version"),
        f"{config.cluster} asks for Kubernetes {version}, and EKS offers minor versions, such as "
        f"{eksctl_defaults.KUBERNETES_VERSION}",
        label=f"did you mean {number[0]}.{number[1]}?" if number else "not a minor version",
        help="EKS chooses the patch version by itself" if number else None,
    )
