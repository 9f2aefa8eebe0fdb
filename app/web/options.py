"""Options of a page, as its form puts them into the address: a field that is left empty counts as left out."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Options(BaseModel):
    """What a reader chose of a page; parameters that others read, such as `study`, are left to them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if value not in ("", None)}

    def parameters(self) -> dict[str, str]:
        """What differs from the defaults, as an address has it."""
        chosen = self.model_dump(mode="json", exclude_defaults=True)
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in chosen.items()}
