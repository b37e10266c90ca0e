"""The race of four optimizers: what each has paid and reached, the curves, and inside L-BFGS."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.components.optimizer_words import lane_labels, stage_words
from pages.kit.controls import format_number, store
from pages.kit.language import _
from pages.kit.line_diary import Diary
from pages.kit.optimizer_race import (
    ALL,
    BATCH_SIZES,
    COSTS,
    GOALS,
    HISTORIES,
    LANES,
    LBFGS_BATCH_SIZES,
    MEASURES,
    OptimizerRace,
    Runner,
    Setup,
)
from pages.kit.optimizer_settings import GOAL_NAMES, RACE_SETTINGS, RATES, VIEW_SETTINGS, size_name
from pages.kit.wishes import whole

_stage = register(
    "optimizer_stage",
    "pickers",
    "race_bar",
    "race_curves",
    "optimizer_table",
    "optimizer_curves",
    "optimizer_cut",
    "optimizer_pairs",
)


def optimizer_stage(race: OptimizerRace, *, axis: str, goal: float) -> None:
    """Show the race. Everything that is chosen is stored under its name in the URL.

    `axis` is what the curves are drawn over, one of `COSTS`; `goal` the training loss to reach.
    """
    setup = race.setup

    def answer(texts: Mapping[str, str]) -> bytes:
        with race.lock:
            race.obey(texts)
            number = whole(texts.get("iteration", ""))
            return pack(*_moving(race, number, with_cut=texts.get("cut") == "1"), {})

    with race.lock:
        fields, arrays = _moving(race, 0, with_cut=False)
    _stage(
        key="optimizer-stage",
        data={
            **fields,
            "direct": direct.address("optimizers", answer),
            "axis": axis,
            "goal": GOALS.index(goal),
            "goals": GOAL_NAMES,
            "measures": MEASURES,
            "costs": COSTS,
            "choices": _choices(setup),
            "seed": setup.seed,
            "images": len(race.data.train_images),
            "lap": 1000 * race.lap_seconds,
        },
        arrays=arrays,
        text=stage_words(race),
        on={"choose": _choose},
    )


def _choices(setup: Setup) -> dict[str, dict[str, Any]]:
    """What can be chosen, by its name in the URL: the options and the present one."""
    rates = [(name, f"η = {name}") for name in RATES]
    chosen = [format_number(rate) for rate in setup.rates]

    def sizes(all_sizes: tuple[int, ...], template: str) -> list[tuple[str, str]]:
        words = {size: template.format(size=size) for size in all_sizes}
        return [
            (size_name(size), words[size] if size != ALL else _("all at once"))
            for size in all_sizes
        ]

    return {
        "set": {
            "options": [("digits", _("Digits 8×8")), ("xo", _("X and O 9×9"))],
            "value": setup.data,
        },
        **{
            key: {"options": rates, "value": rate}
            for key, rate in zip(("sgd", "mom", "adam"), chosen, strict=True)
        },
        "batch": {
            "options": sizes(BATCH_SIZES, _("{size} images a step")),
            "value": size_name(setup.batch_size),
        },
        "m": {
            "options": [(str(m), f"m = {m}") for m in HISTORIES],
            "value": str(setup.history),
        },
        "lbatch": {
            "options": sizes(LBFGS_BATCH_SIZES, _("{size} images")),
            "value": size_name(setup.lbfgs_batch_size),
        },
    }


def _moving(
    race: OptimizerRace, number: int, *, with_cut: bool
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """How the race stands, and what L-BFGS did at an iteration; 0 is the latest."""
    labels = lane_labels()
    fields: dict[str, Any] = {
        "race": {
            "epoch": round(1000 * race.lap * race.lap_seconds),
            "epochs": round(1000 * race.limit),
            "over": race.is_over,
            "heard": race.heard,
            "lanes": [
                {
                    "name": name,
                    "label": labels[name],
                    "trouble": _trouble(labels[name], runner),
                    "reached": [runner.reached(goal) for goal in GOALS],
                }
                for name, runner in race.runners.items()
            ],
        }
    }
    arrays = {f"lane-{i}": race.runners[lane].curves for i, lane in enumerate(LANES)}
    diary = race.diary
    last = len(diary.entries)
    number = min(number, last) or last
    fields["inside"] = _iteration(race, number) if number else None
    arrays["pairs"] = _pairs(diary)
    fields["cut_of"] = number if with_cut else 0
    if with_cut and number:
        arrays["cut"] = diary.cut(number)
    return fields, arrays


def _iteration(race: OptimizerRace, number: int) -> dict[str, Any]:
    diary = race.diary
    entry = diary.entries[number - 1]
    report = entry.report
    before = diary.entries[number - 2].memory if number > 1 else ()
    return {
        "number": number,
        "count": len(diary.entries),
        "before": report.loss_before,
        "loss": report.loss,
        "slope": report.slope,
        "step": report.step_length,
        "evaluations": report.evaluations,
        "used": 0 if report.steepest_descent else len(before),
        "restarted": report.restarted,
        "curvature": report.curvature,
        "kept": report.pair_kept,
        "memory": entry.memory,
        "c1": diary.c1,
        "small": race.setup.images_at_a_time("lbfgs") < diary.count,
        "trials": [
            {
                "step": verdict.trial.step_length,
                "loss": _told(verdict.trial.loss),
                "slope": _told(verdict.trial.slope),
                "lower": verdict.lower,
                "flat": verdict.flat,
                "accepted": verdict.accepted,
            }
            for verdict in diary.verdicts(number)
        ],
    }


def _pairs(diary: Diary) -> np.ndarray:
    """For every iteration its s·y, and whether the pair was kept, (2, iterations)."""
    reports = [entry.report for entry in diary.entries]
    rows = [(report.curvature, report.pair_kept) for report in reports]
    return np.array(rows, dtype=np.float32).reshape(-1, 2).T.copy()


def _told(value: float) -> float | None:
    """A number for JSON, which has no word for infinity."""
    return value if math.isfinite(value) else None


def _trouble(label: str, runner: Runner) -> str:
    if runner.stopped == "diverged":
        return _(
            "{label}: after step {step} the loss was no longer a number, "
            "so this network has stopped."
        ).format(label=label, step=runner.steps)
    if runner.stopped == "converged":
        return _(
            "{label}: after iteration {step} no step lowers the loss any further "
            "within its precision: it has converged."
        ).format(label=label, step=runner.steps)
    return ""


def _choose(choice: Mapping[str, Any]) -> None:
    if choice["key"] in (*RACE_SETTINGS, *VIEW_SETTINGS):
        store(choice["key"], str(choice["value"]))
