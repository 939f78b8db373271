from collections.abc import Iterator

from ekslint import Container, Finding, Severity, rule
from ekslint_rules.scaling._cluster_autoscaler import DISCOVERY, flags, is_cluster_autoscaler

_STATIC = "nodes"


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",))
def ca_and_discovery_and_nodes(container: Container) -> Iterator[Finding]:
    """The Cluster Autoscaler is told its node groups twice: by name, and by their tags.

    ## Why is this bad?
    A group that both find keeps the bounds of `--nodes`, whatever minimum and maximum the Auto Scaling group has by
    now, and a named group is kept even after it is gone. The first releases refused to start with both; later ones
    still advise against it.

    ## When it stays silent
    One of the two alone, however often; the Cluster Autoscaler on another cloud (`--cloud-provider`); flags that a
    template fills in.

    ## References
    - Cluster Autoscaler on AWS: auto-discovery setup, recommendations
    - autoscaler, cluster-autoscaler/cloudprovider/aws/auto_scaling_groups.go (explicitlyConfigured)
    """
    if not is_cluster_autoscaler(container):
        return
    given = list(flags(container))
    if any(flag.name == "cloud-provider" and flag.value != "aws" for flag in given):
        return
    named = [flag for flag in given if flag.name == _STATIC]
    discoveries = [flag for flag in given if flag.name == DISCOVERY]
    if not named or not discoveries:
        return
    first, *others = named
    groups = f"--nodes={first.value}" + (f" and {len(others)} more" if others else "")
    yield Finding(
        first.place,
        f"{container} gets {groups} beside --{DISCOVERY}: where both find a group, the bounds that stand here win over "
        "those of the Auto Scaling group",
        label="beside auto-discovery",
        help=f"remove --nodes, and tag the group for --{DISCOVERY}",
        related=[
            *((flag.place, "finds groups by their tags") for flag in discoveries),
            *((flag.place, "another group by name") for flag in others),
        ],
    )
