"""Names of IAM roles, beside those that the files declare."""

from collections.abc import Mapping, Sequence

from ekslint import Entity, Estate, InstanceProfile, Role, nearest


def declared_names(declared: Sequence[Role | InstanceProfile]) -> dict[str, Entity]:
    """By name, what is declared, as far as the names are known."""
    return {each.name: each for each in declared if not each.unknown("name") and each.name}


def meant_name(name: str, names: Mapping[str, Entity]) -> str | None:
    """The declared name that another one is a misspelling of; None where it is declared itself, or like none."""
    return None if name in names else nearest(name, sorted(names))


def is_misspelt_role(name: str, estate: Estate) -> bool:
    """Whether a role that is named is not declared, but one is that is spelled alike: the name is the mistake then."""
    return meant_name(name, declared_names(estate.of(Role))) is not None
