"""The packages that scripts/reference.py and scripts/parity need. Standard library only: it runs before they are there.

    python3 environment.py     installs them unless they are there, and prints the interpreter that has them
"""
import importlib.metadata
import os
import pathlib
import shutil
import subprocess
import sys

REQUIREMENTS = pathlib.Path(__file__).resolve().parent / "requirements.txt"
ROOT = REQUIREMENTS.parent.parent.parent


def has_packages():
    for line in REQUIREMENTS.read_text().split():
        name, _, version = line.partition("==")
        try:
            if importlib.metadata.version(name.partition("[")[0]).partition("+")[0] != version:
                return False
        except importlib.metadata.PackageNotFoundError:
            return False
    return True


def interpreter():
    """The Python that has all packages: this one, or that of a virtual environment, which is made on first use."""
    if has_packages():
        return sys.executable
    place = pathlib.Path(os.environ.get("HBAR_HOME") or ROOT / ".hbar").resolve() / "reference"
    python, installed = place / "venv/bin/python", place / "installed.txt"
    if sys.prefix == str(place / "venv"):
        raise SystemExit(f"reference: {place}/venv lacks packages of {REQUIREMENTS}: remove {place} and run again")
    if not installed.exists() or installed.read_text() != REQUIREMENTS.read_text():
        print(f"reference: installing packages into {place}/venv", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", place / "venv"], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", REQUIREMENTS]
        subprocess.run(pip, check=True, stdout=sys.stderr)
        shutil.copyfile(REQUIREMENTS, installed)
    return str(python)


def ensure_packages():
    """Returns where all packages are there; else the interpreter that has them takes over the whole command."""
    python = interpreter()
    if python != sys.executable:
        os.execv(python, [python, *sys.argv])


if __name__ == "__main__":
    print(interpreter())
