import re
from collections.abc import Iterator

from ekslint import ClusterConfig, EksctlNodeGroup, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_absent, text

_NAME = re.compile(r"[A-Za-z0-9-]+")
_LONGEST = 63


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl",))
def eksctl_ng_name(config: ClusterConfig) -> Iterator[Finding]:
    """A node group has no name, a name with characters that cannot be, or the name of another group.

    ## Why is this bad?
    The name goes into the name of a CloudFormation stack and into a label of the nodes, for groups of both kinds: EKS
    itself would take dots and underscores, but the stack fails after the cluster has been made. eksctl refuses a
    managed and a self-managed group of one name.

    ## When it stays silent
    Names that a template fills in, and the same name in files of different clusters.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (ValidateClusterConfig, validateNodeGroupName, validateLabels)
    - eksctl, pkg/cfn/manager/nodegroup.go (makeNodeGroupStackName)
    - AWS CloudFormation API reference, CreateStack: StackName
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
        if not _NAME.fullmatch(name):
            yield Finding(
                group.at("name"),
                f"the name {name} has characters other than letters, digits and hyphens: no stack can be called so",
                label="letters, digits and hyphens only",
                discriminator="characters",
            )
        elif len(name) > _LONGEST or name[0] == "-" or name[-1] == "-":
            yield Finding(
                group.at("name"),
                f"the name {name} cannot be the value of a label, which eksctl makes of it: at most {_LONGEST} "
                "characters, and no hyphen at either end",
                label=f"{len(name)} characters" if len(name) > _LONGEST else "a hyphen at an end",
                discriminator="label",
            )
