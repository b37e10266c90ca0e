"""Build a network, train it a little, take its weights home as a file and bring them back."""

import csv
import io
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

from cnn_core import evaluate
from pages.kit.trainer import architecture
from pages.kit.trainer.setup import dataset
from tests.browser.visit import settle, visit


def test_a_network_of_ones_own_is_built_trained_taken_home_and_brought_back(
    page: Page, tmp_path: Path
) -> None:
    visit(page, "/training", lang="en", net="one", seed=3)
    page.get_by_text("Build the network yourself").click()
    settle(page)
    page.get_by_label("Convolution 1: filters").select_option("4")
    settle(page)
    page.get_by_role("button", name="FC layer").first.click()
    settle(page)
    text = "relu.4k3p1-max.f32"
    assert f"net={text}" in page.url
    page.get_by_role("button", name="Skip").click()
    settle(page)
    page.get_by_role("button", name="One epoch").click()
    expect(page.locator(".fact.progress b")).to_have_text("27")
    accuracy = page.locator(".fact.test b").inner_text()

    page.get_by_text("Take it with you").click()
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Weights (.npz)").click()
    weights = tmp_path / "weights.npz"
    download.value.save_as(weights)
    shape, data = (1, 8, 8), dataset("digits")
    rng = np.random.default_rng(0)
    model = architecture.build(architecture.parse(text, shape), shape, 10, rng=rng)
    model.load(weights)
    assert f"{100 * evaluate(model, data.test_images, data.test_labels)[1]:.1f}%" == accuracy

    with page.expect_download() as download:
        page.get_by_role("button", name="Curves (.csv)").click()
    table = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text())))
    assert len(table) == 28
    assert f"{100 * float(table[-1]['test_accuracy']):.1f}%" == accuracy

    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".fact.progress b")).to_have_text("0")
    page.locator("input[type=file]").set_input_files(weights)
    expect(page.get_by_text(f"The weights of weights.npz are loaded: {accuracy}")).to_be_visible()
    expect(page.locator(".fact.test b")).to_have_text(accuracy)
    weights.write_bytes(b"no archive")
    page.locator("input[type=file]").set_input_files(weights)
    settle(page)
    expect(page.locator(".stAlert")).to_have_count(1)
    expect(page.locator(".fact.test b")).to_have_text(accuracy)
