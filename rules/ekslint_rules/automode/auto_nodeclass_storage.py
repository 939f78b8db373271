from collections.abc import Iterator

from ekslint import Finding, NodeClass, SchemaProblemKind, Severity, node_class_fields, rule, schema_problems

_SIZE = ("spec", "ephemeralStorage", "size")
_RANGES = {
    "iops": node_class_fields.EPHEMERAL_STORAGE_IOPS,
    "throughput": node_class_fields.EPHEMERAL_STORAGE_THROUGHPUT,
}


@rule(Severity.ERROR, since="0.1.0", tags=("automode",), dialects=("karpenter",))
def auto_nodeclass_storage(node_class: NodeClass) -> Iterator[Finding]:
    """A setting of a NodeClass has a value that Auto Mode does not accept.

    ## Why is this bad?
    The data volume takes 3000 to 16000 IOPS and 125 to 1000 MiB a second, as numbers, and a size with its unit, such as
    `80Gi`; `snatPolicy`, `networkPolicy` and `networkPolicyEventLogs` know two words each. The API server refuses
    anything else.

    ## When it stays silent
    Values that a template or a kustomization fills in.

    ## References
    - Amazon EKS user guide, create a node class for Amazon EKS
    """
    for problem in schema_problems(node_class.node, node_class_fields.TABLE):
        if problem.kind is SchemaProblemKind.VALUE:
            meant = problem.suggestion
            yield Finding(
                node_class.at(*problem.path),
                f"{node_class}: {problem.message}",
                label=f"did you mean {meant}?" if meant else "not one of them",
            )
    for field, (least, most) in _RANGES.items():
        path = ("spec", "ephemeralStorage", field)
        if node_class.unknown(*path):
            continue
        value = node_class.get(*path)
        if isinstance(value, str):
            yield Finding(
                node_class.at(*path),
                f"{node_class} asks for {field} of {value}, which is a text and no number",
                label="without quotes" if value.isdigit() else f"{least} to {most}",
            )
        elif isinstance(value, int) and not isinstance(value, bool) and not least <= value <= most:
            yield Finding(
                node_class.at(*path),
                f"{node_class} asks for {field} of {value}, but its volume takes {least} to {most}",
                label=f"{least} to {most}",
            )
    size = None if node_class.unknown(*_SIZE) else node_class.get(*_SIZE)
    form = node_class_fields.EPHEMERAL_STORAGE_SIZE
    if isinstance(size, int | float) or (isinstance(size, str) and form.fullmatch(size) is None):
        yield Finding(
            node_class.at(*_SIZE),
            f"{node_class} asks for a volume of {size}, but a size is a number with a unit: Gi, G, Ti or T",
            label="such as 80Gi",
        )
