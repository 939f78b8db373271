from collections.abc import Iterator

from ekslint import ConfigMap, Finding, Severity, nearest, rule

_LISTS = {"mapRoles": "rolearn", "mapUsers": "userarn"}
_KEYS = (*_LISTS, "mapAccounts")


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes",))
def aws_auth_yaml(config_map: ConfigMap) -> Iterator[Finding]:
    """The ConfigMap aws-auth cannot be read by the authenticator.

    ## Why is this bad?
    `mapRoles` and `mapUsers` are texts that hold a list in YAML. A misspelt key is passed over, and a list that cannot
    be read keeps out everybody that aws-auth lets in: nodes, Fargate pods and administrators.

    ## When it stays silent
    Lists that a template fills in, and ConfigMaps of that name in other namespaces.

    ## References
    - Amazon EKS user guide, grant IAM users access to Kubernetes with a ConfigMap
    """
    if not config_map.is_aws_auth or config_map.namespace != "kube-system":
        return
    written = config_map.mapping("data")
    for key in written:
        if key not in _KEYS:
            meant = nearest(key, _KEYS)
            yield Finding(
                config_map.at("data", key, key=True),
                f"aws-auth has the key {key}, which nobody reads",
                label=f"did you mean {meant}?" if meant is not None else "not read",
                help=f"the keys are {', '.join(_KEYS)}",
            )
    for key, field in _LISTS.items():
        if key in written:
            yield from _list(config_map, key, field)


def _list(config_map: ConfigMap, key: str, field: str) -> Iterator[Finding]:
    value = config_map.get("data", key)
    if not isinstance(value, str):
        yield Finding(
            config_map.at("data", key),
            f"{key} of aws-auth is {'a list' if isinstance(value, list | tuple) else 'no text'}: values of a ConfigMap "
            "are texts",
            label="not a text",
            help=f"write {key}: | and indent the list below it",
        )
        return
    text = config_map.document_in(key)
    if text is None:
        return
    if text.document.problems or not isinstance(text.root, list | None):
        yield Finding(
            config_map.at("data", key),
            f"{key} of aws-auth holds no list in YAML: the authenticator cannot read it",
            label="cannot be read" if text.document.problems else "not a list",
            help=f"every item starts with - {field}:",
        )
        return
    for index, item in enumerate(text.root or ()):
        if isinstance(item, dict) and field not in item:
            meant = nearest(field, [name for name in item if isinstance(name, str)])
            yield Finding(
                config_map.at("data", key),
                f"item {index + 1} of {key} in aws-auth has no {field}: it lets nobody in",
                label=f"{meant} should be {field}" if meant is not None else f"no {field}",
                discriminator=str(index),
            )
