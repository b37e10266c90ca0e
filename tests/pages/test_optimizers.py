"""/optimizers: the race and its counts, the secret, L-BFGS's iterations, seeds, links, words."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import build_network, evaluate
from pages.kit import direct
from pages.kit.optimizer_race import LANES, dataset
from pages.kit.optimizer_seeds import duel
from tests.pages.lesson import open_lesson, skip, unpacked

LESSON = "learning/optimizers.py"
Message = tuple[dict[str, Any], dict[str, np.ndarray]]


def mounted(at: AppTest, sign: str = "inside") -> Message:
    """What the component got that has a field of this name: inside (the stage) or done (seeds)."""
    assert not at.exception
    packed = [component.proto.bytes for component in at.get("bidi_component")]
    (raw,) = (each for each in packed if f'"{sign}":'.encode() in each)
    data = unpacked(raw)
    return data, data["arrays"]


def ask(at: AppTest, sign: str = "inside", **texts: str) -> Message:
    """What a component's address answers, as the browser would ask it."""
    token = mounted(at, sign)[0]["direct"].removeprefix("direct/")
    data = unpacked(direct.ask(token, texts))
    return data, data["arrays"]


def until(at: AppTest, done: Callable[[dict[str, Any]], bool]) -> Message:
    """How the race stands after the lap with which `done` is true: a busy machine needs more."""
    for wish in range(1, 150):
        fields, arrays = ask(at, verb="epoch", id=str(wish))
        if done(fields):
            return fields, arrays
    raise AssertionError("The race ended first.")


def column(fields: dict[str, Any], name: str) -> int:
    place: int = fields["measures"].index(name)
    return place


@pytest.mark.parametrize(("data", "seed"), [("digits", 0), ("xo", 5)])
def test_all_four_stand_at_the_same_start(data: str, seed: int) -> None:
    fields, arrays = mounted(open_lesson(LESSON, set=data, seed=seed))
    model = build_network(data, rng=np.random.default_rng(seed))
    images = dataset(data)
    loss, right = evaluate(model, images.train_images, images.train_labels)
    unseen = evaluate(model, images.test_images, images.test_labels)[1]
    wanted = {"steps": 0, "evaluations": 0, "images": 0, "seconds": 0.0, "train_loss": loss}
    wanted |= {"train_accuracy": right, "test_accuracy": unseen}
    assert fields["measures"] == list(wanted)
    for lane in range(4):
        assert arrays[f"lane-{lane}"].shape == (7, 1)
        np.testing.assert_allclose(arrays[f"lane-{lane}"][:, 0], list(wanted.values()), rtol=1e-6)
    assert [lane["name"] for lane in fields["race"]["lanes"]] == list(LANES)
    assert fields["inside"] is None


def test_a_lap_is_counted_in_steps_evaluations_images_and_seconds() -> None:
    at = open_lesson(LESSON, batch=128)
    start, _arrays = mounted(at)
    fields, arrays = ask(at, verb="epoch", id="1")
    assert (fields["race"]["epoch"], fields["race"]["epochs"]) == (20, 3000)
    places = [column(start, name) for name in ("steps", "evaluations", "images", "seconds")]
    for lane in range(4):
        steps, evaluations, images, seconds = arrays[f"lane-{lane}"][places, -1]
        assert seconds >= 0.02
        full, rest = divmod(int(evaluations), 11)  # eleven batches are an epoch, the last has 67
        if lane < 3:
            assert evaluations == steps
            assert images == full * 1347 + rest * 128
        else:
            assert evaluations > steps
            assert images == evaluations * 1347


def test_a_goal_is_told_by_the_place_where_it_was_first_reached() -> None:
    at = open_lesson(LESSON, set="xo")
    start, _arrays = mounted(at)
    fields, arrays = until(at, lambda fields: fields["race"]["lanes"][0]["reached"][2] is not None)
    for lane, told in enumerate(fields["race"]["lanes"]):
        losses = arrays[f"lane-{lane}"][column(start, "train_loss")]
        for goal, place in zip(start["goals"], told["reached"], strict=True):
            found = np.flatnonzero(losses <= float(goal))
            assert place == (found[0] if len(found) else None)


def test_an_iteration_is_told_trial_by_trial_and_its_curve_when_asked() -> None:
    at = open_lesson(LESSON, set="xo", m=3)
    fields, arrays = until(at, lambda fields: fields["inside"]["count"] > 5)
    inside = fields["inside"]
    count = inside["count"]
    assert inside["number"] == count
    assert (fields["cut_of"], "cut" in arrays) == (0, False)
    assert arrays["pairs"].shape == (2, count)
    assert len(inside["memory"]) == inside["used"] == 3

    fields, arrays = ask(at, iteration="2", cut="1")
    inside = fields["inside"]
    assert (inside["number"], inside["count"], fields["cut_of"]) == (2, count, 2)
    assert (inside["used"], inside["memory"]) == (1, [1, 2])
    assert inside["curvature"] == pytest.approx(arrays["pairs"][0, 1], rel=1e-6)
    steps, losses, _every = arrays["cut"]
    assert losses[np.abs(steps).argmin()] == pytest.approx(inside["before"], rel=1e-5)
    (taken,) = (trial for trial in inside["trials"] if trial["accepted"])
    assert taken["step"] == inside["step"]
    assert taken["loss"] == inside["loss"] < inside["before"]
    assert losses[np.abs(steps - taken["step"]).argmin()] == pytest.approx(taken["loss"], rel=1e-4)

    for nonsense in ("99999", "-1", "x"):
        assert ask(at, iteration=nonsense, cut="1")[0]["inside"]["number"] == count


def test_a_race_that_was_changed_starts_again_and_a_view_does_not_change_it() -> None:
    at = open_lesson(LESSON, set="xo")
    ask(at, verb="epoch", id="1")
    at.query_params["lang"] = "zh"
    assert mounted(at.run())[0]["race"]["epoch"] == 2
    fields, _arrays = mounted(at.text_input(key="axis").set_value("images").run())
    assert (fields["axis"], fields["race"]["epoch"]) == ("images", 2)
    fields, _arrays = mounted(at.text_input(key="goal").set_value("0.001").run())
    assert (fields["goals"][fields["goal"]], fields["race"]["epoch"]) == ("0.001", 2)
    fields, _arrays = mounted(at.text_input(key="m").set_value("20").run())
    assert (fields["choices"]["m"]["value"], fields["race"]["epoch"]) == ("20", 0)


def test_a_network_that_diverges_stops_with_a_sentence() -> None:
    at = open_lesson(LESSON, set="xo", sgd=10)
    fields, arrays = until(at, lambda fields: fields["race"]["lanes"][0]["trouble"] != "")
    troubles = [lane["trouble"] for lane in fields["race"]["lanes"]]
    assert re.fullmatch(r"SGD: after step \d+ the loss was no longer a number.*", troubles[0])
    assert troubles[1:] == ["", "", ""]
    assert np.isfinite(arrays["lane-0"]).all()
    assert not fields["race"]["over"]


def test_five_seeds_are_raced_when_somebody_asks_and_only_then() -> None:
    at = open_lesson(LESSON, set="xo", sgd=0.1, goal=0.3)
    fields, arrays = mounted(at, "done")
    assert (fields["done"], fields["seeds"], arrays["ends"].shape) == (0, 0, (4, 2, 0))
    assert ask(at, "done")[0]["done"] == 0
    while not fields["seeds"]:
        fields, arrays = ask(at, "done", verb="try")
    assert fields["done"] >= 100
    assert arrays["ends"].shape == (4, 2, 1)
    for lane, told in enumerate(fields["lanes"]):
        loss, unseen = arrays["ends"][lane, :, 0]
        assert told["train_loss"] == pytest.approx(loss)
        assert told["test"] == told["least"] == told["most"] == pytest.approx(unseen)
        assert told["reached"] == 1
        assert 0 < told["seconds"] < 0.2
    # Another reader finds what is known; other settings have races of their own.
    assert mounted(open_lesson(LESSON, set="xo", sgd=0.1), "done")[0]["seeds"] == 1
    assert mounted(open_lesson(LESSON, set="xo", sgd=0.03), "done")[0]["done"] == 0


# ---------------------------------------------------------------- words and links


@pytest.mark.parametrize(("lang", "winner"), [("en", "SGD, momentum 0.9"), ("zh", "SGD，动量0.9")])
def test_the_duel_is_a_secret_until_somebody_guessed(lang: str, winner: str) -> None:
    at = open_lesson(LESSON, lang)
    unit = {"en": "ms of training each", "zh": "各训练"}[lang]
    assert not any(unit in each.value for each in at.markdown)
    at = skip(at)
    assert any(f"**{winner}**" in each.value for each in at.markdown)
    (reveal,) = (each.value for each in at.markdown if unit in each.value)
    race = duel()
    told = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", reveal)]
    wanted = [
        1000 * race.seconds,
        race.losses["momentum"],
        100 * race.accuracies["momentum"],
        race.losses["lbfgs"],
        100 * race.accuracies["lbfgs"],
    ]
    np.testing.assert_allclose(told, wanted, rtol=0.05, atol=0.5)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_words_hold_live_numbers_and_name_the_papers(lang: str) -> None:
    text = "\n".join(each.value for each in open_lesson(LESSON, lang).markdown)
    for number in ("1,347", "1,898", "42"):
        assert number in text
    for paper in (
        "On optimization methods for deep learning",
        "On the importance of initialization and momentum in deep learning",
        "Optimization methods for large-scale machine learning",
        "Berahas",
        "Bollapragada",
        "0.69%",
    ):
        assert paper in text


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "setting",
    [
        {"set": "mnist"},
        {"sgd": "0.2"},
        {"mom": ""},
        {"adam": "nan"},
        {"batch": "0"},
        {"m": "7"},
        {"lbatch": "32"},
        {"seed": "1e9"},
        {"axis": "hours"},
        {"goal": "0"},
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(setting: dict[str, str], lang: str) -> None:
    at = open_lesson(LESSON, lang, **setting)
    fields, _arrays = mounted(at)
    chosen = {key: choice["value"] for key, choice in fields["choices"].items()}
    assert chosen == {
        "set": "digits",
        "sgd": "0.3",
        "mom": "0.03",
        "adam": "0.01",
        "batch": "32",
        "m": "10",
        "lbatch": "all",
    }
    assert (fields["seed"], fields["axis"], fields["goals"][fields["goal"]]) == (
        0,
        "seconds",
        "0.1",
    )
    assert len(at.info) == 1
    assert next(iter(setting)) in at.info[0].value


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_link_to_try_is_a_race_that_starts(lang: str) -> None:
    at = open_lesson(LESSON, lang)
    (links,) = (
        component.proto.json
        for component in at.get("bidi_component")
        if '"links"' in component.proto.json
    )
    hrefs = re.findall(r"/optimizers\?([^\"]+)", links)
    assert len(hrefs) == 6
    for href in hrefs:
        settings = dict(part.split("=") for part in href.split("&"))
        settings.pop("lang")
        tried = open_lesson(LESSON, lang, **settings)
        assert not tried.info
        fields, _arrays = ask(tried, verb="epoch", id="1")
        assert fields["inside"]["count"] >= 1
