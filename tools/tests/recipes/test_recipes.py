"""What the recipes for CI promise: the steps of the action are run, with stand-ins for a runner."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
RECIPES = (ROOT / "Documentation" / "ci.md").read_text()
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"] if "id" in step}


def judge(tmp_path: Path, status: int, **inputs: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Runs the step that judges, and tells what the program was called with."""
    tools = tmp_path / "action" / "tools"
    tools.mkdir(parents=True)
    program = tmp_path / "parity"
    program.write_text(f'#!/bin/bash\nprintf "%s\\n" "$@" >"{tmp_path}/called"\nexit {status}\n')
    (tools / "build").write_text(f"#!/bin/bash\necho {program}\n")
    for path in (program, tools / "build"):
        path.chmod(0o755)
    step = STEPS["judge"]
    environment = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: value(match[1], inputs), text)
        for name, text in step["env"].items()
    }
    environment |= {
        "GITHUB_ACTION_PATH": str(tmp_path / "action"),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    # As a runner calls bash.
    outcome = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )
    called = tmp_path / "called"
    return outcome, called.read_text().splitlines() if called.exists() else []


def value(name: str, inputs: dict[str, str]) -> str:
    """An input, or its default."""
    return inputs.get(name.replace("-", "_"), str(ACTION["inputs"][name].get("default", "")))


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_action_ends_as_the_program_does(tmp_path: Path, status: int) -> None:
    outcome, _ = judge(tmp_path, status, paths="Fixtures")
    assert outcome.returncode == status, outcome.stderr


def test_paths_and_arguments_come_as_they_are(tmp_path: Path) -> None:
    paths = "my folder/a.h5\n\n-odd.h5\n$(touch x); *.h5\n"
    _, called = judge(tmp_path, 0, paths=paths, arguments="--original=my torch\n", fail_on="mismatch")
    assert called[called.index("--") + 1 :] == ["my folder/a.h5", "-odd.h5", "$(touch x); *.h5"]
    assert "--original=my torch" in called
    assert called[called.index("--fail-on") + 1] == "mismatch"


def test_every_form_has_its_place_and_markdown_goes_to_the_summary(tmp_path: Path) -> None:
    _, called = judge(tmp_path, 0, paths="a.h5")
    forms = [called[index + 1] for index, word in enumerate(called) if word == "--format"]
    outputs = [called[index + 1] for index, word in enumerate(called) if word == "--output"]
    assert forms[-1] == "markdown" and len(outputs) == len(forms) - 1
    told = (tmp_path / "output").read_text()
    assert f"html={outputs[forms.index('html')]}" in told and f"junit={outputs[forms.index('junit')]}" in told


def test_no_input_is_pasted_into_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), "an expression in a script is an injection"


def test_the_key_follows_the_sources(tmp_path: Path) -> None:
    keys: list[str] = []
    for text in ("a", "b", "a"):
        folder = tmp_path / f"{len(keys)}"
        for name in ("Sources/x.swift", "Package.swift", "tools/build", "tools/setup.sh"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text if name.startswith("Sources") else "same")
        output = folder / "output"
        environment = {
            "GITHUB_ACTION_PATH": str(folder),
            "GITHUB_OUTPUT": str(output),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
        }
        script = STEPS["key"]["run"]
        subprocess.run(["bash", "-e", "-c", script], env=os.environ | environment, check=True)
        keys.append(output.read_text())
    assert keys[0] == keys[2] != keys[1]


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", RECIPES, re.DOTALL))
def test_recipes_in_yaml_are_read_and_their_options_exist(block: str) -> None:
    recipe = yaml.safe_load(block)
    scripts = [line for job in recipe.values() if isinstance(job, dict) for line in job.get("script", [])]
    used = [
        step["with"] for job in recipe.get("jobs", {}).values() for step in job["steps"] if "with" in step
    ]
    assert scripts or used
    for inputs in used:
        assert set(inputs) <= set(ACTION["inputs"])
    check_options("\n".join(scripts))


@pytest.mark.parametrize("block", re.findall(r"sh '''\n(.*?)'''", RECIPES, re.DOTALL))
def test_scripts_are_read_and_their_options_exist(block: str) -> None:
    subprocess.run(["bash", "-n", "-c", block], check=True)
    check_options(block)


def check_options(script: str) -> None:
    """Every option is one of the command's, every form one that there is."""
    options = (ROOT / "Sources" / "ParityCommand" / "ReportOptions.swift").read_text()
    forms = (ROOT / "Sources" / "ParityCommand" / "ReportFormat.swift").read_text()
    reports = [line for line in script.splitlines() if " report " in line]
    for word in re.findall(r"--format (\S+)", "\n".join(reports)):
        assert f"case {word}\n" in forms
    for word in re.findall(r" --([a-z-]+)", "\n".join(reports)):
        assert f"var {re.sub(r'-(.)', lambda match: match[1].upper(), word)}" in options


def test_the_python_of_the_recipes_is_what_the_package_has() -> None:
    package = (ROOT / "tools" / "python" / "src" / "rnn_parity" / "__init__.py").read_text()
    for block in re.findall(r"```python\n(.*?)```", RECIPES, re.DOTALL):
        compile(block, "ci.md", "exec")
        for name in re.findall(r"from rnn_parity import (.*)", block)[0].split(", "):
            assert f'"{name}"' in package
