"""How windows lie: sizes counted window by window, receptive fields by following what is seen."""

# mypy: disable-error-code="arg-type"

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnn_core import (
    fitting_paddings,
    leftover,
    output_size,
    receptive_field,
    same_padding,
    window_span,
)
from cnn_core.geometry import as_padding, as_pair, as_whole_number
from tests import reference
from tests.core.arrays import pairs


@st.composite
def axes(draw):
    """Draw a size, a kernel size, and settings with which the kernel fits."""
    kernel_size, dilation = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    padding = draw(pairs(0, 5))
    least = max(0, window_span(kernel_size, dilation) - sum(padding))
    settings = {"stride": draw(st.integers(1, 7)), "padding": padding, "dilation": dilation}
    return draw(st.integers(least, least + 20)), kernel_size, settings


@given(axes(), st.booleans())
def test_the_output_size_is_the_number_of_windows(axis, ceil_mode):
    size, kernel_size, settings = axis
    starts = reference.window_starts(size, kernel_size, **settings, ceil_mode=ceil_mode)
    assert output_size(size, kernel_size, **settings, ceil_mode=ceil_mode) == len(starts)


@given(axes())
def test_leftover_counts_what_lies_behind_the_last_window(axis):
    size, kernel_size, settings = axis
    last = reference.window_starts(size, kernel_size, **settings)[-1]
    end = last + window_span(kernel_size, settings["dilation"])
    behind = leftover(size, kernel_size, **settings)
    assert behind == size + settings["padding"][1] - end
    assert 0 <= behind < settings["stride"]


@pytest.mark.parametrize(
    ("size", "kernel_size", "settings", "expected"),
    [
        (28, 5, {"padding": 2}, 28),  # LeNet-5, C1
        (28, 2, {"stride": 2}, 14),  # S2
        (14, 5, {}, 10),  # C3
        (227, 11, {"stride": 4}, 55),  # AlexNet
        (3, 2, {"stride": 2}, 1),
        (3, 2, {"stride": 2, "ceil_mode": True}, 2),
        (4, 2, {"stride": 2, "ceil_mode": True}, 2),
        (5, 1, {"stride": 3, "ceil_mode": True}, 2),  # a third window would start behind the input
        (2, 2, {"stride": 2, "padding": 1, "ceil_mode": True}, 2),
        (3, 2, {"stride": 2, "padding": 1, "ceil_mode": True}, 2),
        (5, 2, {"stride": 3, "padding": (0, 1), "ceil_mode": True}, 2),
    ],
)
def test_known_sizes(size, kernel_size, settings, expected):
    assert output_size(size, kernel_size, **settings) == expected


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_a_kernel_larger_than_the_padded_input_is_an_error(ceil_mode):
    for function in (output_size, leftover):
        options = {"ceil_mode": ceil_mode} if function is output_size else {}
        with pytest.raises(
            ValueError,
            match=r"^`kernel_size` \(=7\) with `dilation` \(=2\) spans 13 cells, "
            r"but the padded input has only 8; use a smaller kernel or more `padding`\.$",
        ):
            function(6, 7, dilation=2, padding=1, **options)
        with pytest.raises(ValueError, match=r"^`kernel_size` \(=2\) spans 2 cells, .* only 1;"):
            function(1, 2, **options)


@pytest.mark.parametrize("value", [0, -3, 2.5, "2", None, (1, 2)], ids=str)
@pytest.mark.parametrize("name", ["kernel_size", "stride", "dilation"])
def test_settings_of_one_axis_are_whole_numbers_from_one(name, value):
    settings = {"kernel_size": 2, name: value}
    with pytest.raises(ValueError, match=re.escape(f"`{name}` (={value!r}) must be ")):
        output_size(5, **settings)


@pytest.mark.parametrize("size", [-1, 5.0, None, (5, 7)], ids=str)
def test_a_size_is_a_whole_number(size):
    with pytest.raises(ValueError, match=r"`size` \(="):
        output_size(size, 2)


@given(st.integers(1, 9), pairs(1, 9))
def test_pairs_may_be_written_in_several_ways(number, pair):
    assert as_pair("stride", number) == as_pair("stride", np.int64(number)) == (number, number)
    assert as_pair("stride", pair) == as_pair("stride", list(pair)) == pair


@given(pairs(0, 9), pairs(0, 9))
def test_padding_may_be_written_in_several_ways(vertical, horizontal):
    assert as_padding((vertical, horizontal)) == (vertical, horizontal)
    height, width = vertical
    assert as_padding(vertical) == ((height, height), (width, width))
    assert as_padding(height) == as_padding((height, height))
    assert as_padding([height, horizontal]) == ((height, height), horizontal)


@pytest.mark.parametrize("value", [2.5, "2", None, (1,), (1, 2, 3), (1, 2.5), {1, 2}], ids=str)
def test_what_is_no_pair_is_quoted(value):
    with pytest.raises(ValueError, match=r"^`stride` \(=.*\) must be a whole number or a pair"):
        as_pair("stride", value)


@pytest.mark.parametrize("value", [2.5, "22", None, (1, 2, 3), ((1, 2, 3), 1), (1, "2")], ids=str)
def test_what_is_no_padding_is_quoted(value):
    with pytest.raises(ValueError, match=r"^`padding` \(=.*\) must be a whole number"):
        as_padding(value)


def test_a_whole_number_may_be_numpys():
    assert as_whole_number("channels", np.uint8(3)) == 3
    with pytest.raises(ValueError, match=r"`channels` \(=3\.0\) must be a whole number"):
        as_whole_number("channels", 3.0)


# --- paddings that are asked for by what they do ---

FOUR = (st.integers(1, 20), st.integers(1, 6), st.integers(1, 5), st.integers(1, 4))


@given(*FOUR)
def test_same_padding_is_the_least_that_gives_every_step_its_window(size, kernel_size, stride, d):
    """That is what is promised; the windows are counted one by one."""
    before, after = same_padding(size, kernel_size, stride=stride, dilation=d)

    def windows(padding):
        return len(
            reference.window_starts(size, kernel_size, stride=stride, padding=padding, dilation=d)
        )

    wanted = len(range(0, size, stride))
    assert 0 <= after - before <= 1
    assert windows((before, after)) == wanted
    total = before + after
    if total and size + total > window_span(kernel_size, d):
        assert windows((0, total - 1)) < wanted


@pytest.mark.parametrize(
    ("size", "kernel_size", "settings", "expected"),
    [
        (28, 5, {}, (2, 2)),
        (28, 2, {}, (0, 1)),
        (6, 4, {}, (1, 2)),
        (7, 3, {"dilation": 2}, (2, 2)),
        (224, 7, {"stride": 2}, (2, 3)),  # ResNet's first layer, as TensorFlow pads it
        (5, 3, {"stride": 2}, (1, 1)),
        (9, 1, {"stride": 4}, (0, 0)),
        (9, 2, {"stride": 4}, (0, 1)),
        (5, 2, {"stride": 3}, (0, 0)),  # the windows leave gaps: there is nothing to fill
    ],
)
def test_known_same_paddings(size, kernel_size, settings, expected):
    assert same_padding(size, kernel_size, **settings) == expected


@given(*FOUR)
def test_fitting_paddings_are_all_that_leave_nothing_over(size, kernel_size, stride, d):
    full = d * (kernel_size - 1)
    expected = []
    for before in range(full + 1):
        for after in (before, before + 1):
            if after > full or size + before + after <= full:
                continue
            padding = (before, after)
            last = reference.window_starts(
                size, kernel_size, stride=stride, padding=padding, dilation=d
            )[-1]
            if last + full + 1 == size + after:
                expected.append(padding)
    assert fitting_paddings(size, kernel_size, stride=stride, dilation=d) == expected


def test_no_padding_may_fit():
    assert fitting_paddings(6, 1, stride=2) == []
    assert fitting_paddings(6, 2, stride=5) == [(0, 1)]


@pytest.mark.parametrize("function", [same_padding, fitting_paddings])
@pytest.mark.parametrize("name", ["size", "kernel_size", "stride", "dilation"])
@pytest.mark.parametrize("value", [0, 1.5, None], ids=str)
def test_settings_of_named_paddings_are_whole_numbers_from_one(function, name, value):
    settings = {"size": 5, "kernel_size": 2, name: value}
    with pytest.raises(ValueError, match=re.escape(f"`{name}` (={value!r}) must be ")):
        function(**settings)


# --- receptive fields ---


def cells_seen(layers, output):
    """Follow an output cell back through the layers to the input cells that it depends on."""
    cells = {output}
    for kernel_size, stride, padding, dilation in reversed(layers):
        cells = {c * stride - padding + k * dilation for c in cells for k in range(kernel_size)}
    return cells


@example([])
@example([(5, 1, 2, 1), (2, 2, 0, 1), (5, 1, 0, 1), (2, 2, 0, 1)])
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 2)),
        max_size=4,
    )
)
def test_a_receptive_field_spans_what_is_seen(layers):
    field = receptive_field(layers)
    first, second = cells_seen(layers, 0), cells_seen(layers, 1)
    assert field.start == min(first)
    assert field.size == max(first) - min(first) + 1
    assert field.stride == min(second) - min(first)


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([()], r"`layers` holds \(\); each is \(kernel_size, stride, padding, dilation\)"),
        ([(1, 2, 3, 4, 5)], r"`layers` holds \(1, 2, 3, 4, 5\)"),
        ([(0,)], r"`kernel_size` \(=0\) must be at least 1"),
        ([(3, 0)], r"`stride` \(=0\) must be at least 1"),
        ([(3, 1, -1)], r"`padding` \(=-1\) must be at least 0"),
        ([(3, 1, 0, 1.5)], r"`dilation` \(=1\.5\) must be a whole number"),
    ],
)
def test_impossible_layers_are_refused(layers, sentence):
    with pytest.raises(ValueError, match=sentence):
        receptive_field(layers)
