"""/feature-maps in a real browser: dials under a moving finger, linked zoom, values at a pixel."""

import math
import re
from base64 import b64decode
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from scipy import ndimage, signal

from cnn_core import gabor, load_dataset, load_photo
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/feature-maps"


def panel(page: Page, title: str) -> Locator:
    return page.locator(".panel").filter(has=page.get_by_text(title, exact=True))


def dial(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def skip_the_question(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Skip|跳过)$")).click()
    settle(page)


def shown(value: float) -> str:
    """A number as the page writes it: three decimals at most."""
    return f"{value:.3f}".rstrip("0").rstrip(".").replace("-", "−")


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def place(page: Page, title: str) -> np.ndarray:
    """Row and column of the pixel that a panel reads out."""
    at = panel(page, title).locator(".value").get_attribute("data-at")
    assert at is not None
    return np.array([int(number) for number in at.split(",")])


def pixels(page: Page, title: str) -> bytes:
    """What is painted in a panel, as a PNG file."""
    canvas = panel(page, title).locator(".frame canvas").first
    return b64decode(canvas.evaluate("c => c.toDataURL()").split(",")[1])


def expect_signs(page: Page, title: str, kernel: np.ndarray) -> None:
    """Check that a digit's map is blue where SciPy's is positive, and rust where it is negative."""
    digits = load_dataset("mnist", rng=np.random.default_rng(0))
    digit = digits.test_images[digits.test_labels == 3][0, 0].astype(float)
    values = signal.convolve2d(digit, kernel, mode="same")
    painted = np.asarray(Image.open(BytesIO(pixels(page, title))))
    middles = ((np.arange(28) + 0.5) / 28 * len(painted)).astype(int)
    shades = painted[np.ix_(middles, middles)]
    strong = abs(values) > 0.5 * abs(values).max()
    assert strong.sum() > 20
    bluer = shades[..., 2] > shades[..., 0]
    np.testing.assert_array_equal(bluer[strong], values[strong] > 0)


def test_the_pixel_walked_to_has_scipys_value_in_every_map(page: Page) -> None:
    visit(page, PATH, lang="en", picture="camera")
    expect(page.locator(".panel b")).to_have_text(["Photographer", "A", "B", "C"])
    skip_the_question(page)
    photo = load_photo("camera")[0].astype(float)
    maps = {
        "Photographer": photo,
        "Sobel y": ndimage.sobel(photo, 0, mode="constant"),
        "Laplacian": ndimage.correlate(photo, 1.0 - 9 * (np.arange(9) == 4).reshape(3, 3)),
        "Sobel x": ndimage.sobel(photo, 1, mode="constant"),
    }
    canvas = panel(page, "Sobel x").locator(".frame canvas").first
    box = canvas.bounding_box()
    assert box
    x, y = math.ceil(box["x"]) + 100, math.ceil(box["y"]) + 151  # the browser knows whole pixels
    page.mouse.click(x, y)
    row, column = (y - box["y"]) / box["height"] * 512, (x - box["x"]) / box["width"] * 512
    pointed = f"{int(row)},{int(column)}"
    expect(panel(page, "Sobel x").locator(".value")).to_have_attribute("data-at", pointed)
    for keys in (["ArrowRight"] * 3, ["ArrowDown"] * 2, ["Shift+ArrowLeft"]):
        for key in keys:
            page.keyboard.press(key)
        row, column = place(page, "Sobel x")
        for title, values in maps.items():
            expect(panel(page, title).locator(".value")).to_have_text(shown(values[row, column]))


def test_a_dial_repaints_while_it_is_dragged_and_the_url_follows_when_it_is_let_go(
    page: Page,
) -> None:
    visit(page, PATH, lang="en", view="gabor", picture="mnist-3-0")
    box = dial(page, "Orientation θ").bounding_box()
    assert box
    before = pixels(page, "θ = 0°")
    expect_signs(page, "θ = 0°", gabor(15, 0, 8, 3, math.pi / 2, 0.5))
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response("**/direct/*") as answered:
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=12)
    assert answered.value.headers["content-encoding"] == "identity"  # packing would take too long
    angle = int(dial(page, "Orientation θ").input_value())
    assert 60 < angle < 120
    expect(page.locator(".map b")).to_have_text(
        [f"θ = {(angle + turned) % 180}°" for turned in (0, 45, 90, 135)]
    )
    assert pixels(page, f"θ = {angle}°") != before
    expect_signs(page, f"θ = {angle}°", gabor(15, math.radians(angle), 8, 3, math.pi / 2, 0.5))
    assert "gabor" not in asked(page)
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"gabor={angle}%2C8%2C3%2C90%2C0.5"))
    settle(page)
    painted = pixels(page, f"θ = {angle}°")

    page.reload()
    settle(page)
    assert pixels(page, f"θ = {angle}°") == painted


def test_zoom_is_linked_and_in_the_url(page: Page) -> None:
    visit(page, PATH, lang="en", view="chain", picture="chelsea", chain="2,0,1,4")
    whole = {title: pixels(page, title) for title in ("Cat", "Sobel x", "Max pooling")}
    panel(page, "Sobel x").locator(".frame canvas").first.click(position={"x": 90, "y": 80})
    at = {title: place(page, title) for title in whole}
    assert abs(at["Cat"] - (2 * at["Sobel x"] + 1)).max() <= 1  # the middle of its window
    assert abs(at["Sobel x"] - (4 * at["Max pooling"] + 1.5)).max() <= 2
    for _ in range(4):
        page.keyboard.press("+")
    expect(page).to_have_url(re.compile("zoom=5.06"))
    settle(page)
    zoomed = {title: pixels(page, title) for title in whole}
    assert all(zoomed[title] != whole[title] for title in whole)
    page.reload()
    settle(page)
    assert {title: pixels(page, title) for title in whole} == zoomed
    page.get_by_role("button", name="The whole picture").click()
    settle(page)
    assert {title: pixels(page, title) for title in whole} == whole


def test_a_kernel_is_chosen_with_the_keyboard(page: Page) -> None:
    visit(page, PATH, lang="en")
    skip_the_question(page)
    page.get_by_role("button", name="Blur").press("Enter")
    expect(page.locator(".map b")).to_have_text(["Identity", "Box", "Gaussian"])
    settle(page)
    assert asked(page)["set"] == ["blur"]
    dial(page, "σ").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"blur=7%2C2\.25"))


def test_on_a_phone_in_chinese_with_a_finger(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", set="sharpen", picture="chelsea")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        panel(page, "锐化").locator(".frame canvas").first.tap(position={"x": 60, "y": 40})
        values = page.locator(".value")
        for i in range(4):
            expect(values.nth(i)).not_to_be_empty()
        luma = np.tensordot([0.299, 0.587, 0.114], load_photo("chelsea").astype(float), axes=1)
        row, column = place(page, "锐化")
        sharp = luma - ndimage.laplace(luma, mode="constant")
        text = panel(page, "锐化").locator(".value").inner_text()
        assert float(text.replace("−", "-")) == pytest.approx(sharp[row, column], abs=0.0006)


def test_where_nobody_answers_a_dial_acts_when_it_is_let_go(page: Page) -> None:
    page.add_init_script("""const real = fetch;
        window.fetch = (url, ...rest) =>
            String(url).startsWith("direct/") ? Promise.reject("away") : real(url, ...rest);""")
    visit(page, PATH, lang="en", view="gabor", picture="mnist-3-0")
    dial(page, "Orientation θ").fill("30")
    expect(page.locator(".map b").first).to_have_text("θ = 30°")
    expect(page).to_have_url(re.compile("gabor=30%2C"))
