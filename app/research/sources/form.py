"""What somebody says of a document that they add."""

from pydantic import BaseModel, ConfigDict, Field

from app.days import Day
from app.vocabulary import SourceKind


class SourceForm(BaseModel):
    """What is said of a document; without a title it has that which it gives itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    study: str = Field(min_length=1, max_length=63, description="slug of the study", examples=["nido"])
    kind: SourceKind = Field(SourceKind.OTHER, description="what it is")
    title: str | None = Field(None, min_length=1, max_length=300, description="what it is called")
    competitor: str | None = Field(
        None, min_length=1, max_length=100, description="whom it is about; unset, the one that its title names"
    )
    url: str | None = Field(
        None,
        max_length=2_000,
        pattern=r"^(?i:https?)://\S+$",
        description="where it is from; without a file, it is fetched from there",
    )
    date: Day | None = Field(None, description="of when it is; unset of a page that is fetched, today")
    source: str | None = Field(
        None, max_length=63, description="code of the source that it is the next version of; unset, a new source"
    )
