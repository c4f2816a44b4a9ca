"""`dataclasses.replace` for values of many fields, an eighth as dear: a referral is replaced dozens of times a step."""

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import replace  # so that the types of the changes are checked
else:
    T = TypeVar("T")

    def replace(thing: T, /, **changes: Any) -> T:  # noqa: ANN401 - any fields
        """Return the value with some fields changed.

        What has no slots is copied as it is: it must have no `__post_init__` either.
        """
        if not hasattr(thing, "__dict__"):
            return dataclasses.replace(thing, **changes)
        replaced = object.__new__(type(thing))
        fields = replaced.__dict__
        fields.update(thing.__dict__)
        fields.update(changes)
        if len(fields) != len(thing.__dict__):
            unknown = ", ".join(sorted(changes.keys() - thing.__dict__.keys()))
            message = f"{type(thing).__name__} has no field {unknown}"
            raise TypeError(message)
        return replaced


__all__ = ["replace"]
