"""What an EKS add-on is configured with."""


def is_on(value: object) -> bool:
    """Whether a setting is on, be it written as a boolean or as a text (`"true"`)."""
    return value is True or (isinstance(value, str) and value.strip().lower() in {"true", "1"})
