"""/stride-and-padding: the numbers are SciPy's, no slider leads to anything impossible."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d
from streamlit.testing.v1 import AppTest

from pages.kit.controls import format_grid
from pages.kit.patterns import kernels, pictures
from tests.pages.lesson import open_lesson

PATH = "convolution/stride_and_padding.py"
CLASSIC: dict[str, Any] = {
    "size": 5,
    "x": "classic",
    "k": "classic",
    "mode": "correlation",
    "padding": 1,
}


def stage(at: AppTest) -> dict[str, Any]:
    """What Python gave to the stage."""
    (data,) = (
        data
        for component in at.get("bidi_component")
        if "products" in (data := json.loads(component.proto.json))
    )
    return dict(data)


def told(at: AppTest) -> str:
    return "\n".join(element.value for element in [*at.markdown, *at.caption])


def choices(at: AppTest, key: str) -> Any:
    return at.button_group(key=f"padding-{key}")


def pick(at: AppTest, key: str, option: str) -> AppTest:
    group = choices(at, key)
    return group.set_value([*group.value, option]).run()


def scipys(
    x: np.ndarray, kernel: np.ndarray, stride: int, sides: tuple[int, int], dilation: int, mode: str
) -> np.ndarray:
    """The output by SciPy, on the padded input with the dilated kernel."""
    span = dilation * (len(kernel) - 1) + 1
    dilated = np.zeros((span, span))
    dilated[::dilation, ::dilation] = kernel
    function = convolve2d if mode == "convolution" else correlate2d
    return np.asarray(function(np.pad(x, sides), dilated, mode="valid")[::stride, ::stride])


@pytest.mark.parametrize(
    ("size", "ksize", "stride", "padding", "dilation", "lang"),
    [
        (8, 3, 2, "0", 1, "en"),
        (7, 3, 1, "4", 2, "zh"),
        (6, 2, 3, "0,1", 4, "en"),
        (5, 5, 4, "3,4", 1, "zh"),
        (6, 4, 2, "2,0", 1, "en"),
        (8, 1, 3, "0", 1, "zh"),
    ],
)
def test_outputs_stripes_and_counts_are_right(
    size: int, ksize: int, stride: int, padding: str, dilation: int, lang: str
) -> None:
    rng = np.random.default_rng(size)
    x = rng.integers(-9, 10, (size, size)) / 2
    kernel = rng.integers(-9, 10, (ksize, ksize)) / 4
    settings = {"size": size, "ksize": ksize, "stride": stride, "padding": padding}
    at = open_lesson(
        PATH, lang, **settings, dilation=dilation, x=format_grid(x), k=format_grid(kernel)
    )
    assert not at.exception
    assert not at.info
    given = stage(at)
    before, behind = sides = int(padding[0]), int(padding[-1])
    expected = {
        mode: scipys(x, kernel, stride, sides, dilation, mode)
        for mode in ("convolution", "correlation")
    }
    for mode, output in expected.items():
        np.testing.assert_allclose(given["outputs"][mode], output, atol=1e-12)
    read = np.zeros((size + before + behind,) * 2, bool)
    n, reach = len(expected["convolution"]), dilation * (ksize - 1) + 1
    for row in range(0, n * stride, stride):
        for column in range(0, n * stride, stride):
            read[row : row + reach : dilation, column : column + reach : dilation] = True
    np.testing.assert_array_equal(given["read"], read)
    unread = int((~read[before : before + size, before : before + size]).sum())
    rest = len(read) - (n - 1) * stride - reach
    sentence = {
        ("en", True): "The stride fits**, and every",
        ("en", False): f"**{unread} of {size**2}**",
        ("zh", True): "步长正好合适**，每个",
        ("zh", False): f"**{size**2}个中有{unread}个**",
    }
    assert sentence[lang, rest == unread == 0] in told(at)
    (formula,) = (latex.value for latex in at.latex)
    zeros = rf"2\cdot{before}" if before == behind else f"({before} + {behind})"
    assert rf"{{{size} + {zeros} - {dilation}({ksize}-1) - 1}}{{{stride}}}" in formula
    assert rf"+ 1 = {n}\end" in formula


@pytest.mark.parametrize("ksize", [1, 3, 5])
def test_the_ends_of_all_sliders_are_possible(ksize: int) -> None:
    """Every corner of the sliders' box, for the smallest and the largest input."""
    at = open_lesson(PATH, ksize=ksize)
    for size in (5, 8):
        at.text_input(key="size").set_value(str(size)).run()
        for stride in (1, 4):
            at.slider(key="stride-slider").set_value(stride).run()
            for name in ("dilation", "padding"):
                sliders = [slider for slider in at.slider if slider.key == f"{name}-slider"]
                assert len(sliders) == (ksize > 1 and (name == "padding" or ksize < 4))
                for slider in sliders:
                    slider.set_value(slider.max).run()
            assert not at.exception
            assert not at.info
            given = stage(at)
            reach = given["dilation"] * (ksize - 1)
            assert given["padding"] == [reach, reach]  # full: every window touches the input
            windows = len(range(0, size + reach, stride))
            assert np.shape(given["outputs"]["convolution"]) == (windows, windows)


def test_a_narrower_window_takes_the_padding_along() -> None:
    at = open_lesson(PATH, dilation=2, padding="3,4")
    for dilation, sides in ((1, [2, 2]), (2, [2, 2])):
        at.slider(key="dilation-slider").set_value(dilation).run()
        assert stage(at)["padding"] == sides
        assert not at.info


def test_named_paddings_are_set_and_seen_to_be_on() -> None:
    at = open_lesson(PATH, stride=1, ksize=4)
    assert choices(at, "named").value == ["valid · 0"]
    for option, sides, windows in (("same · 1 + 2", [1, 2], 8), ("full · 3", [3, 3], 11)):
        pick(at, "named", option)
        assert stage(at)["padding"] == sides
        assert len(stage(at)["outputs"]["convolution"]) == windows
        assert choices(at, "named").value == [option]
    choices(at, "named").set_value([]).run()  # another click on what is on changes nothing
    assert stage(at)["padding"] == [3, 3]
    assert choices(at, "named").value == ["full · 3"]
    at.slider(key="padding-slider").set_value(1).run()
    assert stage(at)["padding"] == [1, 1]
    assert choices(at, "named").value == []
    at.text_input(key="ksize").set_value("1").run()
    assert choices(at, "named").value == ["valid · 0", "same · 0", "full · 0"]


@pytest.mark.parametrize(
    ("ksize", "dilation", "stride"), [(3, 1, 2), (3, 2, 3), (2, 3, 3), (5, 1, 4)]
)
def test_each_padding_on_offer_leaves_nothing_over(ksize: int, dilation: int, stride: int) -> None:
    at = open_lesson(PATH, ksize=ksize, dilation=dilation, stride=stride)
    options = choices(at, "exact").options
    assert options
    for option in options:
        pick(at, "exact", option)
        assert choices(at, "exact").value == [option]
        given = stage(at)
        before, behind = given["padding"]
        assert option == (str(before) if before == behind else f"{before} + {behind}")
        last = (len(given["outputs"]["convolution"]) - 1) * stride
        assert last + dilation * (ksize - 1) + 1 == len(given["padded"])
        assert "**The stride does not fit.**" not in told(at)


def test_what_fits_always_or_never_is_said() -> None:
    assert "Stride 1 fits exactly with: **every padding**" in told(open_lesson(PATH, stride=1))
    never = open_lesson(PATH, ksize=1, stride=2)
    assert "Stride 2 fits exactly with: **no padding up to full**" in told(never)


def test_the_worked_example_and_scipys_numbers_beside_it() -> None:
    at = open_lesson(PATH, **CLASSIC)
    truth = scipys(pictures(5, 0)["classic"], kernels(3)["classic"], 2, (1, 1), 1, "correlation")
    assert truth.tolist() == [[6, 17, 3], [8, 17, 13], [6, 4, 4]]
    assert stage(at)["outputs"]["correlation"] == truth.tolist()
    assert not at.code or "correlate2d" not in "".join(code.value for code in at.code)
    at.session_state["elsewhere"] = True
    at.run()
    grids = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    shown = {grid["title"]: grid["values"] for grid in grids if "prints" in grid.get("title", "")}
    assert shown == {"CNN Lab prints": truth.tolist(), "SciPy prints": truth.tolist()}
    assert "Largest difference between CNN Lab and SciPy: **0**" in told(at)
    codes = [code.value for code in at.code]
    for line in ("stride=2, padding=1,", "np.pad(x, (1, 1))", "y = F.conv2d("):
        assert any(line in code for code in codes)


def test_the_prediction_is_about_another_stride() -> None:
    at = open_lesson(PATH)
    assert "At stride 2 the width of the output is 3. What is it at stride 3?" in told(at)
    at.number_input[0].set_value(3.0)
    (check,) = (button for button in at.button if button.label == "Check")
    check.click().run()
    assert "You said 3; it is **2**, 1 away." in told(at)
    at.slider(key="stride-slider").set_value(3).run()
    assert len(stage(at)["outputs"]["convolution"]) == 2


@pytest.mark.parametrize(
    ("setting", "text", "reason", "used"),
    [
        ("padding", "9", "not possible here (0 to 2)", [2, 2]),
        ("padding", "-1,1", "not possible here (0 to 2)", [0, 1]),
        ("padding", "1,1,1", "not a whole number", [0, 0]),
        ("padding", "1.5", "not a whole number", [0, 0]),
        ("dilation", "3", "not possible here (1 to 2)", [0, 0]),
        ("stride", "5", "not possible here (1 to 4)", [0, 0]),
    ],
)
def test_what_the_link_cannot_have_is_told_in_one_sentence(
    setting: str, text: str, reason: str, used: list[int]
) -> None:
    at = open_lesson(PATH, **{setting: text})
    assert not at.exception
    (notice,) = at.info
    assert f"{setting}={text}" in notice.value
    assert reason in notice.value
    assert stage(at)["padding"] == used
