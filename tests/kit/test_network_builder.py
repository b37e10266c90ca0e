"""The builder offers only networks that fit, shows what they cost, and says what was chosen."""

from typing import Any

import pytest

from pages.kit.components import network_builder as builder
from pages.kit.language import speaking
from pages.kit.trainer.architecture import IMAGE_SHAPES, parse, presets


class Page:
    """What the browser would get, and what it may send back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, data: str, text: str, lang: str = "en"):
        self.heard: list[str] = []
        mounts: list[dict[str, Any]] = []
        monkeypatch.setattr(builder, "_builder", lambda **given: mounts.append(given))
        self.shape = IMAGE_SHAPES[data]
        with speaking(lang):
            builder.network_builder(
                parse(text, self.shape),
                self.shape,
                2 if data == "xo" else 10,
                key="trial",
                on_change=self.heard.append,
            )
        (mount,) = mounts
        self.data, self.text, self.key = mount["data"], mount["text"], mount["key"]
        self._change = mount["on"]["change"]

    def send(self, payload: object) -> list[str]:
        with speaking("en"):
            self._change(payload)
        return self.heard

    def offered(self) -> set[str]:
        """Every text that a change can send."""
        return {
            *(text for p in self.data["pickers"].values() for _value, _words, text in p["options"]),
            *(move["text"] for move in self.data["moves"].values() if move["text"]),
            *(preset["text"] for preset in self.data["presets"]),
        }


@pytest.mark.parametrize("data", IMAGE_SHAPES)
@pytest.mark.parametrize("name", ["classic", "lenet", "one", "deep", "wide"])
def test_whatever_is_chosen_fits_and_is_told_to_the_page(monkeypatch, data, name) -> None:
    page = Page(monkeypatch, data, presets(data)[name])
    for picker in page.data["pickers"].values():
        (current,) = (text for value, _w, text in picker["options"] if value == picker["value"])
        assert current == page.data["network"]
    texts = sorted(page.offered())
    assert len(texts) > 25
    for text in texts:
        page.send(text)
    assert page.heard == texts


def test_a_text_that_nobody_offers_is_not_told(monkeypatch) -> None:
    page = Page(monkeypatch, "digits", "relu.8k3p1-max")
    nonsense: tuple[object, ...] = (
        "",
        "relu.32k7p3.32k7p3.f256",
        "relu.8k9",
        None,
        7,
        ["relu.8k3"],
        {},
        "x" * 10**5,
    )
    for payload in nonsense:
        assert page.send(payload) == []


def test_cards_show_shapes_and_what_is_learned(monkeypatch) -> None:
    page = Page(monkeypatch, "mnist", "tanh.6k5p2-sub.16k5s2.f84")
    first, second, hidden, scores = page.data["cards"]
    assert page.data["image"]["size"] == "1×28×28"
    assert first["steps"] == [
        {"formula": "(5·5·1 + 1)·6", "total": "156"},
        {"activation": "tanh", "shape": "6×28×28"},
    ]
    assert first["pool_steps"] == [
        {"formula": "2·6", "total": "12"},
        {"activation": "tanh", "shape": ""},
    ]
    assert [card["shape"] for card in page.data["cards"]] == [[6, 14, 14], [16, 5, 5], [84], [10]]
    assert (first["size"], first["parameters"]) == ("6×14×14", "168 parameters")
    assert first["sentence"] == (
        "Convolution 5×5 → 6×28×28 · 156 parameters, tanh → 6×28×28 · 0 parameters, "
        "Trainable pooling 2×2 → 6×14×14 · 12 parameters, tanh → 6×14×14 · 0 parameters"
    )
    assert (second["size"], second["pool_steps"]) == ("16×5×5", [])
    assert hidden["flatten"] == ["Flatten", "16·5·5 = 400"]
    assert (hidden["title"], hidden["size"], hidden["parameters"]) == (
        *("FC layer 1", "84", "33,684 parameters"),
    )
    assert (scores["title"], scores["size"], scores["flatten"]) == ("Scores", "10", None)
    assert scores["steps"] == [{"formula": "(84 + 1)·10", "total": "850"}]
    assert page.data["total"] == f"{168 + 2416 + 33684 + 850:,} parameters in all"
    connections = 784 * 156 + 196 * 6 * 5 + 25 * 2416 + 33684 + 850
    assert page.data["connections"] == f"{connections:,} connections for each image"


def test_a_network_without_hidden_layers_is_flattened_before_the_scores(monkeypatch) -> None:
    conv, scores = Page(monkeypatch, "xo", "relu.4k3-max").data["cards"]
    assert (conv["kind"], scores["kind"]) == ("conv", "scores")
    assert scores["flatten"] == ["Flatten", "4·3·3 = 36"]
    assert scores["parameters"] == "74 parameters"


def test_moves_that_are_not_possible_say_why(monkeypatch) -> None:
    moves = Page(monkeypatch, "xo", "relu.4k3").data["moves"]
    assert moves["fewer-conv1"]["text"] is None
    assert moves["fewer-conv1"]["why"] == "One convolution has to stay."
    assert moves["more-conv"]["text"] == "relu.4k3.8k3p1-max"
    moves = Page(monkeypatch, "mnist", "relu.8k3.8k3.8k3-max.f4.f4").data["moves"]
    assert moves["more-conv"] == {
        "label": "Convolution",
        "text": None,
        "why": "There can be no more than 3 of them.",
    }
    assert moves["more-dense"]["why"] == "There can be no more than 2 of them."
    assert moves["fewer-dense2"] == {
        "label": "Remove: FC layer 2",
        "text": "relu.8k3.8k3.8k3-max.f4",
        "why": "The network would no longer fit.",
    }
    moves = Page(monkeypatch, "mnist", presets("mnist")["lenet"]).data["moves"]
    assert moves["fewer-conv1"]["text"] is None
    assert moves["fewer-conv1"]["why"] == "The network would no longer fit."


@pytest.mark.parametrize(
    ("lang", "name"), [("en", "Convolution 2: kernel"), ("zh", "卷积层2：卷积核")]
)
def test_every_control_has_a_name_of_its_own(monkeypatch, lang, name) -> None:
    pickers = Page(monkeypatch, "mnist", presets("mnist")["lenet"], lang).data["pickers"]
    names = {picker["name"] for picker in pickers.values()}
    assert len(names) == len(pickers) == 1 + 2 * 5 + 2
    assert pickers["conv2-kernel"]["name"] == name


def test_it_speaks_chinese(monkeypatch) -> None:
    page = Page(monkeypatch, "mnist", presets("mnist")["lenet"], "zh")
    assert page.text["presets"] == "起点"
    assert page.data["cards"][0]["title"] == "卷积层1"
    assert [words for _v, words, _t in page.data["pickers"]["conv1-pool"]["options"]] == [
        *("2×2最大池化", "2×2平均池化", "2×2可训练池化"),
    ]
