"""What persons settled of the tags of a transcript; the tagger leaves it to them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from app.tagging.taggings import NewTagging


@dataclass(frozen=True)
class Settled:
    """What persons settled, by the index of the utterance.

    `coded` are utterances that a person coded: they get no other code of the study. `pairs` are codes on utterances
    that a person gave, accepted, corrected or rejected. `general` are the codes that stand for kinds.
    """

    coded: frozenset[int] = frozenset()
    pairs: frozenset[tuple[int, uuid.UUID]] = frozenset()
    general: frozenset[uuid.UUID] = frozenset()

    def leave(self, taggings: Sequence[NewTagging]) -> list[NewTagging]:
        """Leave out what is not the tagger's to say any more."""
        return [
            tagging
            for tagging in taggings
            if (tagging.index, tagging.code_id) not in self.pairs
            and (tagging.index not in self.coded or tagging.code_id in self.general)
        ]
