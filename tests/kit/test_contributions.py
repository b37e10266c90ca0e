"""Votes add up to the network's own scores, and the ink that fed them to the votes."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cnn_core import conv2d, load_pretrained, max_pool2d
from pages.kit import sheets
from pages.kit.contributions import Case, case_of, falls_after
from pages.kit.language import speaking
from pages.kit.reading import Reader, Reading

NAMES = ["mnist-4-1", "mnist-9-78", "mnist-2-0", "mnist-8-3"]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def read(reader: Reader, name: str, *, is_framed: bool = True) -> Reading:
    with speaking("en"):
        return reader.read(sheets.parse(name), is_framed=is_framed)


def drawing(seed: int) -> str:
    """The text of a small drawing near a corner; no two places of it look the same."""
    rng = np.random.default_rng(seed)
    pixels = np.zeros((28, 28), np.uint8)
    pixels[4:14, 5:8] = rng.integers(100, 256, (10, 3))
    pixels[4:6, 5:12] = rng.integers(100, 256, (2, 7))
    return sheets.drawn(pixels).name


def last_maps(image: np.ndarray) -> np.ndarray:
    """The 400 numbers in double precision, layer by layer with the core's plain functions."""
    state = {name: value.astype(float) for name, value in load_pretrained("mnist").state().items()}
    x = image[None, None].astype(float)
    for number, padding in ((1, 2), (2, 0)):
        x = conv2d(x, state[f"conv{number}.weight"], state[f"conv{number}.bias"], padding=padding)
        x = max_pool2d(np.maximum(x, 0), 2)
    return x.ravel()


@pytest.mark.parametrize("name", NAMES)
def test_votes_and_bias_are_the_networks_scores(reader: Reader, name: str) -> None:
    reading = read(reader, name)
    scores = load_pretrained("mnist").forward(reading.image[None, None])[0]
    np.testing.assert_allclose(reading.scores, scores, rtol=1e-4, atol=1e-4)
    for chosen in range(10):
        case = Case(reading, chosen)
        gain, loss, bias, total = case.sums
        assert gain >= 0 >= loss
        assert gain + loss == pytest.approx(case.votes.sum())
        assert total == pytest.approx(gain + loss + bias) == pytest.approx(scores[chosen], abs=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_against_a_rival_they_are_the_lead(reader: Reader, name: str) -> None:
    reading = read(reader, name)
    for rival in {0, 1, 2, 3} - {reading.winner}:
        case = Case(reading, reading.winner, rival)
        lead = reading.scores[reading.winner] - reading.scores[rival]
        assert case.sums.total == pytest.approx(lead)
        shares = case.probabilities
        assert math.exp(case.sums.total) == pytest.approx(shares[case.chosen] / shares[rival])


@pytest.mark.parametrize(("name", "is_framed"), [("mnist-4-1", True), ("", True), ("", False)])
def test_ink_and_biases_on_the_way_are_the_votes(
    reader: Reader, name: str, is_framed: bool
) -> None:
    """By Euler: z = Σ x·∂z/∂x + Σ b·∂z/∂b for a network of straight pieces."""
    reading = read(reader, name or drawing(1), is_framed=is_framed)
    case = Case(reading, reading.winner, reading.rival_of(reading.winner))
    (ink,) = case.inks(np.arange(400))
    network = load_pretrained("mnist")
    network.forward(reading.image[None, None])
    delta = np.zeros((1, 10), np.float32)
    delta[0, case.chosen], delta[0, case.rival or 0] = 1, -1
    gradient = network.backward(delta)
    assert gradient is not None
    assert ink.pixels.sum() == pytest.approx(float((gradient * reading.image).sum()), rel=1e-4)
    biases = [f"conv{number}.bias" for number in (1, 2)]
    rest = sum(float(network.grads[key] @ network.params[key]) for key in biases)
    assert ink.rest == pytest.approx(rest, abs=1e-3)
    assert ink.pixels.sum() + ink.rest == pytest.approx(case.votes.sum())
    assert not ink.pixels[reading.sheet.ink == 0].any()  # only ink can be lit


def test_the_ink_of_a_cell_is_what_a_small_change_of_the_drawing_says(reader: Reader) -> None:
    reading = read(reader, drawing(2))
    case = Case(reading, reading.winner)
    cell = int(case.strongest[0])
    (ink,) = case.inks(np.array([cell]))
    sheet, frame = reading.sheet.ink, reading.frame
    pixels = np.argwhere(sheet > 0)[::4]
    for row, column in pixels:
        step = np.zeros((28, 28))
        step[row, column] = 1e-6
        ahead, behind = (last_maps(frame.apply(sheet + s))[cell] for s in (step, -step))
        slope = (ahead - behind) / 2e-6
        expected = sheet[row, column] * slope * case.weight[cell]
        assert ink.pixels[row, column] == pytest.approx(expected, abs=1e-3)
    assert np.abs(ink.pixels).max() > 0.1


def test_cells_and_pixels_are_two_sides_of_one_table(reader: Reader) -> None:
    reading = read(reader, drawing(3))
    case = Case(reading, reading.winner, silent=2)
    cells = np.arange(400)
    (ink,) = case.inks(cells)
    by_pixel = [[case.weight @ case.fed_by(row, column) for column in range(28)] for row in (5, 9)]
    np.testing.assert_allclose(by_pixel, ink.pixels[[5, 9]], atol=1e-4)
    (one,) = case.inks(case.strongest[:1])
    cell = case.strongest[0]
    np.testing.assert_allclose(case.weight[cell] * reading.fed[cell], one.pixels, atol=1e-4)


@pytest.mark.parametrize("name", [*NAMES, "mnist-1-0", "mnist-7-5"])
def test_silenced_votes_are_the_strongest_and_are_gone_for_all_classes(
    reader: Reader, name: str
) -> None:
    reading = read(reader, name)
    network = load_pretrained("mnist").state()
    weight, bias = (network[f"affine1.{key}"].astype(float) for key in ("weight", "bias"))
    numbers = reading.numbers.copy()
    winner = int((weight @ numbers + bias).argmax())
    ranking = sorted(range(400), key=lambda cell: -weight[winner, cell] * numbers[cell])
    for count in range(1, 60):
        numbers[ranking[count - 1]] = 0
        scores = weight @ numbers + bias
        case = Case(reading, winner, silent=count)
        np.testing.assert_allclose(case.scores, scores, atol=1e-9)
        assert case.strongest.tolist() == ranking[count : count + 5]
        if scores.argmax() != winner:
            assert falls_after(reading) == count
            return
    pytest.fail("The verdict never fell.")


@pytest.mark.parametrize("value", [0, 255])
def test_a_sheet_without_a_stroke_has_no_strongest_votes(reader: Reader, value: int) -> None:
    sheet = sheets.drawn(np.full((28, 28), value, np.uint8))
    reading = reader.read(sheet, is_framed=True)
    scores = load_pretrained("mnist").forward(np.full((1, 1, 28, 28), value / 255, np.float32))[0]
    np.testing.assert_allclose(reading.scores, scores, atol=1e-5)
    assert Case(reading, reading.winner).strongest.size == 0


def test_who_is_compared_with_whom(reader: Reader) -> None:
    reading = read(reader, "mnist-9-78")
    first, second = np.argsort(-reading.scores)[:2].tolist()
    roles = {
        ("winner", "nobody"): (first, None),
        ("winner", "next"): (first, second),
        ("winner", str(first)): (first, second),  # nobody leads over himself
        (str(second), "next"): (second, first),
        ("3", "5"): (3, 5),
    }
    for (chosen, rival), expected in roles.items():
        case = case_of(reading, chosen, rival)
        assert (case.chosen, case.rival) == expected


def test_two_may_ask_at_the_same_time(reader: Reader) -> None:
    """A page's run and a moving pen share a network whose layers remember."""
    names = [drawing(seed) for seed in range(6)] * 4
    alone = {name: Case(read(Reader(), name), 3).inks(np.arange(400))[0] for name in set(names)}

    def ask(name: str) -> bool:
        (ink,) = Case(read(reader, name), 3).inks(np.arange(400))
        return bool(np.allclose(ink.pixels, alone[name].pixels, atol=1e-4))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, names))
