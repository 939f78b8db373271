"""Values as plain data, where the template itself says all of them."""

from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import Listed, PartialText, ResourceReference
from ekslint.model.reading import Reading, Unknown

_DEEPEST_JSON = 30


def whole(reading: Reading, depth: int = 0) -> object:
    """Texts, lists and mappings without any holes, as `json` takes them; Unknown if there is one."""
    value = reading.value
    if value is None or isinstance(value, Unknown):
        return value
    if depth > _DEEPEST_JSON:
        return Unknown("it is nested too deeply")
    if isinstance(value, Entries):
        members = {key: whole(member(reading, key), depth + 1) for key in value}
        unknown = value.open or next((each for each in members.values() if isinstance(each, Unknown)), None)
        return unknown or {key: each for key, each in members.items() if each is not None}
    if isinstance(value, Listed):
        items = [whole(item, depth + 1) for item in value.items]
        unknown = value.open or next((each for each in items if isinstance(each, Unknown)), None)
        return unknown or [each for each in items if each is not None]
    text = known_text(value)
    return text if text is not None else Unknown("a part of it is known only after deployment")


def known_text(value: object) -> str | None:
    """The text that a value stands for, where the template itself says it."""
    if isinstance(value, PartialText):
        value = filled(value)
    if isinstance(value, ResourceReference):
        value = value.resource.echo(value.attribute)
    return value if isinstance(value, str) else None
