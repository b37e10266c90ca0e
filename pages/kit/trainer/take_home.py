"""Where a reader takes a run home, or brings weights back."""

import copy
from dataclasses import dataclass
from weakref import ReferenceType, ref

import streamlit as st

from pages.kit import state
from pages.kit.language import _
from pages.kit.trainer.history import rows
from pages.kit.trainer.run import Run
from pages.kit.trainer.takeaway import (
    WeightsError,
    history_csv,
    numpy_code,
    take_weights,
    torch_code,
    weights_file,
)

LARGEST_UPLOAD = 2  # MB; no network that can be built here has more


@dataclass(frozen=True)
class Notice:
    """What became of a file that was dropped."""

    run: ReferenceType[Run]  # the next run knows nothing of it
    is_good: bool
    sentence: str


def take_home(run: Run) -> None:
    """Files of this run, the network as code, and a place to drop weights; folded at first."""
    folded = st.expander(_("Take it with you"), key="take-home", on_change="rerun")
    if not folded.open:
        return
    codes = _codes(run)
    with folded:
        st.markdown(
            _(
                "The weights as they are at the moment of the click, the curves as a table, and "
                "this network as a program that runs without this page."
            )
        )
        with st.container(horizontal=True):
            _download(_("Weights (.npz)"), lambda: _weights(run), "weights.npz")
            _download(_("Curves (.csv)"), lambda: _table(run), "history.csv")
            for name, code in codes.items():
                _download(_("{library} code").format(library=name), code, f"{name.lower()}_cnn.py")
        for tab, code in zip(st.tabs(list(codes)), codes.values(), strict=True):
            tab.code(code, language="python", height=360)
        st.file_uploader(
            _("Load weights of this network from an .npz file"),
            type="npz",
            key="weights-upload",
            max_upload_size=LARGEST_UPLOAD,
            on_change=_take,
            args=(run,),
        )
        notice: Notice | None = state.keep("upload", lambda: None)
        if notice and notice.run() is run:
            (st.success if notice.is_good else st.error)(notice.sentence)


def _download(label: str, data: object, name: str) -> None:
    st.download_button(label, data, name, key=f"save-{name}", on_click="ignore")  # type: ignore[arg-type]


def _weights(run: Run) -> bytes:
    with run.lock:
        return weights_file(run.model)


def _table(run: Run) -> str:
    with run.lock:
        columns, table = rows(run.history)
        return history_csv(table, columns)


def _codes(run: Run) -> dict[str, str]:
    about = run.model, run.data.image_shape, run.data.class_names
    return {"NumPy": numpy_code(*about), "PyTorch": torch_code(*about)}


def _take(run: Run) -> None:
    """Give the run the weights that were dropped, or say in one sentence why not."""
    file = state.get("weights-upload")
    if file is None:
        state.replace("upload", None)
        return
    with run.lock:
        model = copy.deepcopy(run.model)
    try:
        take_weights(model, file.getvalue())
    except WeightsError as error:
        state.replace("upload", Notice(ref(run), False, str(error)))
        return
    with run.lock:
        run.pause()
        run.take_weights(model.flat_params)
        accuracy = run.exam.test_accuracy
    sentence = _("The weights of {file} are loaded: {share} of the test images are right.")
    sentence = sentence.format(file=file.name, share=f"{accuracy:.1%}")
    state.replace("upload", Notice(ref(run), True, sentence))
