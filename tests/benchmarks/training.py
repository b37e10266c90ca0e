"""The training bars: seconds to 98 %, and the evaluations of L-BFGS beside SciPy's.

    .venv/bin/python -m tests.benchmarks.training

Needs nothing but the app's own packages. Seconds are those of `StepReport`: training alone,
without the exams. The same in CPU seconds stands below them: where the two differ, other programs
kept the machine busy, and the clock says more about them. Ends with exit code 1 if a bar is
missed, on the clock.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the app has it; NumPy reads it once, on import

import sys

import numpy as np

from tests.benchmarks.descents import evaluations_beside_scipy
from tests.benchmarks.goal import RECIPES, SEEDS, seconds_to_goal
from tests.benchmarks.steps import one_exam, one_step


def main() -> int:
    load = f"; load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"NumPy {np.__version__}, OPENBLAS_NUM_THREADS=1, {os.cpu_count()} cores{load};"
        f" seeds {SEEDS.start} to {SEEDS[-1]}"
    )
    for name in ("digits", "mnist"):
        one_step(name, 50)
        one_exam(name, 50)
    met = [seconds_to_goal(recipe) for recipe in RECIPES]
    met.append(evaluations_beside_scipy())
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
