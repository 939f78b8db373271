from collections.abc import Iterator

from ekslint import (
    Finding,
    NodeClass,
    SchemaProblem,
    SchemaProblemKind,
    Severity,
    instance_types,
    node_class_fields,
    rule,
    schema_problems,
)


@rule(Severity.ERROR, since="0.1.0", tags=("automode",), dialects=("karpenter",))
def auto_nodeclass_unsupported_field(node_class: NodeClass) -> Iterator[Finding]:
    """A NodeClass of Auto Mode has a field that there is not.

    ## Why is this bad?
    `kubectl apply` refuses unknown fields; other tools drop them, and the nodes are not what the file says. A NodeClass
    is about network, storage and identity alone. What machines there are is said by the requirements of a NodePool;
    image, kubelet and metadata service are Auto Mode's own.

    ## When it stays silent
    What stands below advancedNetworking and advancedSecurity, where AWS keeps adding settings. A name that resembles
    nothing counts one step less: it may be newer than this table.

    ## References
    - Amazon EKS user guide, create a node class for Amazon EKS
    - Amazon EKS user guide, create a node pool for EKS Auto Mode
    """
    for problem in schema_problems(node_class.node, node_class_fields.TABLE):
        if problem.kind is SchemaProblemKind.UNKNOWN:
            yield _finding(node_class, problem)


def _finding(node_class: NodeClass, problem: SchemaProblem) -> Finding:
    name = str(problem.path[-1])
    place = node_class.at(*problem.path, key=True)
    if problem.type == "NodeClassSpec":
        label = node_class_fields.NODE_POOL_REQUIREMENTS.get(name)
        if label is not None:
            return Finding(
                place,
                f"{node_class} has the field {name}, which no NodeClass has: machines are chosen by a NodePool",
                label="belongs to a NodePool",
                help=_requirement(label, problem.path, node_class),
            )
        if name in node_class_fields.NODE_POOL_FIELDS:
            return Finding(
                place,
                f"{node_class} has the field {name}, which no NodeClass has",
                label="belongs to a NodePool",
                help=f"set {node_class_fields.NODE_POOL_FIELDS[name]} of the NodePool",
            )
        if name in node_class_fields.EC2_NODE_CLASS_ONLY:
            return Finding(
                place,
                f"{node_class} has the field {name} of Karpenter's EC2NodeClass, which Auto Mode does not have",
                label="not in Auto Mode",
                help=node_class_fields.EC2_NODE_CLASS_ONLY[name],
            )
    meant = problem.suggestion
    return Finding(
        place,
        f"{node_class} has the field {name}, which no NodeClass has",
        label=f"did you mean {meant}?" if meant else "unknown field",
        help=f"did you mean {meant}?" if meant else None,
        lower=0 if meant or problem.type != "NodeClassSpec" else 1,
    )


def _requirement(label: str, path: tuple[str | int, ...], node_class: NodeClass) -> str:
    advice = f"require {label} in the NodePool that uses it"
    value = None if node_class.unknown(*path) else node_class.get(*path)
    if isinstance(value, str) and (value.isalnum() or instance_types.known_name(value)):
        return f"{advice}: {{key: {label}, operator: In, values: [{value}]}}"
    return advice
