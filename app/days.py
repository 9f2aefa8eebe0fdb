"""Days and moments as ISO 8601 writes them."""

import datetime as dt
import re
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written(value: object) -> object:
    """Pydantic alone takes seconds since 1970 for a day too, which no schema of a date allows."""
    if isinstance(value, dt.date) or (isinstance(value, str) and _DAY.match(value)):
        return value
    raise ValueError("write a day as YYYY-MM-DD, a moment as YYYY-MM-DDThh:mm:ssZ")


Day = Annotated[dt.date, BeforeValidator(_written)]

Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
