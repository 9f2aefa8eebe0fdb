"""What participants agreed to."""

from typing import Annotated

from fastapi import Body, Depends

from app.privacy.consent import ConsentChanges, ConsentEntry, ConsentList, change_consent, list_consent
from app.rest.dependencies import EditorDep, SessionDep
from app.rest.origin import refuse_other_pages
from app.rest.paging import CodeParam, StudyParam
from app.rest.routing import Router

router = Router(tags=["privacy"])


@router.get("/consent", name="list_consent")
def get_consent(session: SessionDep, study: StudyParam) -> ConsentList:
    """List what the participants of each interview agreed to, and what that allows today."""
    return list_consent(session, study)


@router.patch("/interviews/{code}/consent", name="change_consent", dependencies=[Depends(refuse_other_pages)])
def patch_consent(
    code: CodeParam,
    session: SessionDep,
    editor: EditorDep,
    study: StudyParam,
    changes: Annotated[ConsentChanges, Body()],
) -> ConsentEntry:
    """Enter what the participants of an interview agree to from now on, or withdraw; it holds at once."""
    return change_consent(session, study, code, changes, editor.name)
