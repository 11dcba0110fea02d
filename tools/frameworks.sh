# Sourced by tools/fixtures and tools/calibrate: installs the frameworks and the lab's package if they are missing,
# and sets frameworks_python.
#
# The virtual environment lies outside the repository: $PARITY_VENV, by default ~/.cache/rnn-parity/lab.
# It needs Python 3.11 to 3.13; $PYTHON names another than python3.

install_frameworks() {
    local lab venv installed
    lab=$(cd "$(dirname "${BASH_SOURCE[0]}")/lab" && pwd)
    venv=${PARITY_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/rnn-parity/lab}
    # Installed again only when the pinned versions change: the package itself is used in place.
    installed=$venv/rnn-parity-lab.pyproject.toml
    if ! cmp -s "$lab/pyproject.toml" "$installed"; then
        [ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
        echo "Installing the frameworks into $venv …" >&2
        "$venv/bin/python" -m pip install --quiet --editable "$lab[fixtures]" --editable "$lab/../python"
        cp "$lab/pyproject.toml" "$installed"
    fi
    frameworks_python=$venv/bin/python
}

install_frameworks
