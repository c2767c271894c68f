"""The pages of this folder as a site: ``make site`` writes results/site (decision 0025).

The pages stay plain Markdown that reads well without a build. Nothing is fetched, and no page that
is built asks for anything outside its own folder.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
LINK = re.compile(r"\[(?P<label>[^\]]+)\]\((?P<target>[^)\s#:]+)(?P<anchor>#[^)\s]*)?\)")

project = "Thalweg"
author = "The Thalweg authors"
language = "en"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

myst_heading_anchors = 4  # the anchors that Markdown hosts give, too
default_role = "code"  # `name` in a docstring
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = "Thalweg"
html_theme_options = {"light_css_variables": {"code-font-size": "72%"}}  # 99 columns of output
html_show_sphinx = False
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_show_search_summary = False  # it fetches pages, which a browser refuses for files


def keep_inside(_: Any, name: str, source: list[str]) -> None:
    """Links to folders and to pages outside docs/, which the site lacks, become plain words.

    A folder with a page of its name (``decisions``), or a README in it, leads to that page. A file
    of code is carried along as a download.
    """
    here = (DOCS / name).parent

    def inside(link: re.Match[str]) -> str:
        path = (here / link["target"]).resolve()
        if path.is_dir() and path.is_relative_to(DOCS):
            for page in (path.parent / f"{path.name}.md", path / "README.md"):
                if page.is_file():
                    return f"[{link['label']}](/{page.relative_to(DOCS).as_posix()})"
        outside = path.suffix == ".md" and not path.is_relative_to(DOCS)
        return link["label"] if path.is_dir() or outside else link[0]

    source[0] = LINK.sub(inside, source[0])


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.add_lexer("csv", _plain_lexer())
    app.connect("source-read", keep_inside)


def _plain_lexer() -> Any:
    from pygments.lexers.special import TextLexer

    return TextLexer
