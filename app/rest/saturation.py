"""Whether a study can stop."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.research.saturation.curves import StoppingRule
from app.research.saturation.read import Wanted, read_saturation
from app.research.saturation.schemas import Saturation
from app.rest.dependencies import SessionDep
from app.rest.paging import LONGEST_SLUG

router = APIRouter(prefix="/saturation", tags=["research"])


class SaturationQuery(BaseModel):
    """Which saturation is wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    segment: str | None = Field(None, max_length=LONGEST_SLUG, description="only interviews with people of it")
    language: str | None = Field(None, max_length=3, description="only what was said in it, ISO 639-1")
    base: int = Field(4, ge=1, le=100, description="interviews whose codes are the measure")
    run: int = Field(2, ge=1, le=100, description="interviews that are looked at together")
    threshold: float = Field(0.05, ge=0, le=1, description="most new information of a run, as a share of the base")
    planned: int | None = Field(None, ge=1, le=10_000, description="how many interviews were planned")
    by_persons: bool = Field(default=False, description="whether only taggings by persons count")
    seed: int = Field(0, ge=0, le=2**31, description="of the random orders")
    told_in: str = Field("en", pattern="^[a-z]{2}$", description="language of the sentence")

    def wanted(self) -> Wanted:
        """What the features are asked for."""
        rule = StoppingRule(self.base, self.run, self.threshold)
        return Wanted(self.segment, self.language, rule, self.planned, self.by_persons, self.seed, self.told_in)


@router.get("", name="read_saturation")
def get_saturation(session: SessionDep, query: Annotated[SaturationQuery, Query()]) -> Saturation:
    """Tell how much each further interview still brings, and whether the study can stop."""
    return read_saturation(session, query.study, query.wanted())
