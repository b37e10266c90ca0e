"""One training run: a network, its optimizer, and everything that was measured on the way.

It knows nothing of pages: whoever owns it asks for steps (`step`, `epoch`, `advance`) and looks.
"""

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass
from threading import RLock
from time import perf_counter

import numpy as np

from cnn_core import L2, LBFGS, SGD, Dataset, DivergedError, Sequential, StepReport, fit
from pages.kit.trainer.exam import Exam, examine
from pages.kit.trainer.history import History, Look, Mark
from pages.kit.trainer.rules import Rules
from pages.kit.trainer.setup import (
    LOSSES,
    Setup,
    Tuning,
    build_model,
    build_optimizer,
    trained_in_a_look,
)
from pages.kit.trainer.snapshots import LARGEST_MEMORY, Snapshot, Snapshots
from pages.kit.trainer.turns import Pace

LEAST_STEPS = 10  # before a run may be called hopeless
DEAREST_LOOK = 0.1  # the share of the time that looks between the ends of epochs may take
MOST_BRANCHES = 4
ENDLESS = 10**9  # epochs: `fit` never ends, the rules stop a run


@dataclass
class Branch:
    """One way that a run took: its curves, its moments, and where it was left."""

    history: History
    snapshots: Snapshots
    end: Snapshot


@dataclass(frozen=True)
class Moment:
    """The network at one moment, to look at: `model` is a copy that nobody trains."""

    step: int
    model: Sequential
    exam: Exam  # of this moment, or (now, while it plays) of a moment ago
    grad_norms: tuple[float, ...]  # of each learning layer at the last step; nan: not known
    update_norms: tuple[float, ...]
    is_now: bool


class Run:
    """A run that plays, pauses, goes on after trouble, and can go back in time."""

    def __init__(
        self,
        setup: Setup,
        tuning: Tuning,
        data: Dataset,
        *,
        rules: Rules | None = None,
        ghost: History | None = None,
    ) -> None:
        self.setup, self.tuning, self.data = setup, tuning, data
        self.rules = rules or Rules()
        self.ghost = ghost  # the curves of the run before, to compare with
        self.lock = RLock()  # an answer and a run of the page may come at once
        self.heard = 0  # the id of the last wish that was granted, see verbs.py
        self.pace = Pace()
        count = len(data.train_images)
        self.batch_size = count if setup.optimizer == "lbfgs" else min(setup.batch_size, count)
        self.steps_per_epoch = math.ceil(count / self.batch_size)
        self.looked_at = min(count, trained_in_a_look(setup))  # training images, at each look
        self._start()

    def _start(self) -> None:
        self.rng = np.random.default_rng(self.setup.seed)
        self.model = build_model(self.setup, self.data, self.rng)
        self.optimizer = build_optimizer(self.setup.optimizer, self.tuning)
        self.penalty = L2(self.tuning.l2)
        self.history = History(self.setup, self.tuning, self.steps_per_epoch)
        self.snapshots = Snapshots()
        self.others: list[Branch] = []  # earlier ways, the oldest first
        self.playing = False
        self.ends_with_epoch = False  # whether it plays only to the end of this epoch
        self.stopped_by = ""  # "diverged", "converged", or the rule that stopped it
        self.stopping_rules = self.rules  # as they were then
        self.report: StepReport | None = None  # of the last step, unless the weights changed since
        self.first_params = self.model.flat_params.copy()
        self._before, self._spare = self.first_params.copy(), self.first_params.copy()
        self._rules_since = 0  # how many steps there were when the rules began to count
        self._seconds_before, self._evaluations_before = 0.0, 0
        self._batch = 0  # batches of the present epoch that have been used
        self._order = self.rng.bit_generator.state  # when the present epoch began
        self._copy = copy.deepcopy(self.model)  # to look at: looking must not disturb the training
        self._past: Exam | None = None
        self._last_look, self._look_took = perf_counter(), 0.0
        self._steps = self._fit()
        self.exam = self.first_exam = self._examine()
        self.snapshots.keep(self._snapshot())

    # --- what one sees ---

    @property
    def step_count(self) -> int:
        """Steps made so far."""
        return self.history.steps

    @property
    def epochs(self) -> float:
        """Passes through the training images so far."""
        return self.step_count / self.steps_per_epoch

    @property
    def seconds(self) -> float:
        """Time spent on learning itself."""
        return self._seconds_before + (self.report.seconds if self.report else 0.0)

    @property
    def evaluations(self) -> int:
        """How often a batch's loss and gradient were computed."""
        return self._evaluations_before + (self.report.evaluations if self.report else 0)

    @property
    def learning_layers(self) -> list[str]:
        """The names of the layers that have parameters."""
        layers = zip(self.model.names, self.model.layers, strict=True)
        return [name for name, layer in layers if layer.parameter_count]

    @property
    def is_untouched(self) -> bool:
        """Whether it still has the weights that it began with."""
        return not (self.step_count or self.history.marks)

    @property
    def collapsed(self) -> bool:
        """Whether it gives every test image the same answer though it had time to learn."""
        had_time = self.step_count >= max(self.steps_per_epoch, LEAST_STEPS)
        return had_time and bool((self.exam.answers == self.exam.answers[0]).all())

    @property
    def best_step(self) -> int:
        """The kept moment closest to the look with the lowest training loss."""
        best = min(self.history.looks, key=lambda look: look.train_loss)
        return self.snapshots.nearest(best.step).step

    def moment(self, step: int | None = None) -> Moment:
        """How things stand now, or stood at the kept moment closest to a step."""
        if step is None:
            self._copy.flat_params = self.model.flat_params
            norms = self._grad_norms(), self._update_norms()
            return Moment(self.step_count, self._copy, self.exam, *norms, is_now=True)
        kept = self.snapshots.nearest(step)
        self._copy.flat_params = kept.params
        if self._past is None or self._past.step != kept.step:
            self._past = self._examined(kept.step)
        look = self.history.nearest_look(kept.step)
        norms = look.grad_norms, look.update_norms
        return Moment(kept.step, self._copy, self._past, *norms, is_now=False)

    # --- the verbs ---

    def play(self) -> None:
        """Go on when the next steps are asked for."""
        self.playing, self.ends_with_epoch = True, False

    def epoch(self) -> None:
        """Go on, too, but only to the end of this pass through the training images."""
        self.playing, self.ends_with_epoch = True, True

    def pause(self) -> None:
        """Stand still, and look at the images where it stands."""
        self.playing = False
        self.look()

    def step(self) -> None:
        """Make one step by hand."""
        self.playing = False
        self._step()
        self.look()

    def advance(self, steps: float, seconds: float) -> None:
        """Make at most so many steps, for about so long; at least one if it plays at all."""
        stop_at = perf_counter() + seconds
        while self.playing and steps >= 1:
            self._step()
            steps -= 1
            if self.ends_with_epoch and not self._batch:
                self.playing = False
            if perf_counter() >= stop_at:
                break
        if not self.playing or self._may_look():
            self.look()

    def reset(self) -> None:
        """Begin anew; the curves stay to compare with."""
        if self.step_count:
            self.ghost = self.history
        self._start()

    def tune(self, tuning: Tuning) -> None:
        """Change learning rate, momentum and penalty from the next step on."""
        if tuning == self.tuning:
            return
        if self.step_count:
            marks = self.history.marks
            again = marks and marks[-1].step == self.step_count and marks[-1].before
            before = marks.pop().before if again else self.tuning
            if before != tuning:
                marks.append(Mark(self.step_count, before, tuning))
        else:
            self.history.tuning = tuning
        self.tuning = tuning
        self._tune_tools()

    def rewind(self, step: int) -> None:
        """Go on from the kept moment closest to `step`; the way that was taken is kept, too."""
        moment = self.snapshots.nearest(step)
        if moment.step == self.step_count:
            return
        history, snapshots = self.history.head(moment.step), self.snapshots.head(moment.step)
        self._leave()
        self.history, self.snapshots = history, snapshots
        self._stand_at(moment)

    def switch(self, index: int) -> None:
        """Take up an earlier way where it was left."""
        branch = self.others.pop(index)
        self._leave()
        self.history, self.snapshots = branch.history, branch.snapshots
        self._stand_at(branch.end)

    def take_weights(self, params: np.ndarray) -> None:
        """Go on with weights that came from elsewhere, and a fresh optimizer."""
        self._replace_weights(params, "loaded")

    def look(self) -> None:
        """Examine the network, unless it has just been done."""
        if self.exam.step != self.step_count:
            self.exam = self._examine()

    # --- steps ---

    def _fit(self) -> Iterator[StepReport]:
        return fit(
            self.model,
            self.data,
            optimizer=self.optimizer,
            loss=LOSSES[self.setup.loss],
            batch_size=self.batch_size,
            epochs=ENDLESS,
            rng=self.rng,
            penalty=self.penalty,
            skip_batches=self._batch,
        )

    def _step(self) -> None:
        if self.stopped_by:  # what stopped it has had its say
            self.stopped_by, self._rules_since = "", self.step_count
        if not self._batch:
            self._order = self.rng.bit_generator.state
        np.copyto(self._spare, self.model.flat_params)
        try:
            self.report = next(self._steps)
        except DivergedError:  # the last step led to a loss that is no number: take it back
            self.rng.bit_generator.state = self._order
            self._replace_weights(self._before, "back")
            self._stop("diverged")
            return
        self._before, self._spare = self._spare, self._before
        self._batch = (self._batch + 1) % self.steps_per_epoch
        self.history.losses.append(self.report.loss)
        self.history.accuracies.append(self.report.batch_accuracy)
        if self.snapshots.wants(self.step_count):
            self.snapshots.keep(self._snapshot())
        if not self._batch:
            self.look()
            self._ask_the_rules()
        if self.report.line_search and self.report.line_search.converged:
            self._stop("converged")

    def _ask_the_rules(self) -> None:
        since, size = self._rules_since, self.steps_per_epoch
        looks = [
            look
            for look in self.history.looks
            if look.step >= since and (look.step == since or look.step % size == 0)
        ]
        if rule := self.rules.stop_for((self.step_count - since) / size, looks):
            self._stop(rule)

    def _stop(self, reason: str) -> None:
        self.stopped_by, self.playing = reason, False
        self.stopping_rules = self.rules

    def _tune_tools(self) -> None:
        self.penalty.strength = self.tuning.l2
        if isinstance(self.optimizer, LBFGS):
            return
        self.optimizer.lr = self.tuning.lr
        if isinstance(self.optimizer, SGD) and self.setup.optimizer == "momentum":
            self.optimizer.momentum = self.tuning.momentum

    # --- looks ---

    def _may_look(self) -> bool:
        return DEAREST_LOOK * (perf_counter() - self._last_look) >= self._look_took

    def _examine(self) -> Exam:
        began = perf_counter()
        self._copy.flat_params = self.model.flat_params
        exam = self._examined(self.step_count)
        self._last_look = perf_counter()
        self._look_took = self._last_look - began
        self.history.add_look(
            Look(
                self.step_count,
                exam.test_loss,
                exam.test_accuracy,
                exam.train_loss,
                exam.train_accuracy,
                self.seconds,
                self.evaluations,
                self._grad_norms(),
                self._update_norms(),
            )
        )
        return exam

    def _examined(self, step: int) -> Exam:
        return examine(self._copy, self.data, self.setup.loss, step, trained=self.looked_at)

    def _grad_norms(self) -> tuple[float, ...]:
        norms = self.report.grad_norms if self.report else {}
        return tuple(norms.get(name, math.nan) for name in self.learning_layers)

    def _update_norms(self) -> tuple[float, ...]:
        if self.report is None:
            return tuple(math.nan for _name in self.learning_layers)
        moved = self.model.flat_params - self._before.astype(float)  # float32 ends at 3e38
        norms, start = list[float](), 0
        for layer in self.model.layers:
            if size := layer.parameter_count:
                norms.append(float(np.linalg.norm(moved[start : start + size])))
                start += size
        return tuple(norms)

    # --- going back ---

    def _snapshot(self) -> Snapshot:
        optimizer = self.optimizer
        if sum(vector.nbytes for vector in optimizer.memory) > LARGEST_MEMORY:
            optimizer = build_optimizer(self.setup.optimizer, self.tuning)
        return Snapshot(
            self.step_count,
            self.tuning,
            self.model.flat_params.copy(),
            optimizer.copy(),
            self._order if self._batch else self.rng.bit_generator.state,
            self._batch,
            self.seconds,
            self.evaluations,
        )

    def _leave(self) -> None:
        """Keep the way that is being left; of many, the oldest is forgotten."""
        self.others.append(Branch(self.history, self.snapshots, self._snapshot()))
        del self.others[: -(MOST_BRANCHES - 1)]

    def _stand_at(self, moment: Snapshot) -> None:
        """Go on from a moment, with the tuning of now."""
        self.playing, self.stopped_by = False, ""
        if moment.tuning != self.tuning:
            self.history.marks.append(Mark(moment.step, moment.tuning, self.tuning))
        self.model.flat_params = moment.params
        self.optimizer = moment.optimizer.copy()
        self.rng.bit_generator.state = self._order = moment.order
        self._batch = moment.batch
        self._seconds_before, self._evaluations_before = moment.seconds, moment.evaluations
        self._tune_tools()
        self._begin_again()

    def _replace_weights(self, params: np.ndarray, why: str) -> None:
        self._seconds_before, self._evaluations_before = self.seconds, self.evaluations
        self.model.flat_params = params
        self.optimizer = build_optimizer(self.setup.optimizer, self.tuning)
        self.history.marks.append(Mark(self.step_count, None, self.tuning, why))
        if self._batch:  # `fit` is to deal out this epoch's images once more
            self.rng.bit_generator.state = self._order
        self._begin_again()
        if self.snapshots.wants(self.step_count):
            self.snapshots.keep(self._snapshot())

    def _begin_again(self) -> None:
        """Let the weights of this moment be a start: nothing before it says how they change."""
        self.report, self._past = None, None
        self._rules_since = self.step_count
        np.copyto(self._before, self.model.flat_params)
        self._steps = self._fit()
        self.exam = self._examine()
