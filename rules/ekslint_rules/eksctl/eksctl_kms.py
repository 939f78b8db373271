from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_absent, is_arn, is_set, text

_KEY = ("secretsEncryption", "keyARN")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "security"))
def eksctl_kms(config: ClusterConfig) -> Iterator[Finding]:
    """Secrets are to be encrypted with a key of KMS, but no key is named by its ARN.

    ## Why is this bad?
    eksctl wants the whole ARN: it takes neither the ID nor the alias of a key, and refuses the file.

    ## When it stays silent
    Without `secretsEncryption`, EKS encrypts Secrets with a key of its own.

    ## References
    - eksctl, KMS envelope encryption
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (ValidateSecretsEncryption)
    """
    if not is_set(config, "secretsEncryption"):
        return
    key = text(config, *_KEY)
    if is_absent(config, *_KEY):
        yield Finding(
            config.at(*_KEY), "secretsEncryption does not say which key to encrypt with", label="keyARN is missing"
        )
    elif key is not None and not is_arn(key):
        yield Finding(
            config.at(*_KEY),
            f"{key} is no ARN: eksctl takes a KMS key by its ARN only",
            label="not an ARN",
            help="write it as arn:aws:kms:REGION:ACCOUNT:key/ID",
        )
