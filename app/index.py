"""Which embedder's vectors the index holds; two embedders never mix."""

import uuid

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.embedding import EmbedderIdentity
from app.errors import ConflictError
from app.models import EmbeddingModel

_ACTIVE_MODEL = text("SELECT id, name, revision, dimension FROM embedding_model WHERE active")


class MixedIndexError(ConflictError):
    """The configured embedder is not the one whose vectors are stored."""


def stored_identity(session: Session) -> EmbedderIdentity | None:
    """The embedder whose vectors are stored; `None` before the first ingest."""
    model = session.scalar(select(EmbeddingModel).where(EmbeddingModel.active))
    return EmbedderIdentity(model.name, model.revision, model.dimension) if model else None


def active_model_id(session: Session, identity: EmbedderIdentity) -> uuid.UUID | None:
    """Id of the embedding model whose vectors are stored, if it is this one; `None` before the first ingest.

    Raises:
        MixedIndexError: the stored vectors were made by another embedder.
    """
    model = session.execute(_ACTIVE_MODEL).one_or_none()
    if model is None:
        return None
    stored = EmbedderIdentity(model.name, model.revision, model.dimension)
    if stored != identity:
        raise MixedIndexError(
            f"the index holds vectors of {stored}, the configured embedder is {identity}; "
            "set VERBATIM_EMBEDDER back, or run `verbatim reembed` to make all vectors anew"
        )
    model_id: uuid.UUID = model.id
    return model_id


def activate_model(session: Session, identity: EmbedderIdentity) -> uuid.UUID:
    """Make this the one active embedding model."""
    for active in session.scalars(select(EmbeddingModel).where(EmbeddingModel.active)):
        active.active = False
    session.flush()
    model = session.scalar(
        select(EmbeddingModel).where(
            EmbeddingModel.name == identity.name,
            EmbeddingModel.revision == identity.revision,
            EmbeddingModel.dimension == identity.dimension,
        )
    )
    if model is None:
        model = EmbeddingModel(name=identity.name, revision=identity.revision, dimension=identity.dimension)
        session.add(model)
    model.active = True
    session.flush()
    return model.id


def writing_model_id(session: Session, identity: EmbedderIdentity) -> uuid.UUID:
    """Id of the embedding model to store vectors under, made on first use; raises what `active_model_id` raises.

    Until the transaction ends nobody switches to another embedder.
    """
    session.execute(text("LOCK TABLE embedding_model IN ROW EXCLUSIVE MODE"))
    return active_model_id(session, identity) or activate_model(session, identity)
