"""Scripts, styles and the policy of the page: everything inline, every script named by its hash.

plotly.js comes from the installed plotly package. It travels compressed as text, is unpacked in the
browser and runs only because its hash stands in the policy. Nothing may be fetched.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from plotly.offline import get_plotlyjs, get_plotlyjs_version

from analysis import theme

SCRIPTS = (
    "core.js", "frame.js", "clock.js", "charts.js", "tables.js", "export.js", "whatif.js",
    "whatif_panel.js", "page.js",
)  # fmt: skip
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"  # plotly adds one such sheet


class Bundle(NamedTuple):
    """What the page inlines."""

    script: str
    style: str
    plotly: str  # gzip, base64
    plotly_version: str
    unwanted_styles: tuple[str, ...]  # ids that plotly looks for before it adds map styles
    policy: str


def bundle() -> Bundle:
    """Read the assets and make the policy that allows exactly them."""
    script = "\n".join(_asset(name) for name in SCRIPTS)
    style = f"{token_styles()}\n{_asset('page.css')}"
    packed_source, plotly_hash, styles = _plotly()
    allowed = policy(script, style, plotly_hash)
    return Bundle(script, style, packed_source, get_plotlyjs_version(), styles, allowed)


def plain_bundle(
    package: str = "analysis.report", name: str = "sweep", more: Sequence[str] = ()
) -> Bundle:
    """The same for a page whose figures are drawn beforehand: no library.

    ``package`` holds the page's own ``assets/NAME.js`` and ``assets/NAME.css``; ``more``: further
    sheets of the report.
    """
    script = "\n".join((_asset("core.js"), _asset("frame.js"), _asset(f"{name}.js", package)))
    sheets = (_asset("page.css"), _asset(f"{name}.css", package), *(_asset(one) for one in more))
    style = "\n".join((token_styles(), *sheets))
    allowed = "; ".join(
        (
            "default-src 'none'",
            f"script-src {digest(script)}",
            f"style-src {digest(style)}",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return Bundle(script, style, "", "", (), allowed)


def policy(script: str, style: str, plotly_hash: str) -> str:
    """The content security policy of the page."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {digest(script)} {plotly_hash}",
            f"style-src-elem {digest(style)} {EMPTY_STYLE}",
            "style-src-attr 'unsafe-inline'",
            "img-src data: blob:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def digest(text: str) -> str:
    """A source expression for the policy: the quoted SHA-256 of an inline element's text."""
    raw = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(raw).decode('ascii')}'"


def packed(text: str) -> str:
    """Text as base64 of gzip, without a time stamp: the same text gives the same characters."""
    return base64.b64encode(gzip.compress(text.encode("utf-8"), 9, mtime=0)).decode("ascii")


def json_text(content: Any) -> str:
    """JSON that is safe inside a script element. Raises ValueError on NaN or infinity."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def clean(content: Any) -> Any:
    """Plain JSON values: NaN and infinity become None, numpy scalars become Python's."""
    if isinstance(content, dict):
        return {str(key): clean(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [clean(value) for value in content]
    if hasattr(content, "item"):
        content = content.item()
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content


def token_styles() -> str:
    """Colour tokens as CSS variables; dark exists on screens only, so that print is light."""
    light, dark = (
        "".join(f"--{name}:{value};" for name, value in tokens.items())
        for tokens in (theme.LIGHT, theme.DARK)
    )
    classes = "".join(f".c-{name}{{--c:var(--{name})}}" for name in theme.LIGHT)
    return (
        f":root{{{light}color-scheme:light}}"
        f"@media screen{{:root[data-theme=dark]{{{dark}color-scheme:dark}}}}"
        "@media screen and (prefers-color-scheme:dark){"
        f":root:not([data-theme]){{{dark}color-scheme:dark}}}}{classes}"
    )


def _asset(name: str, package: str = "analysis.report") -> str:
    return resources.files(package).joinpath("assets", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _plotly() -> tuple[str, str, tuple[str, ...]]:
    source = get_plotlyjs()
    styles = re.findall(r'document\.getElementById\("([0-9a-f]{64})"\)', source)
    return packed(source), digest(source), tuple(dict.fromkeys(styles))
