"""Reads the index that the compiler writes, through the toolchain's libIndexStore."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rooms.errors import SetupError

# From indexstore.h.
DEFINITION, DECLARATION, REFERENCE = 1 << 1, 1 << 0, 1 << 2
MODULE, TYPES = 1, frozenset({5, 6, 7, 8})  # enum, struct, class, protocol
RECORD_DEPENDENCY = 2


class _Text(ctypes.Structure):
    """indexstore_string_ref_t"""

    _fields_ = (("data", ctypes.c_void_p), ("length", ctypes.c_size_t))

    def __str__(self) -> str:
        text = ctypes.string_at(self.data, self.length) if self.length else b""
        return text.decode(errors="replace")


_TextVisitor = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, _Text)
_Visitor = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)
_Number = ctypes.POINTER(ctypes.c_uint)
_Seconds = ctypes.POINTER(ctypes.c_int64)
_Error = ctypes.POINTER(ctypes.c_void_p)


@dataclass(frozen=True)
class Occurrence:
    """A symbol at a place of a source file; lines and columns begin at 1."""

    line: int
    column: int
    roles: int
    kind: int
    name: str
    usr: str  # the compiler's unique name of the symbol


@dataclass(frozen=True)
class Unit:
    """What one run of the compiler wrote: the file it compiled, the records of files it read."""

    main_file: Path | None
    modified: tuple[int, int]
    records: tuple[tuple[Path, str], ...]


class IndexStore:
    """An index store on disk, read by the functions that indexstore.h declares."""

    def __init__(self, library: Path, store: Path) -> None:
        try:
            self._library = ctypes.CDLL(str(library))
        except OSError as error:
            raise SetupError(f"{library}: can't be loaded: {error}") from error
        if not store.is_dir():
            raise SetupError(f"{store}: expected the index that the build writes, found nothing")
        self._store = self._create("store_create", str(store).encode())

    def _call(self, name: str, result: Any, *arguments: tuple[Any, Any]) -> Any:
        function = getattr(self._library, f"indexstore_{name}")
        function.restype = result
        function.argtypes = [kind for kind, _ in arguments]
        return function(*(value for _, value in arguments))

    def _get(self, name: str, result: Any, handle: int) -> Any:
        return self._call(name, result, (ctypes.c_void_p, handle))

    def _create(self, name: str, text: bytes, store: int | None = None) -> int:
        error = ctypes.c_void_p()
        owner = [] if store is None else [(ctypes.c_void_p, store)]
        handle = self._call(
            name, ctypes.c_void_p, *owner, (ctypes.c_char_p, text), (_Error, ctypes.byref(error))
        )
        if not handle:
            reason = self._get("error_get_description", ctypes.c_char_p, error.value or 0)
            raise SetupError(f"index: {text.decode()}: {(reason or b'cannot be read').decode()}")
        return int(handle)

    def _each(self, name: str, handle: int, visit: Callable[[int], None]) -> None:
        """Visits every element; what `visit` raises is raised here, because C can't pass it on."""
        failures: list[Exception] = []

        def visitor(_: int, element: int) -> bool:
            try:
                visit(element)
            except Exception as error:  # noqa: BLE001
                failures.append(error)
            return not failures

        self._call(
            name, ctypes.c_bool,
            (ctypes.c_void_p, handle), (ctypes.c_void_p, None), (_Visitor, _Visitor(visitor)),
        )
        if failures:
            raise failures[0]

    def units(self) -> Iterator[Unit]:
        """Every unit, also those of files that are gone."""
        names: list[str] = []

        def visitor(_: int, name: _Text) -> bool:
            names.append(str(name))
            return True

        self._call(
            "store_units_apply_f", ctypes.c_bool,
            (ctypes.c_void_p, self._store), (ctypes.c_uint, 1), (ctypes.c_void_p, None),
            (_TextVisitor, _TextVisitor(visitor)),
        )
        return map(self._unit, names)

    def _unit(self, name: str) -> Unit:
        reader = self._create("unit_reader_create", name.encode(), self._store)
        try:
            folder = Path(str(self._get("unit_reader_get_working_dir", _Text, reader)))
            main = str(self._get("unit_reader_get_main_file", _Text, reader))
            seconds, nanoseconds = ctypes.c_int64(), ctypes.c_int64()
            self._call(
                "unit_reader_get_modification_time", None, (ctypes.c_void_p, reader),
                (_Seconds, ctypes.byref(seconds)), (_Seconds, ctypes.byref(nanoseconds)),
            )
            records: list[tuple[Path, str]] = []

            def visit(dependency: int) -> None:
                kind = self._get("unit_dependency_get_kind", ctypes.c_int, dependency)
                if kind == RECORD_DEPENDENCY:
                    path = self._get("unit_dependency_get_filepath", _Text, dependency)
                    record = self._get("unit_dependency_get_name", _Text, dependency)
                    records.append((folder / str(path), str(record)))

            self._each("unit_reader_dependencies_apply_f", reader, visit)
            return Unit(
                folder / main if main else None, (seconds.value, nanoseconds.value), tuple(records)
            )
        finally:
            self._get("unit_reader_dispose", None, reader)

    def occurrences(self, record: str) -> list[Occurrence]:
        """All occurrences of a record, in the order of the source."""
        reader = self._create("record_reader_create", record.encode(), self._store)
        result: list[Occurrence] = []
        line, column = ctypes.c_uint(), ctypes.c_uint()

        def visit(occurrence: int) -> None:
            symbol = self._get("occurrence_get_symbol", ctypes.c_void_p, occurrence)
            self._call(
                "occurrence_get_line_col", None, (ctypes.c_void_p, occurrence),
                (_Number, ctypes.byref(line)), (_Number, ctypes.byref(column)),
            )
            result.append(Occurrence(
                line.value, column.value,
                self._get("occurrence_get_roles", ctypes.c_uint64, occurrence),
                self._get("symbol_get_kind", ctypes.c_int, symbol),
                str(self._get("symbol_get_name", _Text, symbol)),
                str(self._get("symbol_get_usr", _Text, symbol)),
            ))

        try:
            self._each("record_reader_occurrences_apply_f", reader, visit)
        finally:
            self._get("record_reader_dispose", None, reader)
        return result
