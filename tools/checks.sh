# Sourced by tools/test-python and tools/fuzz: installs what checks need and no framework, and sets checks_python.
#
# The virtual environment lies outside the repository: $PARITY_CHECKS, by default ~/.cache/rnn-parity/checks. It needs
# Python 3.10 or newer; $PYTHON names another than python3.

install_checks() {
  local venv=${PARITY_CHECKS:-${XDG_CACHE_HOME:-$HOME/.cache}/rnn-parity/checks}
  local packages=(ruff==0.17.6 mypy==2.4.1 pytest==9.2.0 'numpy>=1.26' 'h5py>=3.10' PyYAML==6.0.2)
  if [ "$(cat "$venv/packages" 2>/dev/null)" != "${packages[*]}" ]; then
    echo "Installing the checks into $venv …" >&2
    # Debian's python3 comes without the module that gives a virtual environment its pip.
    "${PYTHON:-python3}" -m venv "$venv" || {
      echo "the checks need Python's venv module (Debian: python3-venv)" >&2
      exit 2
    }
    "$venv/bin/python" -m pip install --quiet "${packages[@]}"
    echo "${packages[*]}" >"$venv/packages"
  fi
  checks_python=$venv/bin/python
}

install_checks
