"""The batch of /batch-norm in the URL: its numbers, the layer's, the mode, and the last change."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pages.kit import controls
from pages.kit.batch import Batch, Edit
from pages.kit.controls import Numbers, UnusableError, bound, format_number, parse_grid, store
from pages.kit.dials import Dial, dials, parse
from pages.kit.language import _

# Both columns become the same five numbers, in another order: ±1.5, ±0.5 and 0.
EXAMPLE = np.array([[8, 30], [2, 15], [6, 45], [4, 35], [5, 25.0]])
SAMPLES, CHANNELS = EXAMPLE.shape
RUN = np.array([[3, 25], [4, 100.0]])  # means and variances
LARGEST_VARIANCE = 99_999  # of numbers up to ±99, also of two: 19,602
GAMMA = tuple(Dial(f"γ{index}", 1, -3, 3, 0.1) for index in "₁₂")
BETA = tuple(Dial(f"β{index}", 0, -6, 6, 0.1) for index in "₁₂")
MODES = ("training", "use")
NOTHING = "none"  # in the URL: no number was changed


def stored_batch() -> tuple[Batch, Edit | None]:
    """The batch that the URL describes, and which of its numbers was changed last."""
    x = controls.grid("x", EXAMPLE, label=_("Input"))
    edit = bound("was", None, _edit, _written, label=_("Last change"))
    count = controls.stored_integer("samples", SAMPLES, 1, SAMPLES, label=_("Samples in the batch"))
    mode = controls.stored_choice("mode", MODES, MODES[0], label=_("Mode"))
    run = bound("run", RUN, _run, controls.format_grid, label=_("Running mean and variance"))
    gamma, beta = dials("gamma", GAMMA, label="γ"), dials("beta", BETA, label="β")
    batch = Batch(x[:count], gamma, beta, run, training=mode == "training")
    return batch, _noticed(edit, batch.x)


def turned(batch: Batch, texts: Mapping[str, str]) -> tuple[Batch, Edit | None]:
    """What they become while a slider or a number is dragged; `UnusableError` if that cannot be."""
    x = parse_grid(texts.get("x", ""))
    if x.shape != batch.x.shape:
        raise UnusableError(_("which is not possible here"))
    gamma, beta = parse(texts.get("gamma", ""), GAMMA), parse(texts.get("beta", ""), BETA)
    edit = _noticed(_edit(texts.get("was", "")), x)
    return replace(batch, x=x, gamma=gamma, beta=beta), edit


def change(event: Mapping[str, float]) -> None:
    """One number of the batch is another one now; remember what it was."""
    row, column = int(event["row"]), int(event["column"])
    controls.edit_cell("x", row, column, float(event["value"]))
    store("was", _written(_edit(f"{row + 1},{column + 1},{event['old']}")))


def train_on(batch: Batch) -> None:
    """Let the running means and variances make a step towards those of the batch."""
    if batch.followed is not None:
        store("run", batch.followed)


def _edit(text: str) -> Edit | None:
    """Read row, column and old number; both count from 1, as people do."""
    if text == NOTHING:
        return None
    numbers = parse_grid(text)
    if numbers.shape != (1, 3):
        raise UnusableError(_("which is not a row, a column and a number"))
    row, column, old = numbers[0]
    if row not in range(1, SAMPLES + 1) or column not in range(1, CHANNELS + 1):
        raise UnusableError(_("which is not a row, a column and a number"))
    return Edit(int(row) - 1, int(column) - 1, float(old))


def _written(edit: Edit | None) -> str:
    if edit is None:
        return NOTHING
    return f"{edit.row + 1},{edit.column + 1},{format_number(edit.old)}"


def _noticed(edit: Edit | None, x: Numbers) -> Edit | None:
    """Forget a change of a sample that has left the batch, and one that was taken back."""
    is_seen = edit is not None and edit.row < len(x) and x[edit.row, edit.column] != edit.old
    return edit if is_seen else None


def _run(text: str) -> Numbers:
    run = parse_grid(text, LARGEST_VARIANCE)
    if run.shape != RUN.shape:
        raise UnusableError(
            _("which has {shape} numbers instead of {wanted}").format(
                shape="×".join(map(str, run.shape)), wanted="×".join(map(str, RUN.shape))
            )
        )
    if (run[1] < 0).any():
        raise UnusableError(_("in which a variance is negative"))
    return run
