"""Which AWS services may assume a role."""

from collections.abc import Iterator

from ekslint import Role, Statement


def trusted_services(role: Role, action: str = "sts:AssumeRole") -> list[str]:
    """The services that a trust policy lets do an action on the role, in order; `*` for everybody."""
    return list(dict.fromkeys(service for statement in role.trust for service in _trusted(statement, action)))


def trusts(role: Role, services: tuple[str, ...], action: str = "sts:AssumeRole") -> bool:
    """Whether any of these services may do an action on the role."""
    return not {*services, "*"}.isdisjoint(trusted_services(role, action))


def in_words(services: list[str]) -> str:
    """`trusts a and b`, or that nobody is trusted."""
    return f"trusts {' and '.join(services)}" if services else "trusts no service"


def _trusted(statement: Statement, action: str) -> Iterator[str]:
    if statement.effect == "Allow" and statement.covers(action):
        yield from (value for kind, value in statement.principals if kind == "Service" or (kind, value) == ("*", "*"))
