"""A request says each thing once: no name twice in an object of its body, no filter twice in its query.

What stands twice would count once, and nobody could say which of the two was meant.
"""

import json
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from imece_chassis.http.problems import Problem

_SHOWN = 80


class NameTwice(Problem):
    """A name stands twice in one object of the body."""

    status = 400
    tr = "Gövdedeki bir nesnede aynı ad iki kez geçiyor"
    cause_en = "Of two members of one name readers take different ones, so neither is taken."
    cause_tr = "Aynı adlı iki üyeden her okuyan başkasını alır; bu yüzden hiçbiri alınmaz."
    fix_en = "Send each name once in an object."
    fix_tr = "Bir nesnede her adı bir kez gönderin."
    detail_en = "“{name}” is there more than once; send the one that is meant."
    detail_tr = "“{name}” birden çok kez var; hangisi kastediliyorsa onu gönderin."


class ParameterTwice(Problem):
    """A query parameter is there twice."""

    status = 400
    tr = "Bir sorgu parametresi iki kez var"
    cause_en = "Of two values of one parameter either could be meant."
    cause_tr = "Bir parametrenin iki değerinden hangisinin istendiği belirsiz."
    fix_en = "Ask once for each value."
    fix_tr = "Her değer için ayrı sorun."
    detail_en = "“{name}” takes one value; ask once per value."
    detail_tr = "“{name}” tek değer alır; her değer için ayrı sorun."


def _pairs(pairs: Sequence[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        names = [name for name, _ in pairs]
        raise NameTwice(name=next(name for name in names if names.count(name) > 1)[:_SHOWN])


# Numbers stay text: their size is judged by whoever reads the body.
_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=str)


def must_name_once(body: bytes) -> None:
    """Raises NameTwice for a JSON body; says nothing about any other."""
    if b":" not in body:
        return
    try:
        _DECODER.decode(body.decode(json.detect_encoding(body)))
    except (ValueError, RecursionError):
        return


def must_ask_once(request: Request) -> None:
    """Raises ParameterTwice."""
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) != len(names):
        raise ParameterTwice(name=next(name for name in names if names.count(name) > 1)[:_SHOWN])
