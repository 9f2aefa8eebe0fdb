"""From recordings to transcriptions, with models that behave as the test says."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scripted_model import IDENTITY, Say, ScriptedModel, fill, heard
from sounds import SPOKEN, SPOKEN_MS, read_sound, spoken, write_sound

from ingest.speech.diarization import Diarizer, SpeakerTurn
from ingest.speech.regions import Stretch
from ingest.speech.sound import Samples
from ingest.speech.spoken_languages import MOST_SAMPLES, check_language
from ingest.speech.task import SpeechTask
from ingest.speech.transcriber import coverage_warnings
from ingest.speech.transcriber import transcribe as listen_to
from ingest.speech.transcription import Transcription
from ingest.speech.whisper import Heard, Sound


def task(*interview: str, alternating: bool = False, split: bool = False) -> SpeechTask:
    """An interview of a study in German, English and Spanish."""
    return SpeechTask(("de", "en", "es"), interview or ("de", "de"), alternating, split, "scripted")


def transcribe(
    model: ScriptedModel, asked: SpeechTask, *paths: Path, diarizer: Diarizer | None = None
) -> Transcription:
    """Transcribe with models that are there already."""
    sounds = [read_sound(path, stereo=asked.split_channels) for path in paths or (SPOKEN,)]
    return listen_to(sounds, asked, lambda _: model, lambda _: diarizer, lambda _done, _total: None)


def german(sound: Sound) -> dict[str, float]:
    """Hear German."""
    return {"de": 0.9, "en": 0.05, "es": 0.05}


def by_turn() -> ScriptedModel:
    """A model that hears German, English and Spanish one after the other."""
    turns = iter([{"de": 0.9}, {"en": 0.9}, {"es": 0.9}])
    return ScriptedModel(lambda _: next(turns))


def test_each_stretch_in_its_language() -> None:
    """Where the language alternates, every sentence is transcribed in its own, at its place."""
    asked = task("es", "de", alternating=True)
    model = ScriptedModel(lambda sound: {"de": 0.9} if len(sound) // 16 > 5000 else {"es": 0.9, "en": 0.1})
    transcription = transcribe(model, asked)
    assert {cue.language for cue in transcription.cues} <= {"de", "es"}
    assert model.asked[0][1] == "de"
    assert transcription.cues[0].start_ms == pytest.approx(SPOKEN_MS[0][0], abs=400)


def test_languages_are_those_of_the_interview() -> None:
    """A language that the interview does not have is never taken, and told of when it is heard much."""
    model = ScriptedModel(lambda _: {"nl": 0.9, "de": 0.08, "es": 0.02})
    transcription = transcribe(model, task("es", "de", alternating=True))
    assert {cue.language for cue in transcription.cues} == {"de"}
    assert any("nl was heard" in warning for warning in transcription.warnings)


def test_three_languages_one_after_the_other() -> None:
    """An interview of unknown languages may use all of its study's."""
    transcription = transcribe(by_turn(), task("de", alternating=True))
    assert [cue.language for cue in transcription.cues] == ["de", "en", "es"]


def test_a_declaration_that_is_wrong() -> None:
    """A German recording declared Spanish is transcribed as German, and it is said so."""
    transcription = transcribe(ScriptedModel(german), task("es", "es"))
    assert {cue.language for cue in transcription.cues} == {"de"}
    assert transcription.warnings == ("declared as es, but de was heard: transcribed as de",)


def test_doubtful_samples_change_nothing() -> None:
    """A declaration stands unless the samples are clear; a language of no study is only told of."""
    assert check_language([{"de": 0.6, "es": 0.4}], task("es")) == ("es", ())
    assert check_language([], task("es")) == ("es", ())
    language, warnings = check_language([{"fr": 0.9}], task("es"))
    assert (language, len(warnings)) == ("es", 1)


def test_sides_are_speakers(tmp_path: Path) -> None:
    """Each channel speaks for one person; a faint echo of the other is nobody."""
    first, second = spoken(0), spoken(1)
    left = np.concatenate([first, second // 10])
    right = np.concatenate([first // 10, second])
    path = write_sound(tmp_path / "a.wav", left, right, codec="pcm_s16le")
    transcription = transcribe(ScriptedModel(german), task(split=True), path)
    assert [cue.speaker for cue in transcription.cues] == ["left", "right"]
    assert transcription.cues[1].start_ms >= len(first) // 16


def test_the_same_sound_on_both_sides(tmp_path: Path) -> None:
    """Channels that say the same are one, so that nothing is said twice."""
    path = write_sound(tmp_path / "a.wav", spoken(0), spoken(0), codec="pcm_s16le")
    transcription = transcribe(ScriptedModel(german), task(split=True), path)
    assert [cue.speaker for cue in transcription.cues] == [None]
    assert any("same sound" in warning for warning in transcription.warnings)


def test_tracks_share_their_clock(tmp_path: Path) -> None:
    """Recordings of each speaker become one conversation in order of time."""
    silence = np.zeros(len(spoken(0)), np.int16)
    first = write_sound(tmp_path / "a.wav", np.concatenate([silence, spoken(1)]), codec="pcm_s16le")
    second = write_sound(tmp_path / "b.wav", np.concatenate([spoken(0), silence]), codec="pcm_s16le")
    transcription = transcribe(ScriptedModel(german), task(split=True), first, second)
    assert [cue.speaker for cue in transcription.cues] == ["track 2", "track 1"]


@pytest.mark.parametrize(
    "invented",
    [
        heard("Untertitel im Auftrag des ZDF.", 0, 3000, no_speech=0.95, likelihood=0.1),
        heard("x" * 2000, 0, 3000),
    ],
)
def test_inventions_are_dropped_and_told_of(invented: Heard) -> None:
    """What a model makes up is no text, and the speech without text is told of."""
    transcription = transcribe(ScriptedModel(german, lambda _ms, _language: (invented,)), task())
    assert transcription.cues == ()
    assert transcription.warnings[0] == "no words were made out"
    assert "seconds of speech have no text, such as 00:00:00–00:00:" in transcription.warnings[1]


def test_a_loop_is_said_once() -> None:
    """A model caught in a loop is heard once."""

    def loop(sound_ms: int, language: str) -> tuple[Heard, ...]:
        return (heard("Ich weiß es nicht. " * 20, 300, sound_ms - 300),)

    texts = [cue.text for cue in transcribe(ScriptedModel(german, loop), task()).cues]
    assert texts.count("Ich weiß es nicht.") == 1


def test_speech_left_out_is_asked_for_again() -> None:
    """A model that stops early is asked for the rest, so that no speech is lost."""

    def lazy(sound_ms: int, language: str) -> tuple[Heard, ...]:
        return (heard("Eins.", 300, 800),) if sound_ms > 10_000 else fill(sound_ms, language)

    model = ScriptedModel(german, lazy)
    transcription = transcribe(model, task())
    assert len(model.asked) == 4
    assert model.at_once == [1, 3]
    assert transcription.warnings == ()
    covered = [(cue.start_ms, cue.end_ms) for cue in transcription.cues]
    assert all(any(start < place and place < end for start, end in covered) for place in (4000, 8500, 14_000))


@pytest.mark.parametrize("say", [fill, lambda _ms, _language: ()])
def test_what_is_stored_with_it(say: Say) -> None:
    """A transcription knows its model, options and packages."""
    transcription = transcribe(ScriptedModel(german, say), task())
    assert transcription.model == IDENTITY
    assert transcription.options["condition_on_previous_text"] is False
    assert set(transcription.versions) == {"faster-whisper", "ctranslate2", "onnxruntime", "av"}


def test_a_little_missing_is_no_warning() -> None:
    """Only more than a tenth of speech without text is worth a word."""
    assert coverage_warnings(100_000, [Stretch(0, 9_000)]) == ()
    assert coverage_warnings(100_000, [Stretch(61_000, 73_000)]) == (
        "12 of 100 seconds of speech have no text, such as 00:01:01–00:01:13",
    )


def test_a_moment_of_sound_says_little(tmp_path: Path) -> None:
    """A clip of 0.2 s, cut out of speech, is never made into a sentence."""

    def eager(sound_ms: int, language: str) -> tuple[Heard, ...]:
        return (heard("Vielen Dank fürs Zuschauen.", 0, sound_ms),)

    path = write_sound(tmp_path / "a.wav", spoken(0)[32_000:35_200], codec="pcm_s16le")
    assert transcribe(ScriptedModel(german, eager), task(), path).cues == ()


def test_telephone_sound(tmp_path: Path) -> None:
    """Speech at 8 kHz, and speech that is clipped, is found where it is."""
    narrow = write_sound(tmp_path / "a.wav", spoken(0)[::2], codec="pcm_mulaw", rate=8_000)
    loud = np.clip(spoken(0).astype(np.int32) * 20, -32_767, 32_767).astype(np.int16)
    clipped = write_sound(tmp_path / "b.wav", loud, codec="pcm_s16le")
    for path in (narrow, clipped):
        cues = transcribe(ScriptedModel(german), task(), path).cues
        assert cues[0].start_ms == pytest.approx(500, abs=400)
        assert cues[-1].end_ms == pytest.approx(len(spoken(0)) // 16 - 500, abs=600)


def test_pieces_of_one_language_are_heard_together() -> None:
    """Several at once where the language does not alternate, one by one where it does."""
    alone, together = by_turn(), ScriptedModel(german)
    transcribe(alone, task("de", alternating=True))
    transcribe(together, task(), SPOKEN, SPOKEN)
    assert alone.at_once == [1, 1, 1]
    assert max(together.at_once) <= together.batch_size


def test_a_long_recording_is_asked_for_its_language_a_few_times(tmp_path: Path) -> None:
    """The check of a declared language costs little, and is made all over the recording."""
    asked: list[int] = []

    def count(sound: Sound) -> dict[str, float]:
        asked.append(len(sound))
        return {"de": 0.9}

    path = write_sound(tmp_path / "a.flac", np.tile(read_sound(SPOKEN).channels[0], 40), codec="flac")
    model = ScriptedModel(count)
    transcribe(model, task(), path)
    assert len(model.asked) > 20
    assert len(asked) == MOST_SAMPLES
    assert max(model.at_once) == model.batch_size


class TwoPeople:
    """A diarizer that knows who says which sentence of the spoken sample."""

    identity = "two people"

    def diarize(
        self, samples: Samples, speakers: int | None, alive: Callable[[], None] = lambda: None
    ) -> tuple[SpeakerTurn, ...]:
        """The first and the last sentence are one's, the second is the other's."""
        alive()
        assert len(samples) >= SPOKEN_MS[-1][1] * 16
        return tuple(SpeakerTurn(*span, index % (speakers or 2)) for index, span in enumerate(SPOKEN_MS))


def test_a_diarizer_tells_the_voices_of_one_track_apart() -> None:
    """Cues are cut where the speaker changes, and say who it is; who told so is kept with them."""

    def talk(sound_ms: int, language: str) -> tuple[Heard, ...]:
        return (heard(" ".join(f"{language}{number}" for number in range(40)), 0, sound_ms),)

    transcription = transcribe(ScriptedModel(german, talk), task(), diarizer=TwoPeople())
    speakers = [cue.speaker for cue in transcription.cues]
    assert speakers == ["speaker 1", "speaker 2", "speaker 1"]
    assert transcription.options["diarizer"] == "two people"


def test_tracks_need_no_diarizer() -> None:
    """Where each speaker has a track, it tells the speakers apart."""
    transcription = transcribe(ScriptedModel(german), task(), SPOKEN, SPOKEN, diarizer=TwoPeople())
    assert {cue.speaker for cue in transcription.cues} == {"track 1", "track 2"}
    assert "diarizer" not in transcription.options
