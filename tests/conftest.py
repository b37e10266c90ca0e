"""What holds for every test: unhurried Hypothesis, quick tests first, programs not collected."""

import os
from pathlib import Path

import hypothesis
import pytest

# As in the app: threads of small matrix products would wait for the browser and for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

HERE = Path(__file__).parent

# Programs with commands of their own; they need packages that the suite does not install.
collect_ignore = ["benchmarks", "provenance.py"]

# A slow moment of the machine is no failure. (With CI=true Hypothesis also repeats its draws.)
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's journeys last: what is quick should fail first."""
    items.sort(key=lambda item: item.path.is_relative_to(HERE / "browser"))
