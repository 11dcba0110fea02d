# Sourced by tools/build and tools/test: installs what the build needs and is missing.
#
# Swift itself must be there (https://www.swift.org/install); HDF5 and pkg-config come from the system's
# package manager.

need_swift() {
  if ! command -v swift >/dev/null 2>&1; then
    echo "swift is not on PATH: install Swift 6.1 or newer first, see https://www.swift.org/install" >&2
    exit 69
  fi
}

need_hdf5() {
  if command -v pkg-config >/dev/null 2>&1 && pkg-config --exists hdf5; then return; fi
  echo "installing HDF5 and pkg-config" >&2
  if command -v apt-get >/dev/null 2>&1; then
    local as_root=""
    if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
    $as_root apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq libhdf5-dev pkg-config >&2
  elif command -v brew >/dev/null 2>&1; then
    brew install hdf5 pkg-config >&2
  else
    echo "neither apt-get nor brew is here: install HDF5 with its headers and pkg-config" >&2
    exit 69
  fi
}

need_swift
need_hdf5
