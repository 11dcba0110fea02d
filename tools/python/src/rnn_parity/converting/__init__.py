"""Converts files that belong to Python libraries into files of weights that `parity` reads.

    python -m rnn_parity convert model.pt weights.safetensors

A .keras, .pt or .onnx is read by the library it belongs to, as data: nothing pickled is run.
"""

from __future__ import annotations

from .conversion import Conversion, convert
from .errors import ConversionError

__all__ = ["Conversion", "ConversionError", "convert"]
