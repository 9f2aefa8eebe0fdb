"""How many passages hold a word, and indexes by study for what every question reads."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lexicon",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_lexicon_study_id_study"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("study_id", "language", name=op.f("pk_lexicon")),
    )
    op.create_table(
        "lexeme",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("lexeme", sa.Text(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id", "language"],
            ["lexicon.study_id", "lexicon.language"],
            name=op.f("fk_lexeme_study_id_lexicon"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("study_id", "language", "lexeme", name=op.f("pk_lexeme")),
    )
    op.execute(
        "CREATE INDEX ix_utterance_search ON utterance "
        "USING gin ((words || array_to_tsvector(ARRAY[CAST(study_id AS text) || language]))) "
        "WHERE role = 'participant'"
    )
    op.drop_index("ix_utterance_words", table_name="utterance")
    op.create_index("ix_passage_people", "passage", ["study_id", "participant_id", "language"])
    op.create_index(
        "ix_tagging_of_code", "tagging", ["study_id", "code_id", sa.text("confidence DESC"), "utterance_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_tagging_of_code", table_name="tagging")
    op.drop_index("ix_passage_people", table_name="passage")
    op.create_index(
        "ix_utterance_words",
        "utterance",
        ["words"],
        postgresql_using="gin",
        postgresql_where=sa.text("role = 'participant'"),
    )
    op.drop_index("ix_utterance_search", table_name="utterance")
    op.drop_table("lexeme")
    op.drop_table("lexicon")
