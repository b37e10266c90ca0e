"""The frame around every lesson: language, menu, page settings, and then the lesson itself."""

import streamlit as st

from pages.kit import chrome, state
from pages.kit.catalogue import LESSONS
from pages.kit.language import _

pages = {
    lesson: st.Page(lesson.path, title=_(lesson.title), url_path=lesson.url, default=not lesson.url)
    for lesson in LESSONS
}
page = st.navigation([*pages.values(), *chrome.nowhere()], position="hidden")
state.visit(page.url_path)
chrome.frame(page.title)
chrome.menu(pages)
page.run()
