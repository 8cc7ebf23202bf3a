"""Basins to learn from and basins held out: the latter are seen by nothing before the end of the training."""

from typing import Any

from .catchments.source import places_of
from .errors import ConfigurationError
from .training_data import Lesson, prepare


def divided(settings: Any, source: Any) -> tuple[Any, Any]:
    """The basins to learn from, and those to be scored that are not among them (None where there are none).

    ConfigurationError where one is not in the data, or the network cannot know basins that it has not learned from.
    """
    asked = settings.training
    for key in ("basins", "test_basins"):
        places_of(getattr(asked, key), source.ids, f"{settings.path}: &training {key}: the data of &data")
    learned = set(asked.basins or source.ids)
    held = [name for name in source.ids if name in set(asked.test_basins) - learned]
    if held and settings.network.kind == "basin":
        raise ConfigurationError(
            f"{settings.path}: &network kind: 'basin' has parameters for the basins that it learned from only, and "
            f"&training holds out {len(held)}: choose 'attributes' or 'single'"
        )
    known = source if len(learned) == len(source.ids) else source.select([n for n in source.ids if n in learned])
    return known, source.select(held) if held else None


def held_lesson(settings: Any, held: Any, lesson: Lesson) -> Lesson:
    """Series of the basins held out, normalised as those learned from."""
    return prepare(settings, held, lambda _: None, lesson.normalisation)
