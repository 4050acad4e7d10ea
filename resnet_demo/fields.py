"""Fields of a dataclass that say beside their names what they may hold: `x: Annotated[int, Field(ge=0, le=9)]`.

pydantic checks them, strictly (True is no number, "1" neither), and the sentence is made here. A field whose annotation
pydantic does not know cannot be declared: nothing passes unchecked. Imports no other module of the project.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from reprlib import Repr
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

Text = Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$", description="text")]
_STRICT = ConfigDict(strict=True, allow_inf_nan=False)
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 80


def check_fields(values: object) -> None:
    """ValueError, field, value and what is allowed, unless each field of the dataclass holds what it may hold."""
    kind: type = type(values)
    model, allowed = _model(kind)
    try:
        model.__pydantic_validator__.validate_python(vars(values))
    except ValidationError as error:
        field = str(error.errors(include_url=False, include_context=False)[0]["loc"][0])
        raise ValueError(f"{field} must be {allowed[field]}, not {shown(getattr(values, field))}") from None


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
def _model(kind: type) -> tuple[type[BaseModel], dict[str, str]]:
    """The validator of a dataclass, and what each field may hold, in words."""
    hints = get_type_hints(kind, include_extras=True)
    declared: dict[str, Any] = {field.name: (hints[field.name], ...) for field in fields(kind)}
    model = create_model(kind.__name__, __config__=_STRICT, **declared)
    return model, {name: _allowed(hint) for name, hint in hints.items()}


def _allowed(hint: Any) -> str:
    """What a field with this annotation may hold, in words."""
    base, *extra = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    described = next((part.description for part in extra if getattr(part, "description", None)), "")
    if base in (int, float):
        whole, unit = base is int, f" {described}" if described else ""
        limits = [limit for part in extra for limit in part.metadata]
        low = next(limit.ge for limit in limits if hasattr(limit, "ge"))
        high = next(limit.le for limit in limits if hasattr(limit, "le"))
        return f"a whole number from {low} to {high}{unit}" if whole else f"a number from {low:g} to {high:g}{unit}"
    if get_origin(base) is Literal:
        return " or ".join(get_args(base))
    return described or {bool: "true or false"}.get(base, f"a {getattr(base, '__name__', base)}")
