#!/bin/sh
# Installs the executable spack-oci, which needs neither Node nor Spack:
#
#     curl -fsSL https://github.com/spack-oci/spack-oci/releases/latest/download/install.sh | sh
#
# SPACK_OCI_PREFIX   where to install: PREFIX/bin/spack-oci (default: ~/.local)
# SPACK_OCI_VERSION  the version to install (default: the newest)
# SPACK_OCI_URL      a directory with the files of a release: https://..., file:///... (default: the project's releases)
set -eu

releases=https://github.com/spack-oci/spack-oci/releases

fail() {
  echo "install.sh: $1" >&2
  [ $# -lt 2 ] || echo "  $2" >&2
  exit 1
}

platform() {
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=darwin ;;
    *) fail "There is no executable for $(uname -s)." "Install Node 20.19 or newer, and run: npm install --global spack-oci" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) processor=x64 ;;
    aarch64 | arm64) processor=arm64 ;;
    *) fail "There is no executable for $(uname -m) processors." "Install Node 20.19 or newer, and run: npm install --global spack-oci" ;;
  esac
  if [ "$system" = linux ] && [ -n "$(find /lib /usr/lib -maxdepth 1 -name 'ld-musl-*' 2>/dev/null)" ] &&
    ! find /lib /lib64 /usr/lib -maxdepth 2 -name 'ld-linux-*' 2>/dev/null | grep -q .; then
    fail "The executable needs glibc, and this system has musl." "Install Node (apk add nodejs npm), and run: npm install --global spack-oci"
  fi
  echo "$system-$processor"
}

# download URL FILE
download() {
  case $1 in
    file://*) cp "${1#file://}" "$2" 2>/dev/null ;;
    *)
      if command -v curl >/dev/null 2>&1; then
        curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"
      elif command -v wget >/dev/null 2>&1; then
        wget -q -O "$2" "$1"
      else
        fail "Neither curl nor wget is installed." "Install one of them."
      fi
      ;;
  esac || fail "Cannot download $1." "Check the address and the network; SPACK_OCI_URL names another place, such as file:///directory."
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    fail "Neither sha256sum nor shasum is installed, so the download cannot be checked." "Install one of them."
  fi
}

main() {
  prefix=${SPACK_OCI_PREFIX:-${HOME:?install.sh: Set HOME or SPACK_OCI_PREFIX.}/.local}
  version=${SPACK_OCI_VERSION:-}
  if [ -n "$version" ]; then default=$releases/download/v$version; else default=$releases/latest/download; fi
  url=${SPACK_OCI_URL:-$default}
  file=spack-oci-$(platform)

  # The new file appears in a single rename, even if an old one is running.
  mkdir -p "$prefix/bin" 2>/dev/null || fail "Cannot create $prefix/bin." "Set SPACK_OCI_PREFIX to a directory of your own."
  scratch=$(mktemp -d "$prefix/bin/.spack-oci.XXXXXX" 2>/dev/null) ||
    fail "Cannot write to $prefix/bin." "Set SPACK_OCI_PREFIX to a directory of your own."
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  echo "Downloading $url/$file"
  download "$url/$file.sha256" "$scratch/sha256"
  download "$url/$file" "$scratch/spack-oci"
  expected=$(cut -d ' ' -f 1 "$scratch/sha256")
  actual=$(sha256 "$scratch/spack-oci")
  [ "$expected" = "$actual" ] ||
    fail "$url/$file is not what was released: its SHA-256 is $actual, not $expected." "Try again; if it happens again, report it."
  chmod 755 "$scratch/spack-oci"
  installed=$("$scratch/spack-oci" --version) ||
    fail "The executable does not run on this system." "It needs glibc 2.28 and libstdc++ (GCC 5) or newer; with Node, run: npm install --global spack-oci"
  mv -f "$scratch/spack-oci" "$prefix/bin/spack-oci"
  echo "Installed spack-oci $installed as $prefix/bin/spack-oci"
  case :$PATH: in
    *:"$prefix/bin":*) ;;
    *) echo "Add $prefix/bin to PATH to run it as spack-oci." ;;
  esac
}

# Nothing runs before the script has arrived completely.
main
