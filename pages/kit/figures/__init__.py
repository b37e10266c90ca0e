"""Arrays become plotly figures here. Nothing in this folder knows Streamlit.

A figure is a plain dictionary (`{"data": [...], "layout": {...}}`): plotly accepts it, it costs no
import of plotly, and it is what the browser gets in the end.
"""

from typing import Any

Figure = dict[str, Any]
