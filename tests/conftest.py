"""Where shared reference and data files are found, for the tests that need them."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_folder() -> Path:
    """The folder of reference and data files: $FRESHET_SHARED, by default `shared` beside the checkout."""
    return Path(os.environ.get("FRESHET_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder, or a skip that says what is missing."""
    folder = shared_folder()
    if not folder.is_dir():
        pytest.skip(f"needs the shared reference and data files, not found at {folder} (set FRESHET_SHARED)")
    return folder
