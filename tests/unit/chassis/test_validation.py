"""Shape errors in words: every rule of the models has a code of ours and a sentence in both languages."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    FutureDate,
    HttpUrl,
    PastDate,
    TypeAdapter,
    ValidationError,
    field_validator,
)

from imece_chassis.http.validation import MAX_ERRORS, pointer, shape_errors


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class UnitUnknown(ValueError):
    code = "unit_unknown"
    tr = "birim bilinmiyor"


class Mail(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["mail"]
    address: str


class Hook(BaseModel):
    kind: Literal["hook"]
    url: HttpUrl


def errors_of(kind: Any, value: Any, language: str = "en") -> list[dict[str, str]]:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as invalid:
        return list(shape_errors(invalid.errors(include_url=False), language, value, place="body"))
    raise AssertionError("the value was accepted")


RULES: list[tuple[Any, Any, str, str, str]] = [
    (Annotated[int, Field(gt=5)], 5, "too_small", "must be greater than 5", "5 değerinden büyük olmalı"),
    (Annotated[int, Field(lt=5)], 5, "too_large", "must be less than 5", "5 değerinden küçük olmalı"),
    (Annotated[int, Field(multiple_of=5)], 6, "not_a_multiple", "must be a multiple of 5", "5 katı olmalı"),
    (
        Annotated[str, Field(min_length=2)],
        "x",
        "too_short",
        "must have at least 2 characters",
        "en az 2 karakter",
    ),
    (
        Annotated[list[int], Field(min_length=1)],
        [],
        "too_few",
        "must have at least 1 items",
        "en az 1 öge olmalı",
    ),
    (
        Annotated[list[int], Field(max_length=1)],
        [1, 2],
        "too_many",
        "must have at most 1 items",
        "en çok 1 öge olmalı",
    ),
    (
        Literal["a", "b"],
        "c",
        "not_allowed",
        "must be one of 'a' or 'b'",
        "şunlardan biri olmalı: 'a' ya da 'b'",
    ),
    (
        Colour,
        "x",
        "not_allowed",
        "must be one of 'red' or 'blue'",
        "şunlardan biri olmalı: 'red' ya da 'blue'",
    ),
    (
        Annotated[Decimal, Field(max_digits=3)],
        "1234",
        "too_many_digits",
        "must have at most 3 digits",
        "en çok 3 hane",
    ),
    (
        Annotated[Decimal, Field(decimal_places=1)],
        "1.25",
        "too_many_digits",
        "must have at most 1 decimal places",
        "en çok 1 ondalık hane",
    ),
    (
        AwareDatetime,
        datetime(2026, 2, 6),  # noqa: DTZ001 - the missing offset is the point
        "offset_missing",
        "needs a time zone offset",
        "saat dilimi farkı içermeli",
    ),
    (PastDate, date.today() + timedelta(1), "not_past", "must be in the past", "geçmişte olmalı"),  # noqa: DTZ011
    (FutureDate, date.today(), "not_future", "must be in the future", "gelecekte olmalı"),  # noqa: DTZ011
    (UUID, "7", "wrong_format", "must be a UUID", "UUID olmalı"),
    (Decimal, "many", "wrong_format", "must be a decimal number as text", "metin olarak ondalık sayı olmalı"),
    (HttpUrl, "nowhere", "wrong_format", "must be a URL", "URL olmalı"),
    (str, 7, "wrong_type", "must be text", "metin olmalı"),
    (dict[str, int], [], "wrong_type", "must be an object", "nesne olmalı"),
    (Mail, [], "wrong_type", "must be an object", "nesne olmalı"),
    (list[int], "x", "wrong_type", "must be a list", "liste olmalı"),
    (bool, "perhaps", "wrong_format", "must be true or false", "true ya da false olmalı"),
]


@pytest.mark.parametrize(("kind", "value", "code", "english", "turkish"), RULES)
def test_the_rule_is_named_in_both_languages(
    kind: Any, value: Any, code: str, english: str, turkish: str
) -> None:
    (in_english,) = errors_of(kind, value)
    (in_turkish,) = errors_of(kind, value, "tr")
    assert (in_english["code"], in_english["detail"]) == (code, english)
    assert (in_turkish["code"], in_turkish["detail"]) == (code, turkish)


def test_a_validator_of_our_own_may_bring_its_code_and_its_turkish() -> None:
    class Line(BaseModel):
        unit: str

        @field_validator("unit")
        @classmethod
        def known(cls, value: str) -> str:
            if value == "?":
                raise UnitUnknown("is not a known unit")
            raise ValueError("is never right")

    (ours,) = errors_of(Line, {"unit": "?"})
    assert (ours["code"], ours["detail"]) == ("unit_unknown", "is not a known unit")
    assert errors_of(Line, {"unit": "?"}, "tr")[0]["detail"] == "birim bilinmiyor"
    (plain,) = errors_of(Line, {"unit": "x"}, "tr")
    assert (plain["code"], plain["detail"]) == ("not_allowed", "is never right")


def test_a_rule_nobody_translated_keeps_its_name_and_never_the_value() -> None:
    (shown,) = shape_errors([{"type": "brand_new_rule", "loc": ("body", "x"), "input": "secret"}], "tr")
    assert shown == {"pointer": "/x", "code": "brand_new_rule", "detail": "kabul edilmedi", "in": "body"}


def test_pointers_lead_into_the_document_and_leave_out_names_of_union_branches() -> None:
    channel = Annotated[Mail | Hook, Field(discriminator="kind")]
    assert errors_of(channel, {"kind": "mail"})[0]["pointer"] == "/address"
    assert errors_of(list[channel], [{"kind": "hook", "url": "x"}])[0]["pointer"] == "/0/url"
    (wrong,) = errors_of(channel, {"kind": "pigeon"})
    assert (wrong["code"], wrong["pointer"]) == ("not_allowed", "")
    assert wrong["detail"] == "'kind' must be one of 'mail', 'hook'"
    (none,) = errors_of(channel, {}, "tr")
    assert (none["code"], none["pointer"], none["detail"]) == ("missing", "/kind", "'kind' zorunlu")


def test_pointers_are_escaped_and_keys_of_maps_are_named() -> None:
    assert pointer(("a/b", "c~d", 0), {"a/b": {"c~d": [1]}}) == "/a~1b/c~0d/0"
    assert errors_of(dict[int, int], {"x/y": 1})[0]["pointer"] == "/x~1y"


def test_a_flood_of_errors_is_cut() -> None:
    assert len(errors_of(list[int], ["x"] * 500)) == MAX_ERRORS
