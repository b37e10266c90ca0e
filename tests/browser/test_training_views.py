"""Below the curves of a training: every view shows what cnn_core alone finds out, by any hand."""

import itertools
import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from cnn_core import SGD, Sequential, build_network, confusion_matrix, fit, softmax
from pages.kit.trainer.setup import dataset
from pages.kit.trainer.views import VIEW_NAMES
from pages.kit.trainer.views.ink import means, on_the_field
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/training"
PEN = 1.7  # how far the pen's ink reaches, in pixels of the pad
PAD = 32
STAYS_CHOSEN = """async tab => {
  for (let i = 0; i < 60; i++) {
    await new Promise(requestAnimationFrame);
    if (tab.ariaSelected !== "true") return false;
  }
  return true;
}"""


def oracle(steps: int) -> Sequential:
    """The usual network after some steps, by cnn_core alone."""
    rng = np.random.default_rng(0)
    model = build_network("digits", rng=rng)
    run = fit(model, dataset("digits"), optimizer=SGD(0.05, 0.9), batch_size=50, epochs=50, rng=rng)
    list(itertools.islice(run, steps))
    return model


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name, exact=True)


def step(page: Page, count: int) -> None:
    """Make some steps by hand and wait until they are drawn."""
    for _ in range(count):
        page.get_by_role("button", name="One step", exact=True).click()
        rest(page)


def rest(page: Page) -> None:
    """Wait until the server has heard every wish, and what it answered is drawn."""
    expect(page.locator(".training-bar[data-busy]")).to_have_count(0)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def shares(page: Page) -> list[float]:
    """The bars' numbers, from 0 to 1."""
    texts = page.locator(".answer-bars .share").all_inner_texts()
    return [float(text.removesuffix("%")) / 100 for text in texts]


def test_from_the_matrix_to_an_image_to_one_number_of_a_map(page: Page) -> None:
    visit(page, PATH, lang="en", show="mistakes")
    expect(page.locator(".secret-note")).to_be_visible()  # somebody is to guess how much is right
    expect(page.locator(".matrix, .wrong-tile").locator("visible=true")).to_have_count(0)
    step(page, 3)
    data, model = dataset("digits"), oracle(3)
    said = model.forward(data.test_images).argmax(axis=1)
    table = confusion_matrix(data.test_labels, said, 10)
    texts = page.locator(".cell-of").all_inner_texts()
    assert [int(text or 0) for text in texts] == table.ravel().tolist()

    # By keyboard: the arrows choose a cell, and its images appear; Escape gives the choice back.
    page.locator(".matrix").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.locator(".cell-of.chosen")).to_have_id("confusion-1-1")
    expect(page.locator(".wrong-ones b").first).to_have_text("1 read correctly")
    page.keyboard.press("Escape")
    expect(page.locator(".wrong-ones b").first).to_have_text("The worst mistakes")
    row, column = np.argwhere((table > 0) & ~np.eye(10, dtype=bool))[0].tolist()
    page.locator(f"#confusion-{row}-{column}").click()
    tiles = page.locator(".wrong-tile")
    expect(tiles).to_have_count(min(30, int(table[row, column])))
    expect(tiles.first.locator("b")).to_have_text(f"{row} → {column}")

    # A click on an image shows it inside the network, and the link names it.
    tiles.first.click()
    expect(tab(page, "Inside")).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile(r"image=\d+"))
    settle(page)
    image = int(settings(page).get("image", 0))
    assert (data.test_labels[image], said[image]) == (row, column)
    expect(page.locator(".image-thumb[aria-pressed=true]")).to_contain_text(str(row))
    outputs = dict(model.trace(data.test_images[image][None]))
    np.testing.assert_allclose(shares(page), softmax(outputs["affine1"][0]), atol=0.00051)
    first_map = page.locator("canvas.maps").first
    first_map.hover(position={"x": 20, "y": 20})
    note = page.locator(".map-row small").first
    expect(note).to_have_text(re.compile(r"map 1, row \d, column \d: [\d.]"))
    found = re.findall(r"[\d.]+", note.inner_text())
    r, c = int(found[1]) - 1, int(found[2]) - 1
    assert float(found[3]) == float(f"{outputs['relu1'][0, 0, r, c]:.3g}")

    # The tabs go by keyboard, too.
    tab(page, "Inside").focus()
    page.keyboard.press("ArrowRight")
    expect(tab(page, "Layer by layer")).to_be_focused()
    expect(page.locator(".layer-row:not(.layer-head)")).to_have_count(len(model.layers))
    expect(page).to_have_url(re.compile("show=layers"))


def dots(*places: tuple[int, int]) -> np.ndarray:
    """What the pen leaves on the pad where it is set down at some pixels (row, column)."""
    rows, columns = np.indices((PAD, PAD))
    ink = np.zeros((PAD, PAD))
    for row, column in places:
        ink = np.maximum(ink, np.clip(PEN - np.hypot(rows - row, columns - column), 0, 1))
    return np.floor(255 * ink + 0.5) / 255


def test_a_drawing_is_read_while_the_network_learns_and_goes_inside(page: Page) -> None:
    visit(page, PATH, lang="en", show="draw")
    expect(page.locator(".verdict")).to_contain_text("The pad is blank")
    page.locator("canvas.pad").focus()
    places = [(16 + down, 16) for down in range(0, 12, 2)]
    for _ in places:
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
    expect(page.locator(".verdict")).to_contain_text("?")  # before anybody has guessed
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".verdict b")).to_have_text(re.compile(r"\d"))  # while it learns
    tab(page, "Mistakes").click()
    assert page.evaluate(STAYS_CHOSEN, tab(page, "Mistakes").element_handle())
    tab(page, "Draw").click()
    page.get_by_role("button", name="Pause", exact=True).click()
    rest(page)

    steps = int(page.locator(".fact.progress b").inner_text().replace(",", ""))
    field = on_the_field(dots(*places))
    image = means(field, (0, PAD), (0, PAD), 8).astype(np.float32)
    expected = softmax(oracle(steps).forward(image[None, None])[0])
    np.testing.assert_allclose(shares(page), expected, atol=0.00051)
    expect(page.locator(".verdict b")).to_have_text(str(expected.argmax()))

    # It stays, and goes through the network like any other image.
    tab(page, "Inside").click()
    page.get_by_role("button", name="Your drawing").click()
    expect(page.locator(".answer-words")).to_contain_text("reads your drawing as")
    np.testing.assert_allclose(shares(page), expected, atol=0.00051)
    tab(page, "Draw").click()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator(".verdict")).to_contain_text("The pad is blank")


def test_on_a_phone_every_view_has_room(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", net="wide", images="mnist")
        for name in VIEW_NAMES:
            page.locator(f"#tab-{name}").tap()
            expect(page.locator(f"#tab-{name}")).to_have_attribute("aria-selected", "true")
            settle(page)
            rest(page)
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
            wide = page.locator(".view-panel").evaluate(
                "panel => [...panel.querySelectorAll('*')].filter(e => e.checkVisibility()"
                " && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)"
            )
            assert wide == []
