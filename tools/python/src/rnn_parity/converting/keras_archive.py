"""A .keras archive as an HDF5 file of Keras's own layouts: the whole model, or its weights as they are."""

from __future__ import annotations

import json
import logging
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..hdf5_file import draft_of
from .conversion import Conversion
from .errors import ConversionError

_CONFIGURATION = "the configuration of the model, and with it activations and the order of layers"


def convert_keras(source: Path, target: Path, ending: str) -> Conversion:
    """ending: `.weights.h5`, for which Keras is not needed, or `.h5`, which keeps the configuration."""
    try:
        with zipfile.ZipFile(source) as archive:
            config = json.loads(archive.read("config.json"))
            if ending == ".weights.h5":
                with (
                    draft_of(target) as draft,
                    draft.open("wb") as file,
                    archive.open("model.weights.h5") as weights,
                ):
                    shutil.copyfileobj(weights, file)
                return Conversion(target, "the weights as they are in the archive", (_CONFIGURATION,))
    except (zipfile.BadZipFile, json.JSONDecodeError, EOFError) as error:
        raise ConversionError(source, expected="a whole archive", found=str(error)) from error
    model = _loaded(source)
    _save(source, target, model)
    left_out = ["the optimizer, and what compile() was given"] if config.get("compile_config") else []
    return Conversion(target, f"{len(model.weights)} weights and the configuration", tuple(left_out))


def _loaded(source: Path) -> Any:
    import keras

    try:
        return keras.models.load_model(source, compile=False, safe_mode=True)
    except (TypeError, ValueError, AttributeError, NotImplementedError, OSError, KeyError) as error:
        raise ConversionError(
            source,
            expected="a model of Keras's own classes, or a target in .weights.h5, which needs none",
            found=_first_line(error),
        ) from error


def _save(source: Path, target: Path, model: Any) -> None:
    with draft_of(target) as draft, _without_advice():
        try:
            model.save(draft, include_optimizer=False)
        except (NotImplementedError, ValueError, TypeError) as error:
            raise ConversionError(
                source,
                expected="a sequential or functional model, or a target in .weights.h5",
                found=_first_line(error),
            ) from error


@contextmanager
def _without_advice() -> Iterator[None]:
    """Keras advises against the layout by a warning at every call."""
    logger = logging.getLogger("absl")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
