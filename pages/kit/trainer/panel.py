"""The settings of a run on a page: what starts a new one, what tunes the present one."""

from dataclasses import dataclass

import streamlit as st

from pages.kit import controls, state
from pages.kit.components.network_builder import network_builder
from pages.kit.language import _
from pages.kit.trainer import architecture
from pages.kit.trainer.architecture import Architecture
from pages.kit.trainer.history import History
from pages.kit.trainer.rules import EPOCHS, PATIENCES, TARGETS, Rules
from pages.kit.trainer.run import Run
from pages.kit.trainer.setup import (
    SIZES,
    USUAL_FLIPS,
    Setup,
    Tuning,
    data_for,
    dataset,
    possible_in_a_step,
)

LEARNING_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 10)
MOMENTA = (0, 0.5, 0.8, 0.9, 0.95, 0.99)
BATCH_SIZES = (5, 10, 20, 50, 100, 200, 500)
PENALTIES = (0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1)
NOISES = (0, 0.1, 0.2, 0.3, 0.5, 1)  # of digits: the spread of what is added to pixels from 0 to 1
OWN = "own"
FLIPS = (0, 0.05, 0.1, 0.2, 0.3, 0.4)  # of X and O: the share of the pixels


@dataclass(frozen=True)
class Settings:
    """Everything that the controls say."""

    setup: Setup
    tuning: Tuning
    rules: Rules


def settings() -> Settings:
    """The controls, as a column: the usual ones, and folded what one changes seldom."""
    data = controls.choice(
        _("Images"), "images", {"xo": "X / O", "digits": "8×8", "mnist": "28×28"}, "digits"
    )
    chosen_net = stored_net(data)
    _choose_net(chosen_net)
    net = chosen_net.architecture.text
    optimizer = controls.pick(
        _("Optimizer"),
        "optimizer",
        {"sgd": "SGD", "momentum": _("Momentum"), "adam": "Adam", "lbfgs": "L-BFGS"},
        "momentum",
    )
    lr, momentum, batch_size = Tuning().lr, Tuning().momentum, Setup.batch_size
    if optimizer == "lbfgs":
        st.caption(
            _("L-BFGS takes all training images as one batch and finds its own step length.")
        )
    else:
        key, usual = {"adam": ("adamlr", 0.01), "sgd": ("sgdlr", 0.2)}.get(optimizer, ("lr", lr))
        lr = controls.number(_("Learning rate η"), key, LEARNING_RATES, usual)
        if optimizer == "momentum":
            momentum = controls.number(_("Momentum"), "momentum", MOMENTA, momentum)
        sizes = [each for each in BATCH_SIZES if possible_in_a_step(data, net, each)]
        batch_size = int(controls.number(_("Batch size"), "batch", sizes, batch_size))
    with st.expander(_("More settings"), key="more"):
        l2 = controls.number(_("L2 penalty λ"), "l2", PENALTIES, 0)
        loss = controls.choice(
            _("Loss"),
            "loss",
            {"entropy": _("Cross-entropy"), "squares": _("Squared error")},
            "entropy",
        )
        start = controls.pick(
            _("First weights"), "start", architecture.starts(chosen_net.architecture), "random"
        )
        size = _size(data, net, at_once=optimizer == "lbfgs")
        noise = _noise(data)
        seed = controls.seed(_("Seed"))
        st.divider()
        stop = _rules()
    setup = Setup(data, net, noise, size, start, loss, optimizer, batch_size, seed)
    return Settings(setup, Tuning(lr, momentum, l2), stop)


@dataclass(frozen=True)
class Net:
    """The architecture that the link asks for: by the name of a preset, or written out."""

    name: str  # "" if it is none of the presets
    architecture: Architecture

    @property
    def text(self) -> str:
        """What stands in the link."""
        return self.name or self.architecture.text


def stored_net(data: str) -> Net:
    """The network in the link."""
    presets, shape = architecture.presets(data), dataset(data).image_shape

    def parse(text: str) -> Net:
        read = architecture.parse(presets.get(text, text), shape)
        names = [name for name, preset in presets.items() if preset == read.text]
        return Net(names[0] if names else "", read)

    return controls.bound("net", parse("classic"), parse, lambda net: net.text, label=_("Network"))


def _choose_net(net: Net) -> None:
    labels = {name: _(label) for name, label in architecture.PRESETS.items()}
    if not net.name:
        labels[OWN] = _("Your own")
    controls.listed(_("Network"), "net-picker", labels, net.name or OWN, _take_preset)


def _take_preset(name: str) -> None:
    if name != OWN:
        state.put("net", name)


def build_your_own(setup: Setup) -> None:
    """The network, layer by layer, to change it; folded at first."""
    folded = st.expander(_("Build the network yourself"), key="build", on_change="rerun")
    if folded.open:
        data = dataset(setup.data)
        with folded:
            network_builder(
                architecture.parse(setup.net, data.image_shape),
                data.image_shape,
                len(data.class_names),
                on_change=lambda text: controls.store("net", text),
            )


def _noise(data: str) -> float:
    if data == "xo":
        return controls.number(_("Flipped pixels"), "flips", FLIPS, USUAL_FLIPS)
    return controls.number(_("Noise in the images"), "noise", NOISES, 0)


def _size(data: str, net: str, *, at_once: bool) -> str:
    """How many images there are to learn from; L-BFGS takes them all `at_once`."""
    every = len(dataset(data).train_images)
    counts = {name: int(name) for name in SIZES if name != "all" and int(name) < every}
    counts["all"] = every
    labels = {
        name: _("all {count}").format(count=f"{count:,}") if name == "all" else name
        for name, count in counts.items()
        if not at_once or possible_in_a_step(data, net, count)
    }
    return controls.pick(_("Training images"), "size", labels, list(labels)[-1])


def _rules() -> Rules:
    """When the run stops by itself."""
    epochs = controls.number(_("Stop after epochs"), "epochs", EPOCHS, Rules.epochs)
    targets = {f"{100 * share:g}": f"{share:.0%}" for share in TARGETS}
    target = controls.pick(_("Stop at test accuracy"), "target", targets | {"0": _("never")}, "0")
    patience = controls.pick(
        _("Stop without a lower test loss for"),
        "patience",
        {str(count): _("{count} epochs").format(count=count) for count in PATIENCES}
        | {"0": _("never")},
        "0",
        help=_(
            "Stopping by the test images means learning a little from them, too. Where it "
            "matters, a third set, the validation set, decides."
        ),
    )
    return Rules(int(epochs), float(target) / 100, int(patience))


def current_run(settings: Settings) -> Run:
    """The reader's run; a new one when the setup is a new one."""
    setup = settings.setup

    def start(ghost: History | None = None) -> Run:
        return Run(setup, settings.tuning, data_for(setup), ghost=ghost)

    run = state.keep("run", start)
    if run.setup != setup:
        with run.lock:
            ghost = run.history if run.step_count else run.ghost
        run = start(ghost)
        state.replace("run", run)
    with run.lock:
        run.tune(settings.tuning)
        run.rules = settings.rules
    return run
