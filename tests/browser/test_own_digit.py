"""/own-digit in a real browser: drawn by mouse, keyboard and finger, and read while it is drawn."""

import re
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from cnn_core import load_dataset, load_pretrained
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/own-digit"
SEVEN = [(6, 6), (21, 6), (13, 24)]  # column, row


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def pixels_in_the_link(page: Page) -> np.ndarray:
    """The drawing (28, 28) that the address carries."""
    text = settings(page)["sheet"].removeprefix("z")
    content = zlib.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), -15)
    return np.frombuffer(content, np.uint8).reshape(28, 28)


def outputs(image: np.ndarray) -> dict[str, np.ndarray]:
    """What every layer makes of an image (28, 28) from 0 to 1."""
    trace = load_pretrained("mnist").trace(image[None, None].astype(np.float32))
    return {name: values[0] for name, values in trace}


def shown(value: float) -> str:
    """A number with two decimals and a true minus sign."""
    text = f"{value:.2f}".replace("-", "−")
    return "0.00" if text == "−0.00" else text


def expect_classes(page: Page, scores: np.ndarray) -> None:
    expect(page.locator(".bar .score")).to_have_text([shown(float(score)) for score in scores])
    expect(page.locator(".says b")).to_have_text(str(scores.argmax()))


def numbers(found: Locator) -> list[float]:
    """All numbers in a text; a sign may stand apart from its number."""
    text = found.inner_text().replace("−", "-").replace("- ", "-").replace("+ ", "")
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def place(page: Page, column: float, row: float) -> tuple[float, float]:
    box = page.locator("canvas.pad").bounding_box()
    assert box
    return box["x"] + column * box["width"] / 28, box["y"] + row * box["height"] / 28


def drag(page: Page, points: Sequence[tuple[float, float]]) -> None:
    """Draw with the mouse; it stays pressed."""
    page.mouse.move(*place(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*place(page, *point), steps=8)


def test_drawn_by_mouse_and_keyboard_and_read_at_once(page: Page) -> None:
    visit(page, PATH, lang="en", sheet="empty", framed=0)
    expect_classes(page, outputs(np.zeros((28, 28)))["affine1"])
    expect(page.locator(".note")).to_contain_text("No ink")
    expect(page.locator(".card:visible, .ring")).to_have_count(0)

    drag(page, SEVEN)
    expect(page.locator(".says b")).to_have_text("7")  # while the pen is down
    expect(page.locator(".ring")).to_have_count(5)
    assert settings(page)["sheet"] == "empty"
    page.mouse.up()
    expect(page).to_have_url(re.compile("sheet=z"))
    settle(page)
    by_mouse = pixels_in_the_link(page)
    assert by_mouse[6, 14] == 255
    assert by_mouse[14, 5] == 0
    expect_classes(page, outputs(by_mouse / 255)["affine1"])
    expect(page.locator(".note")).to_be_empty()

    page.locator("canvas.pad").focus()
    for key in ("ArrowLeft", "ArrowLeft", "Space", "ArrowLeft", "Space"):
        page.keyboard.press(key)
    expect(page).not_to_have_url(re.compile(re.escape(settings(page)["sheet"])))
    settle(page)
    drawing = pixels_in_the_link(page)
    changed = np.argwhere(drawing != by_mouse)
    assert (np.abs(changed - [14, 12]) <= 2).all()  # it starts in the middle
    layers = outputs(drawing / 255)
    expect_classes(page, layers["affine1"])

    # The sum: for, against, bias. Then against the next best class.
    weight, bias = (
        load_pretrained("mnist").state()[f"affine1.{key}"] for key in ("weight", "bias")
    )
    votes = weight * layers["flatten1"]
    winner, second = np.argsort(-layers["affine1"])[:2].tolist()
    for lead, own in (
        (votes[winner], bias[winner]),
        (votes[winner] - votes[second], bias[winner] - bias[second]),
    ):
        expected = [lead[lead > 0].sum(), lead[lead < 0].sum(), own, lead.sum() + own]
        expect(page.locator(".arithmetic").first).to_contain_text(shown(float(expected[-1])))
        np.testing.assert_allclose(
            numbers(page.locator(".arithmetic").first)[:4], expected, atol=0.006
        )
        strongest = np.sort(lead)[:-6:-1]
        texts = [f"+{shown(float(vote))}" for vote in strongest]
        expect(page.locator(".card .product b")).to_have_text(texts)
        page.get_by_role("button", name="against", exact=True).click()
        settle(page)
    assert settings(page)["against"] == "next"
    expect(page.locator(".bar.rival b")).to_have_text(str(second))

    # Rubbed out and cleared.
    page.get_by_role("button", name="Eraser").click()
    drag(page, [(6, 6), (10, 6)])
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(re.escape(settings(page)["sheet"])))
    settle(page)
    rubbed = pixels_in_the_link(page)
    assert not rubbed[4:8, 4:11].any()
    expect_classes(page, outputs(rubbed / 255)["affine1"])
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".note")).to_contain_text("No ink")


def test_a_digit_is_looked_into_and_its_votes_are_silenced(page: Page) -> None:
    visit(page, PATH, lang="en")
    data = load_dataset("mnist", rng=np.random.default_rng(0))
    layers = outputs(data.test_images[data.test_labels == 4][1, 0])
    weight = load_pretrained("mnist").state()["affine1.weight"]
    votes = weight[4] * layers["flatten1"]
    expect_classes(page, layers["affine1"])
    rings = page.locator(".ring")
    strongest = np.argsort(-votes)[:5]
    ranks = {ring.inner_text(): ring.get_attribute("data-cell") for ring in rings.all()}
    assert ranks == {str(n): str(cell) for n, cell in enumerate(strongest, start=1)}
    expect(page.locator(".silencer")).to_be_hidden()

    # A cell: its vote for every class, and the 16×16 pixels that it sees, 4 apart from −2 on.
    third = strongest[2]  # at the edge: what it sees hangs over
    channel, row, column = np.unravel_index(third, (16, 5, 5))
    canvas = page.locator(".map canvas").nth(int(channel))
    box = canvas.bounding_box()
    assert box
    canvas.hover(
        position={"x": (column + 0.5) * box["width"] / 5, "y": (row + 0.5) * box["height"] / 5}
    )
    own = weight[:, third] * layers["flatten1"][third]
    signed = [("+" if vote > 0 else "") + shown(float(vote)) for vote in own]
    expect(page.locator(".bar .part")).to_have_text(signed)
    expect(page.locator(".card.here .rank")).to_have_text("3")
    field, pad = page.locator(".field").bounding_box(), page.locator("canvas.pad").bounding_box()
    assert field
    assert pad
    pixel = pad["width"] / 28
    top, left = 4 * int(row) - 2, 4 * int(column) - 2
    assert round((field["y"] - pad["y"]) / pixel) == max(0, top)
    assert round((field["x"] - pad["x"]) / pixel) == max(0, left)
    assert round(field["width"] / pixel) == min(28, left + 16) - max(0, left) == 14
    assert round(field["height"] / pixel) == min(28, top + 16) - max(0, top)
    page.locator(".planes").focus()
    page.mouse.move(*place(page, 1, 1))
    page.keyboard.press("ArrowDown")
    expect(page.locator(".looked b")).to_have_text(
        f"Map {channel + 1}, row {row + 2}, column {column + 1}"
    )

    # A pixel of the drawing, and back to nothing.
    page.mouse.move(*place(page, 11.5, 16.5))
    expect(page.locator(".looked b")).to_have_text("Row 17, column 12: ink 1")
    expect(rings).to_have_count(0)
    page.mouse.move(*place(page, 1, 1))
    expect(page.locator(".looked")).to_be_empty()

    # Another class, and back to the winner.
    page.locator(".bar").nth(9).click()
    expect(page.locator(".speaks b")).to_have_text("9")
    settle(page)
    assert settings(page)["for"] == "9"
    page.locator(".bar").nth(9).click()
    settle(page)
    assert "for" not in settings(page)

    # After the guess, the strongest seven are set to 0.
    page.get_by_role("button", name="Skip").click()
    settle(page)
    slider = page.get_by_role("slider")
    for count, says in (("6", "4"), ("7", "7")):
        slider.fill(count)
        expect(page.locator(".says b")).to_have_text(says)
    numbers_left = layers["flatten1"].copy()
    numbers_left[np.argsort(-votes)[:7]] = 0
    bias = load_pretrained("mnist").state()["affine1.bias"]
    expect_classes(page, weight @ numbers_left + bias)
    expect(page.locator(".marks .off")).to_have_count(7)
    expect(page).to_have_url(re.compile("off=7"))

    # A new digit brings the votes back; in the other language everything stays.
    page.get_by_role("button", name="Another one").click()
    settle(page)
    page.get_by_role("radio", name="中文").click()
    settle(page)
    assert settings(page) == {"lang": "zh", "sheet": "mnist-4-2"}
    image = data.test_images[data.test_labels == 4][2, 0]
    expect_classes(page, outputs(image)["affine1"])
    expect(page.locator(".speaks")).to_have_text("哪些票支持4")


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", sheet="empty")
        expect(page.locator(".note")).to_contain_text("没有墨")
        page.locator("canvas.pad").scroll_into_view_if_needed()
        touch = page.context.new_cdp_session(page)

        def finger(kind: str, *points: tuple[float, float]) -> None:
            spots = [dict(zip("xy", place(page, *point), strict=True)) for point in points]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

        finger("touchStart", (4, 3))
        for row in range(4, 16):
            finger("touchMove", (4, row))
        expect(page.locator(".says b")).to_have_text("1")  # short, in a corner, but framed
        expect(page.locator(".note")).to_be_empty()
        finger("touchEnd")
        expect(page).to_have_url(re.compile("sheet=z"))
        settle(page)
        assert pixels_in_the_link(page)[9, 4] == 255
        expect(page.locator(".bar.winner .share")).to_have_text("99.9%")
        # The classes are in view together with the whole pad.
        page.locator(".bar").last.evaluate("bar => bar.scrollIntoView({block: 'end'})")
        expect(page.locator("canvas.pad")).to_be_in_viewport(ratio=1)

        page.get_by_role("switch").tap()
        settle(page)
        scores = outputs(pixels_in_the_link(page) / 255)["affine1"]
        expect_classes(page, scores)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(".own *").evaluate_all(
            "all => all.filter(each => each.textContent.trim() && !each.children.length)"
            ".map(each => parseFloat(getComputedStyle(each).fontSize))"
        )
        assert min(sizes) >= 11
        page.reload()
        expect_classes(page, scores)
