"""Text in the macros of man(7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# What no option says.
STATUS = (
    ("0", "everything matches"),
    ("1", "something is flagged, or a reference exceeds the given tolerance"),
    ("2", "invalid input, or a report that cannot be written"),
    ("64", "a wrong command line"),
)
ENVIRONMENT = (
    ("PARITY_FIXTURES", "the folder of the bundled fixtures, in place of the installed one"),
    ("NO_COLOR", "where it is set, the terminal is not coloured"),
)
FILES = ((
    "share/rnn-parity/Fixtures",
    "the bundled fixtures, beside the folder of the program: what is judged without any path",
),)


def page(command: Mapping[str, Any], version: str) -> str:
    """The page of a command that was dumped by its parser."""
    return "\n".join(_lines(command, version)) + "\n"


def _lines(command: Mapping[str, Any], version: str) -> Iterator[str]:
    name = command["commandName"]
    shown = [sub for sub in command["subcommands"] if sub["commandName"] != "help"]
    yield f'.TH {name.upper()} 1 "" "rnn-parity {_text(version)}"'
    yield ".SH NAME"
    yield rf"{name} \- {_text(_lowered(command['abstract']))}"
    yield ".SH SYNOPSIS"
    for sub in shown:
        yield from (".SY " + f'"{name} {sub["commandName"]}"', *_synopsis(sub), ".YS")
    yield ".SH COMMANDS"
    for sub in shown:
        yield from (f".SS {sub['commandName']}", _text(sub["abstract"]))
        if sub.get("discussion"):
            yield from (".PP", _text(sub["discussion"]))
        for argument in _arguments(sub):
            yield from (".TP", _usage(argument, r"\fB", r"\fI"), _text(_explained(argument)))
    for heading, rows in (("EXIT STATUS", STATUS), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        yield f".SH {heading}"
        for term, meaning in rows:
            yield from (".TP", rf"\fB{_text(term)}\fR", _text(meaning))


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _arguments(command: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [argument for argument in command["arguments"] if argument["shouldDisplay"]]


def _synopsis(command: Mapping[str, Any]) -> Iterator[str]:
    for argument in _arguments(command):
        dots = " ..." if argument["isRepeating"] else ""
        usage = _usage(argument, r"\fB", r"\fI", preferred=True)
        yield f"[{usage}]{dots}" if argument["isOptional"] else f"{usage}{dots}"


def _usage(argument: Mapping[str, Any], bold: str, italic: str, *, preferred: bool = False) -> str:
    value = rf"{italic}{_text(argument['valueName'])}\fR"
    if argument["kind"] == "positional":
        return value
    names = [argument["preferredName"]] if preferred else argument["names"]
    dashed = (("-" if name["kind"] == "short" else "--") + name["name"] for name in names)
    options = ", ".join(rf"{bold}{_text(name)}\fR" for name in dashed)
    return options if argument["kind"] == "flag" else f"{options} {value}"


def _explained(argument: Mapping[str, Any]) -> str:
    default = argument.get("defaultValue")
    return str(argument.get("abstract", "")) + (f" (default: {default})" if default else "")


def _text(text: str) -> str:
    """With nothing in it that roff takes for its own."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("\n", " ")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped
