from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeClass, Role, Severity, nearest, rule


@rule(Severity.WARNING, since="0.1.0", tags=("iam",), dialects=("karpenter", "kubernetes"))
def node_role_reference_broken(node_class: EC2NodeClass | NodeClass) -> Iterator[Finding]:
    """A node class names a role that is spelt otherwise where it is declared.

    ## Why is this bad?
    Nodes of this class get an instance profile with that role. If it does not exist no node starts, and pods stay
    Pending.

    ## When it stays silent
    Names that are nothing like those of the declared roles: the role may be declared elsewhere.

    ## References
    - Karpenter, NodeClasses: spec.role
    - Amazon EKS user guide, create a node class for Amazon EKS
    """
    name = node_class.text("spec", "role")
    if name is None:
        return
    roles = {role.name: role for role in node_class.estate.of(Role) if not role.unknown("name") and role.name}
    if not roles or name in roles:
        return
    meant = nearest(name, sorted(roles))
    if meant is not None:
        yield Finding(
            node_class.at("spec", "role"),
            f"{node_class} names the role {name}, but the files declare {meant}",
            label=f"did you mean {meant}?",
            help=f"write {meant}",
            related=[(roles[meant].at("name"), "this role")],
        )
