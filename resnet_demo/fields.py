"""Fields of a dataclass that say beside their names what they may hold: `x: Annotated[int, Field(ge=0, le=9)]`.

`check_fields` has pydantic check them, strictly (True is no number, "1" neither); `bound` and `choices` read the same
annotations for forms and command lines. A field whose annotation pydantic does not know cannot be declared, so nothing
passes unchecked. Must not depend on any part of the project but `errors`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cache
from reprlib import Repr
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from .errors import Refusal

LONGEST_TEXT = 10_000  # characters
Text = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=r"^[^\x00]*$")]
_STRICT = ConfigDict(strict=True, allow_inf_nan=False)
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 80


@dataclass(frozen=True)
class Bound:
    """A range of numbers that includes its ends; whole: no fractions."""

    low: float
    high: float
    whole: bool = False

    def holds(self, value: Any) -> bool:
        """Whether the value is a number in the range; 20.0 is a whole one."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return False
        return self.low <= value <= self.high and (not self.whole or value == int(value))

    def check(self, field: str, value: Any) -> None:
        """Refusal, with field, value and range, unless the value is in the range, and whole numbers are of type int."""
        if not self.holds(value) or (self.whole and not isinstance(value, int)):
            raise self.refusal(field, value)

    def refusal(self, field: str, value: Any) -> Refusal:
        """The sentence for a value that is not in the range."""
        values = {"field": field, "low": self.low, "high": self.high, "given": shown(value)}
        return Refusal("wrong.whole", **values) if self.whole else Refusal("wrong.number", **values)


def check_fields(values: Any) -> None:
    """Refusal, with field, value and what is allowed, unless each field of the dataclass holds what it may hold.

    Lists, as JSON has them, become tuples where a field is a tuple.
    """
    kind: type = type(values)
    for name, value in vars(values).items():
        if isinstance(value, list) and get_origin(_hints(kind)[name]) is tuple:
            object.__setattr__(values, name, tuple(value))
    try:
        _model(kind).__pydantic_validator__.validate_python(vars(values))
    except ValidationError as error:
        field = str(error.errors(include_url=False, include_context=False)[0]["loc"][0])
        raise _refusal(kind, field, getattr(values, field)) from None


def bound(kind: type, field: str) -> Bound:
    """The range of a field of numbers, or of tuples of numbers."""
    limits = [limit for part in _annotations(kind, field) for limit in getattr(part, "metadata", ())]
    low = next(limit.ge for limit in limits if hasattr(limit, "ge"))
    high = next(limit.le for limit in limits if hasattr(limit, "le"))
    return Bound(low, high, whole=base_type(kind, field) is int)


def choices(kind: type, field: str) -> tuple[Any, ...]:
    """The values of a field that has one of a few."""
    return get_args(base_type(kind, field))


def why(error: ValidationError) -> str:
    """The first of pydantic's complaints in one line: the field, what it should be, and what it is."""
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"][:2]) or "it"
    message = first["msg"].removeprefix("Value error, ")
    if not message.startswith("Input should "):
        return f"{field}: {message}" if first["loc"] else message
    return f"{field} {message.removeprefix('Input ')}, not {shown(first['input'])}"


def shown(value: Any) -> str:
    """A value as part of a sentence, however large it is."""
    return _SHORT.repr(value)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


@cache
def _model(kind: type) -> type[BaseModel]:
    """The validator of a dataclass."""
    declared: dict[str, Any] = {field.name: (_hints(kind)[field.name], ...) for field in fields(kind)}
    return create_model(kind.__name__, __config__=_STRICT, **declared)


def base_type(kind: type, field: str) -> Any:
    """The type of a field, or of the members of its tuple, without annotations."""
    item = _item(_hints(kind)[field])
    return get_args(item)[0] if get_origin(item) is Annotated else item


def _item(hint: Any) -> Any:
    """The annotation of the members of a tuple of any length; else the annotation itself."""
    return get_args(hint)[0] if get_origin(hint) is tuple else hint


def _annotations(kind: type, field: str) -> tuple[Any, ...]:
    item = _item(_hints(kind)[field])
    return get_args(item)[1:] if get_origin(item) is Annotated else ()


def _refusal(kind: type, field: str, value: Any) -> Refusal:
    """The sentence for a value that the field may not hold."""
    base, values = base_type(kind, field), {"field": field, "given": shown(value)}
    if get_origin(base) is Literal:
        return Refusal("wrong.choice", allowed=", ".join(map(str, get_args(base))), **values)
    if base in (int, float):
        bounds = bound(kind, field)
        if get_origin(_hints(kind)[field]) is tuple:
            return Refusal("wrong.numbers", low=bounds.low, high=bounds.high, **values)
        return bounds.refusal(field, value)
    if base is str:
        return Refusal("wrong.text", most=LONGEST_TEXT, **values)
    return Refusal("wrong.kind", kind=base.__name__, **values)
