"""From what a chat model wrote to a validated value, or to a complaint that it can act on."""

import json
import re
from itertools import islice
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from app.text import normalise

T = TypeVar("T", bound=BaseModel)

LONGEST_REPLY = 100_000
_MOST_COMPLAINTS = 10
_MOST_BEGINNINGS = 20
_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)


class MalformedReplyError(Exception):
    """The reply does not fit; the message tells the model why, and is not for the log."""


def read_reply(text: str, output: type[T]) -> T:
    """Find the JSON object in a reply, which may be fenced or have prose around it, and validate it.

    All its texts are brought into the normal form of stored text, without controls and invisible marks.

    Raises:
        MalformedReplyError: it is empty, too long, cut off, or does not fit the model.
    """
    if len(text) > LONGEST_REPLY:
        raise MalformedReplyError(f"the reply has more than {LONGEST_REPLY} characters")
    try:
        return output.model_validate(_normalised(_first_object(_THOUGHTS.sub("", text, count=1).rstrip())))
    except ValidationError as error:
        raise MalformedReplyError(_complaint(error)) from error
    except RecursionError as error:
        raise MalformedReplyError("the reply is nested too deeply") from error


def _first_object(text: str) -> dict[str, Any]:
    """Decode the first JSON object; what is inside one that was cut off is none."""
    for beginning in islice(re.finditer(r"\{", text), _MOST_BEGINNINGS):
        try:
            document, _ = _DECODER.raw_decode(text, beginning.start())
        except json.JSONDecodeError as error:
            if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
                raise MalformedReplyError("the reply is cut off before its end; write less") from error
        except ValueError:
            continue
        else:
            return dict(document)
    raise MalformedReplyError("the reply holds no JSON object")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_constant)


def _normalised(value: Any) -> Any:
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [_normalised(item) for item in value]
    if isinstance(value, dict):
        return {normalise(name): _normalised(item) for name, item in value.items()}
    return value


def _complaint(error: ValidationError) -> str:
    faults = error.errors(include_input=False, include_url=False, include_context=False)[:_MOST_COMPLAINTS]
    return "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}" for fault in faults)
