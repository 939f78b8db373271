from collections.abc import Iterator
from dataclasses import replace

from ekslint import ConfigMap, Finding, Place, Severity, nearest, rule

_LISTS = {"mapRoles": "rolearn", "mapUsers": "userarn"}
_KEYS = (*_LISTS, "mapAccounts")


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes",))
def aws_auth_yaml(config_map: ConfigMap) -> Iterator[Finding]:
    """The ConfigMap aws-auth cannot be read by the authenticator.

    ## Why is this bad?
    `mapRoles` and `mapUsers` are texts that hold a list in YAML. A misspelt key is passed over, and a list that cannot
    be read keeps out everybody that aws-auth lets in: nodes, Fargate pods and administrators. Of a list that can be
    read, items are lost that are no mapping or name no ARN, and groups that are no list. A key that resembles none is
    a warning only: it may be somebody's note.

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
                lower=int(meant is None),
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
        place = replace(config_map.at("data", key), source=text.source((index,)))
        yield from _item(place, item, f"item {index + 1} of {key} in aws-auth", field, str(index))


def _item(place: Place, item: object, title: str, field: str, discriminator: str) -> Iterator[Finding]:
    if item is None or _is_filled_in(item):
        return
    if not isinstance(item, dict):
        lacks_space = isinstance(item, str) and item.startswith(f"{field}:")
        yield Finding(
            place,
            f"{title} is no mapping: it lets nobody in",
            label="not a mapping",
            help="write a space after the colon" if lacks_space else None,
            discriminator=discriminator,
        )
        return
    # Go's JSON, by way of which the authenticator decodes it, does not look at the case of keys.
    written = {name.lower(): item[name] for name in item}
    if field not in written:
        meant = nearest(field, list(item))
        yield Finding(
            place,
            f"{title} has no {field}: it lets nobody in",
            label=f"{meant} should be {field}" if meant is not None else f"no {field}",
            discriminator=discriminator,
        )
    groups = written.get("groups")
    if groups is not None and not isinstance(groups, list) and not _is_filled_in(groups):
        yield Finding(
            place,
            f"the groups of {title} are no list: it gets none",
            label="groups is no list",
            help=f"write groups: [{groups}]" if isinstance(groups, str) else None,
            discriminator=f"{discriminator} groups",
        )


def _is_filled_in(value: object) -> bool:
    return isinstance(value, str) and ("{{" in value or "${" in value)
