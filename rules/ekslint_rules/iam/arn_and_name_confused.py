from collections.abc import Iterator

from ekslint import Finding, IdentityReference, Severity, rule

_WITH_ARTICLE = {"instance profile": "an instance profile", "role": "a role"}


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def arn_and_name_confused(reference: IdentityReference) -> Iterator[Finding]:
    """A property that takes the ARN of a role is given its name, or the other way round.

    ## Why is this bad?
    `Ref` to a role or an instance profile is its name, `GetAtt` of `Arn` its ARN. EKS, EC2 and IAM refuse the one where
    they want the other, and a role where an instance profile belongs: the stack rolls back, often only after the
    cluster was made.

    ## When it stays silent
    What is no reference to a role or instance profile in the files. Launch configurations, which take both.

    ## References
    - AWS CloudFormation, AWS::IAM::Role and AWS::IAM::InstanceProfile, return values
    """
    if reference.given is None or reference.given_kind is None:
        return
    wanted, identity = reference.wanted, reference.identity or ""
    if reference.given_kind != reference.wanted_kind:
        yield Finding(
            reference.at("given"),
            f"{reference} takes the {wanted} of {_WITH_ARTICLE[reference.wanted_kind]}, "
            f"but {identity} is {_WITH_ARTICLE[reference.given_kind]}",
            label=_WITH_ARTICLE[reference.given_kind],
            help=f"refer to {_WITH_ARTICLE[reference.wanted_kind]}",
        )
    elif reference.given != wanted:
        yield Finding(
            reference.at("given"),
            f"{reference} takes the {wanted} of {identity} and is given its {reference.given}",
            label=f"the {reference.given}",
            help=_help(wanted, identity, reference.template),
        )


def _help(wanted: str, identity: str, template: str | None) -> str:
    expression = f"!GetAtt {identity}.Arn" if wanted == "ARN" else f"!Ref {identity}"
    return f"write {expression}" if template is None else f"take it from an output of {template} that is {expression}"
