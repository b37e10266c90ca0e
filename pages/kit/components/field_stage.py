"""An image, the maps of two chains of layers, and what a cell of either sees of the image.

The reader picks a cell in any map, or a place on the image; the script frames what it sees there
and on every map between. Which of these pixels matter is asked while the pointer moves (`direct`).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnn_core import receptive_field
from pages.kit import direct, journey
from pages.kit.chains import DEPTHS, Chain, Effect, Maps, Place, effect
from pages.kit.components import pack, register
from pages.kit.controls import Numbers, UnusableError, store
from pages.kit.language import N_, _

_stage = register("field_stage", "network_maps", "field_paint")

PIXELS = {"off": N_("off"), "one": N_("this image"), "mean": N_("{count} test images")}
COUNT = 50  # test images: an answer in a twentieth of a second
WAYS = ("with", "without")
OPEN = DEPTHS.index("pool1")  # what lies deeper would answer the question


def field_stage(
    image: Maps,
    chains: Mapping[str, Chain],
    *,
    title: str,
    layer: str,
    way: str,
    spot: Numbers,
    pixels: str,
    hidden: bool,
) -> None:
    """Show `image` (1, H, W) on its way through the `chains`, named as in `WAYS`.

    What is looked at: the cell of the chain `way` at the place `layer` whose view has its middle at
    `spot` (down, right); and of which images the effect of each `pixels` is shown. With `hidden`
    the places that answer the question stay closed.
    """
    walks = {name: chain.walk(image) for name, chain in chains.items()}
    channels = strongest(walks["with"])

    def answer(texts: Mapping[str, str]) -> bytes:
        return _effect(texts, chains, image, channels)

    arrays = {"picture": np.ascontiguousarray(image[0], np.float32)}
    for name, maps in walks.items():
        for place, values in maps.items():
            if place != "input":
                arrays[f"{name}-{place}"] = np.ascontiguousarray(values[channels[place]])
    _stage(
        key="field-stage",
        data={
            "title": title,
            "chains": {name: _chain(name, chain, channels) for name, chain in chains.items()},
            "depths": DEPTHS,
            "open": OPEN if hidden else len(DEPTHS) - 1,
            "layer": layer,
            "way": way,
            "spot": spot[0],
            "choices": {name: _(label).format(count=COUNT) for name, label in PIXELS.items()},
            "pixels": pixels,
            "direct": direct.address("field-stage", answer),
        },
        arrays=arrays,
        text=_words(),
        on={"pick": _pick, "pixels": _choose},
    )


def strongest(maps: Mapping[str, Maps]) -> dict[str, int]:
    """Which map is shown at each place: behind each convolution the one with the largest sum."""
    largest = {
        name[-1]: int(values.sum(axis=(1, 2)).argmax())
        for name, values in maps.items()
        if name.startswith("conv")
    }
    return {name: largest[name[-1]] for name in DEPTHS[1:]}


def _pick(picked: Mapping[str, Any]) -> None:
    spot = np.array([picked["spot"]], dtype=float)
    if picked["layer"] in DEPTHS and picked["way"] in WAYS and spot.shape == (1, 2):
        store("layer", picked["layer"])
        store("way", picked["way"])
        store("spot", spot)


def _choose(pixels: str) -> None:
    if pixels in PIXELS:
        store("pixels", pixels)


# ------------------------------------------------------------------ which pixels matter


def _effect(
    texts: Mapping[str, str], chains: Mapping[str, Chain], image: Maps, channels: Mapping[str, int]
) -> bytes:
    """The answer while the pointer moves: the effect of every pixel on one cell."""
    try:
        chain, layer = chains[texts["way"]], texts["layer"]
        place = chain.places[[each.name for each in chain.places].index(layer)]
        row, column = (int(text) for text in texts["cell"].split(","))
    except (KeyError, ValueError) as error:
        raise UnusableError("which names no cell") from error
    if layer == "input" or not (0 <= row < place.shape[1] and 0 <= column < place.shape[2]):
        raise UnusableError("which names no cell")
    images = image[None] if texts.get("pixels") == "one" else sample()
    found = effect(chain, layer, images, channels[layer], (row, column))
    fields = {"asked": texts.get("asked", ""), "measured": _measured(found)}
    return pack(fields, {"effect": found.pixels.astype(np.float32)}, {})


def sample() -> Maps:
    """Test images (N, 1, H, W) over which the effect is averaged."""
    return np.asarray(journey.test_set("mnist").test_images[:COUNT])


def _measured(found: Effect) -> dict[str, Any]:
    if not found.reached:
        return {"half": 0, "sentence": _("The cell is 0: its ReLU is shut, and no pixel matters.")}
    sentence = _(
        "|∂cell/∂pixel| is not 0 for {reached} of the {inside} pixels in the frame; outside it is "
        "at most {outside}. Half of it lies in the middle {half}×{half} (dotted); if all pixels "
        "counted alike, in {even}×{even}."
    )
    return {
        "half": found.half,
        "sentence": sentence.format(
            reached=found.reached,
            inside=found.inside,
            outside=f"{found.outside:.2g}",
            half=found.half,
            even=found.even_half,
        ),
    }


# ------------------------------------------------------------------ words


def _chain(name: str, chain: Chain, channels: Mapping[str, int]) -> dict[str, Any]:
    places = chain.places
    return {
        "title": _title(chain),
        "places": [_place(chain, number, channels) for number in range(len(places))],
        "values": chain.values,
        "dense": chain.dense_parameters,
        "flat": "·".join(map(str, places[-1].shape)),
    }


def _title(chain: Chain) -> str:
    titles = {
        "max": _("With max pooling {size}×{size}"),
        "average": _("With average pooling {size}×{size}"),
        "stride": _("With stride {size} instead of pooling"),
        "none": _("Without pooling"),
    }
    return titles[chain.shrink].format(size=chain.size)


def _place(chain: Chain, number: int, channels: Mapping[str, int]) -> dict[str, Any]:
    """A place for the script: what leads there, and what a cell sees of every place before it."""
    place = chain.places[number]
    described: dict[str, Any] = {
        "name": place.name,
        "shape": place.shape,
        "views": [place.sees(since) for since in range(number + 1)],
    }
    if number:
        described |= {
            "operation": _operation(chain, place),
            "parameters": _("{count} parameters").format(count=f"{place.parameters:,}"),
            "map": channels[place.name] + 1,
            "rule": rule(place),
        }
    return described


def _operation(chain: Chain, place: Place) -> str:
    size, stride, _padding = place.windows[-1]
    if place.name.startswith("pool"):
        is_max = chain.shrink == "max"
        pooling = _("Max pooling {size}×{size}") if is_max else _("Average {size}×{size}")
        return pooling.format(size=size)
    convolution = _("Convolution {size}×{size}").format(size=size)
    return convolution if stride == 1 else f"{convolution}, {_('stride')} {stride}"


def rule(place: Place) -> tuple[str, str]:
    """How the step to a place makes the view grow: r ← r + (F − 1)·j, j ← j·S."""
    size, stride, _padding = place.windows[-1]
    before, after = receptive_field(place.windows[:-1]), place.sees()
    return (
        f"r = {before.size} + ({size} − 1)·{before.stride} = {after.size}",
        f"j = {before.stride}·{stride} = {after.stride}",
    )


def _words() -> dict[str, str]:
    return {
        "sees": _("sees {size}×{size}"),
        "maps": _("{count} maps"),
        "map": _("map {number} of {count}"),
        "cell_sees": _(
            "{layer}, row {row}, column {column}: {value}. It sees {size}×{size} pixels."
        ),
        "pixel": _("A pixel"),
        "guess": _("your guess first"),
        "matter": _("Which pixels matter?"),
        "flatten": _("Fully connected"),
        "values": _("{values} values"),
        "parameters": _("parameters"),
        "times": _("{times}× as many"),
        "image": _("The image, and what the cell sees of it"),
    }
