"""The same numbers elsewhere: one convolution in three libraries, ready to copy.

Each snippet is complete and holds exactly what is on screen. Ours and SciPy's are run as they
stand; what they print is shown side by side.
"""

import numpy as np
import streamlit as st

from pages.kit.components.number_grid import number_grid
from pages.kit.controls import Numbers
from pages.kit.language import _
from pages.kit.walk import Walk

OURS = {"relu": "relu(y)", "sigmoid": "sigmoid(y)", "tanh": "tanh(y)"}
SCIPY = {"relu": "np.maximum(y, 0)", "sigmoid": "expit(y)", "tanh": "np.tanh(y)"}
PYTORCH = {"relu": "torch.relu(y)", "sigmoid": "torch.sigmoid(y)", "tanh": "torch.tanh(y)"}


def panel(walk: Walk, *, flip: bool) -> None:
    """Show, folded, the code for this walk in three libraries, and what it gives."""
    folded = st.expander(
        _("The same numbers elsewhere: SciPy and PyTorch"), key="elsewhere", on_change="rerun"
    )
    if not folded.open:
        return  # nothing is computed or sent that nobody looks at
    codes = {
        "CNN Lab": ours(walk, flip=flip),
        "SciPy": scipys(walk, flip=flip),
        "PyTorch": pytorchs(walk, flip=flip),
    }
    outputs = {name: run(codes[name]) for name in ("CNN Lab", "SciPy")}
    with folded:
        for place, (name, code) in zip(st.columns(3), codes.items(), strict=True):
            with place:
                st.markdown(f"**{name}**")
                st.code(code)
        left, middle, right = st.columns(3)
        for place, (name, output) in zip((left, middle), outputs.items(), strict=True):
            with place:
                title = _("{library} prints").format(library=name)
                number_grid(f"elsewhere-{name}", output, title=title, role="output", editable=False)
        with right:
            st.caption(
                _(
                    "PyTorch is not part of CNN Lab, so its code was not run: copy it to where "
                    "you have PyTorch. Its `conv2d` never rotates the kernel; for a convolution, "
                    "`flip` does."
                )
            )
        gap = float(np.abs(outputs["CNN Lab"] - outputs["SciPy"]).max())
        st.markdown(
            _("Largest difference between CNN Lab and SciPy: {gap}").format(gap=f"**{gap:.2g}**")
        )


def run(code: str) -> Numbers:
    """Run a snippet as it stands and return what it prints.

    Of what a reader typed, only what was read as a number stands in its text.
    """
    printed: list[Numbers] = []
    exec(code, {"print": printed.append})
    return printed[0]


def ours(walk: Walk, *, flip: bool) -> str:
    """Our own line."""
    before, after = walk.sides
    return _lines(
        "import numpy as np",
        "from cnn_core import conv2d" + (f", {walk.activation}" if walk.activation in OURS else ""),
        "",
        f"x = {_array('np.array', walk.x, 'float')}",
        f"kernel = {_array('np.array', walk.kernel, 'float')}",
        "y = conv2d(",
        "    x[None, None], kernel[None, None],",
        f"    bias=np.array([{walk.bias!r}])," if walk.bias else None,
        f"    stride={walk.stride}, padding={before if before == after else (walk.sides,) * 2},",
        f"    dilation={walk.dilation}, flip={flip},",
        ")[0, 0]",
        _activated(OURS, walk),
        "print(y)",
    )


def scipys(walk: Walk, *, flip: bool) -> str:
    """SciPy's functions know neither padding by a number nor stride nor dilation; NumPy does."""
    name = "convolve2d" if flip else "correlate2d"
    is_dilated, every = walk.dilation > 1, f"[::{walk.dilation}, ::{walk.dilation}]"
    return _lines(
        "import numpy as np",
        f"from scipy.signal import {name}",
        "from scipy.special import expit" if walk.activation == "sigmoid" else None,
        "",
        f"x = {_array('np.array', walk.x, 'float')}",
        f"kernel = {_array('np.array', walk.kernel, 'float')}",
        f"padded = np.pad(x, {walk.sides})",
        f"dilated = np.zeros(({walk.span}, {walk.span}))" if is_dilated else None,
        f"dilated{every} = kernel" if is_dilated else None,
        f"y = {name}(",
        f'    padded, {"dilated" if is_dilated else "kernel"}, mode="valid",',
        f")[::{walk.stride}, ::{walk.stride}]" + (f" + {walk.bias!r}" if walk.bias else ""),
        _activated(SCIPY, walk),
        "print(y)",
    )


def pytorchs(walk: Walk, *, flip: bool) -> str:
    """PyTorch's `conv2d` is a cross-correlation, and pads both sides alike."""
    before, after = walk.sides
    is_even = before == after
    kernel = "kernel.flip(0, 1)" if flip else "kernel"
    return _lines(
        "import torch",
        "from torch.nn import functional as F",
        "",
        f"x = {_array('torch.tensor', walk.x, 'torch.float64')}",
        f"kernel = {_array('torch.tensor', walk.kernel, 'torch.float64')}",
        None if is_even else f"x = F.pad(x, {walk.sides * 2})",
        "y = F.conv2d(",
        "    x[None, None],",
        f"    {kernel}[None, None],",
        f"    stride={walk.stride}, padding={before if is_even else 0}, dilation={walk.dilation},",
        ")[0, 0]" + (f" + {walk.bias!r}" if walk.bias else ""),
        _activated(PYTORCH, walk),
        "print(y)",
    )


def _lines(*lines: str | None) -> str:
    return "\n".join(line for line in lines if line is not None)


def _activated(functions: dict[str, str], walk: Walk) -> str | None:
    return f"y = {functions[walk.activation]}" if walk.activation in functions else None


def _array(make: str, values: Numbers, dtype: str) -> str:
    """Write an array as code that gives exactly these numbers again."""
    rows = "".join(f"    [{', '.join(map(_literal, row))}],\n" for row in values.tolist())
    return f"{make}([\n{rows}], dtype={dtype})"


def _literal(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
