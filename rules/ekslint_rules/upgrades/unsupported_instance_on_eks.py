import re
from collections.abc import Iterator

from ekslint import Finding, NodeGroup, NodePool, Severity, instance_types, nearest, rule

_GRAVITON_1, _AMAZON_LINUX_2023 = "a1", "AmazonLinux2023"
_LABELS = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
_SHAPE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")


@rule(Severity.ERROR, since="0.1.0", tags=("nodes",), dialects=("eksctl", "cloudformation", "karpenter"))
def unsupported_instance_on_eks(subject: NodeGroup | NodePool) -> Iterator[Finding]:
    """An instance type does not exist, or cannot be a node.

    ## Why is this bad?
    EKS and EC2 refuse types that do not exist, and a NodePool never makes nodes of them. Mac hosts run no Kubernetes,
    and Amazon Linux 2023 does not boot on the first Graviton (a1).

    ## When it stays silent
    Names that a template fills in. Names that are like none of the table may be newer than this release of ekslint:
    those are advice. A warning for a NodePool with other types beside it; one without any is what
    `karpenter-requirement-matches-no-type` reports.

    ## References
    - Amazon EKS user guide, choose an optimal Amazon EC2 node instance type
    - Amazon Linux 2023 user guide, system requirements
    """
    if isinstance(subject, NodePool):
        yield from _of_node_pool(subject)
        return
    for index, name in enumerate(subject.instance_types):
        for message, label, severity in _problems(subject, name):
            yield Finding(
                subject.at("instance_types", index), message, label=label, severity=severity, discriminator=name
            )


def _problems(group: NodeGroup, name: str) -> Iterator[tuple[str, str, Severity | None]]:
    """(message, label, severity) of what is wrong with a type in a group, if anything is."""
    facts, family = instance_types.instance_type(name), name.partition(".")[0]
    if not name:
        yield f"{group} asks for an instance type without a name", "empty", None
    elif not _exists(name):
        if _is_mistake(name):
            yield f"{group} asks for {name}, which does not exist", _label(name), None
        else:
            yield f"{group} asks for {name}, which ekslint does not know", "unknown type", Severity.INFO
    elif facts is not None and any(each.endswith("_mac") for each in facts.architectures):
        yield f"{group} asks for {name}, a Mac host, which cannot be a node", "a Mac host", None
    elif family == _GRAVITON_1 and not group.unknown("ami_family") and group.ami_family == _AMAZON_LINUX_2023:
        yield f"{group} asks for {name}, on which Amazon Linux 2023 does not boot", "first Graviton", None


def _of_node_pool(node_pool: NodePool) -> Iterator[Finding]:
    for number, requirement in enumerate(node_pool.requirements):
        is_choice = requirement.operator == "In"
        if requirement.key not in _LABELS or not (is_choice or requirement.operator == "NotIn"):
            continue
        if is_choice and not any(map(_exists, requirement.values)):
            continue
        for index, name in enumerate(requirement.values):
            if _exists(name) or not _is_mistake(name):
                continue
            what = "allows" if is_choice else "excludes"
            yield Finding(
                node_pool.at(*node_pool.requirements_path, number, "values", index),
                f"{node_pool} {what} {name}, which does not exist",
                label=_label(name),
                severity=Severity.WARNING,
                discriminator=name,
            )


def _exists(name: str) -> bool:
    return instance_types.instance_type(name) is not None or instance_types.known_name(name)


def _is_mistake(name: str) -> bool:
    """Whether a name that is not in the table cannot be that of a newer type.

    A family that is not known either is more likely new than misspelt.
    """
    if _SHAPE.fullmatch(name) is None:
        return True
    return name.partition(".")[0] in instance_types.families() and _meant(name) is not None


def _meant(name: str) -> str | None:
    return nearest(name, instance_types.instance_type_names())


def _label(name: str) -> str:
    meant = _meant(name)
    return f"did you mean {meant}?" if meant is not None else "no such type"
