import re
from collections.abc import Iterator

from ekslint import ClusterConfig, EksctlNodeGroup, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_absent, text

_NAME = re.compile(r"[A-Za-z0-9-]+")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl",))
def eksctl_ng_name(config: ClusterConfig) -> Iterator[Finding]:
    """A node group has no name, a name with characters that cannot be, or the name of another group.

    ## Why is this bad?
    The name goes into the names of CloudFormation stacks and into the labels of the nodes. eksctl refuses the file,
    also where a managed and a self-managed group share a name.

    ## When it stays silent
    Names of managed groups may have more characters.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (ValidateClusterConfig, validateNodeGroupName)
    """
    seen: dict[str, EksctlNodeGroup] = {}
    for group in sorted(config.parts, key=lambda group: group.is_managed):
        name = text(group, "name")
        kind = "managedNodeGroups" if group.is_managed else "nodeGroups"
        if is_absent(group, "name"):
            yield Finding(group.at("name"), f"a group under {kind} has no name", label="name is missing")
        if name is None:
            continue
        if name in seen:
            yield Finding(
                group.at("name"),
                f"two node groups are called {name}: eksctl tells groups of both kinds apart by their names",
                label="used before",
                related=[(seen[name].at("name"), "used here first")],
            )
        seen.setdefault(name, group)
        if not group.is_managed and not _NAME.fullmatch(name):
            yield Finding(
                group.at("name"),
                f"the name {name} has characters other than letters, digits and hyphens: no stack can be called so",
                label="letters, digits and hyphens only",
                discriminator="characters",
            )
