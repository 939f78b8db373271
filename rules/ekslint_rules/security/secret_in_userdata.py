from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, UserData, rule
from ekslint_rules.security._credentials import credential_in_script

_COMMANDS, _OVERRIDE = "preBootstrapCommands", "overrideBootstrapCommand"


@rule(Severity.WARNING, since="0.1.0", tags=("secrets",), dialects=("eksctl", "cloudformation"))
def secret_in_userdata(subject: UserData | EksctlNodeGroup) -> Iterator[Finding]:
    """A password, token or key stands in what a node is started with.

    ## Why is this bad?
    Every pod that reaches the instance metadata can read the user data of its node, and so can everybody who may
    describe launch templates. It stays in the repository and in every old version of the template besides.

    ## When it stays silent
    Values that are filled in at deployment or looked up when the node starts (`${DbPassword}`, `$(aws
    secretsmanager …)`), and that merely stand for one (`changeme`, `<password>`); variables that are not named as
    credentials, unless the value has the form of one (an AWS access key, a private key, a token of GitHub).

    ## References
    - Amazon EC2 user guide, instance metadata and user data: not for sensitive data
    - EKS best practices guide, security, data encryption and secrets management
    """
    if isinstance(subject, UserData):
        # What an eksctl file starts nodes with is told with the rest of its node group.
        found = None if subject.dialect == "eksctl" else credential_in_script(subject.text or "")
        if found is not None:
            yield Finding(
                subject.at("text"),
                f"{subject} holds {found.what}, which every pod on the node may read",
                label=f"in line {found.line + 1} of it",
                help="let the node fetch it from AWS Secrets Manager or Parameter Store when it starts",
            )
        return
    commands = () if subject.unknown(_COMMANDS) else subject.sequence(_COMMANDS)
    for path in (*((_COMMANDS, index) for index in range(len(commands))), (_OVERRIDE,)):
        script = None if subject.unknown(*path) else subject.get(*path)
        found = credential_in_script(script) if isinstance(script, str) else None
        if found is not None:
            yield Finding(
                subject.at(*path),
                f"{subject} is started with {found.what}, which every pod on the node may read",
                label="in the user data",
                help="let the node fetch it from AWS Secrets Manager or Parameter Store when it starts",
            )
