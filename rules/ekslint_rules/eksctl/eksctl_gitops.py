from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_absent, is_set

_FLUX = ("gitops", "flux")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl",))
def eksctl_gitops(config: ClusterConfig) -> Iterator[Finding]:
    """Flux is to be set up, but not from which repository.

    ## Why is this bad?
    eksctl runs `flux bootstrap` with the provider and the flags that it is told; without them it refuses the file.

    ## When it stays silent
    Flags that a template fills in.

    ## References
    - eksctl, GitOps with Flux v2
    - eksctl, pkg/ctl/cmdutils/configfile.go and gitops.go
    """
    if not is_set(config, *_FLUX):
        return
    for field, what in (("gitProvider", "where the repository is"), ("flags", "which repository it is")):
        if is_absent(config, *_FLUX, field):
            yield Finding(
                config.at(*_FLUX, field),
                f"gitops.flux has no {field}: Flux must know {what}",
                label=f"{field} is missing",
            )
