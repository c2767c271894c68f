"""Figures and tables for papers: one style, one way to write them, the same bytes every time.

A figure of `analysis.paper_figures` is drawn inside `drawing()` on a `canvas()` and handed to
`save_figure`, which writes NAME.pdf and NAME.svg; text stays text in both (TrueType in the pdf).
`save_table` writes NAME.csv and NAME.parquet. What a column means goes into the fields of the
parquet file and into NAME.columns.csv (column, label, unit, about), so that the csv has one header
line and opens everywhere.

Bytes depend on the input and the installed versions only: no clock, no random ids, no settings of
the user's own matplotlib. matplotlib is imported here and nowhere else, when something is drawn.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import theme, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 6.9  # inches, two columns of a journal (175 mm)
FONT = 8.0  # points
SMALL = 6.5
SALT = "thalweg"  # ids inside an svg
ANSWERS = "answers"
LINE = 132  # characters of a source line at the full width
MOST_LINES = 3
KEY = 0.2  # inches of a key above the panels


class Column(NamedTuple):
    """What one column of a table is."""

    key: str
    label: str
    unit: str = ""
    about: str = ""


class Source(NamedTuple):
    """Where the numbers of a figure come from. ``n``: what was counted, in words."""

    study: str
    n: str
    command: str

    @property
    def text(self) -> str:
        """The line under a figure."""
        study = f" Study {self.study[:12]}." if self.study else ""
        return f"Simulated, not observed. {self.n.rstrip('.')}.{study} {self.command}".strip()


class Stored(Protocol):
    """What a source is read from: a `Study` or a `Sweep`."""

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the folder."""

    @property
    def provenance(self) -> dict[str, Any]:
        """Where the runs were made."""

    @property
    def overrides(self) -> tuple[str, ...]:
        """The settings that were given."""


def source_of(study: Stored, counted: str) -> Source:
    """The source of a figure: the study, what was counted in it, and the command that makes it."""
    settings = " ".join(line.split("  #")[0] for line in study.overrides)
    stated = study.provenance.get("command_line")
    command = stated or f"thalweg {study.manifest.get('command', 'compare')} {settings}"
    return Source(str(study.manifest.get("identity", "")), counted, str(command).strip())


def paper_style() -> dict[str, Any]:
    """Settings of matplotlib: colours of the reports' light theme, vector text, fixed ids."""
    light = theme.LIGHT
    return {
        "font.family": ["sans-serif"], "font.sans-serif": ["DejaVu Sans"], "font.size": FONT,
        "axes.titlesize": FONT, "axes.titleweight": "bold", "axes.titlelocation": "left",
        "axes.labelsize": FONT, "xtick.labelsize": FONT, "ytick.labelsize": FONT,
        "legend.fontsize": SMALL + 0.5, "legend.frameon": False,
        "text.color": light["text"], "axes.labelcolor": light["text"],
        "axes.edgecolor": light["axis"], "xtick.color": light["muted"],
        "ytick.color": light["muted"], "xtick.labelcolor": light["text"],
        "ytick.labelcolor": light["text"], "grid.color": light["grid"],
        "axes.facecolor": light["card"], "figure.facecolor": light["card"],
        "savefig.facecolor": light["card"], "axes.linewidth": 0.6, "grid.linewidth": 0.6,
        "xtick.major.width": 0.6, "ytick.major.width": 0.6, "lines.linewidth": 1.2,
        "hatch.linewidth": 0.5, "axes.spines.top": False, "axes.spines.right": False,
        "axes.axisbelow": True, "pdf.fonttype": 42, "pdf.compression": 6, "svg.fonttype": "none",
        "svg.hashsalt": SALT, "path.simplify": False,
    }  # fmt: skip


@contextlib.contextmanager
def drawing() -> Iterator[None]:
    """Inside, matplotlib has the style of the house and nothing of the user's own settings."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        style: Any = paper_style()
        mpl.rcParams.update(style)
        yield


def canvas(height: float, source: Source, width: float = WIDTH, top: float = 0.0) -> Figure:
    """An empty figure of so many inches with its source line; used inside `drawing`.

    ``top``: inches that stay free above for a key. The axes are laid out by the sizes of their
    labels ("tight"): the solver of the other layout of matplotlib goes by memory addresses, so that
    now and then a line lies elsewhere by rounding.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import TightLayoutEngine

    lines = source_lines(source, round(LINE * width / WIDTH))
    room = 0.08 + 0.115 * len(lines)
    whole = height + room
    fitted = TightLayoutEngine(pad=0.5, rect=(0.0, room / whole, 1.0, 1.0 - top / whole))
    figure = Figure(figsize=(width, whole), layout=fitted)
    FigureCanvasAgg(figure)
    figure.text(0.006, 0.03 / whole, "\n".join(lines), fontsize=SMALL, color=colour("muted"),
                va="bottom", linespacing=1.25)  # fmt: skip
    return figure


def source_lines(source: Source, width: int = LINE) -> list[str]:
    """The source line, broken; a command that is too long ends in dots (the caption has it all)."""
    lines = words.wrap(source.text, width)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][: width - 4]} ..."]
    return [line[:width] for line in lines]


def colour(token: str) -> str:
    """A colour of the light theme, by token with or without its @."""
    return theme.LIGHT[token.removeprefix("@")]


def save_figure(figure: Figure, folder: Path, name: str, caption: str = "") -> tuple[Path, ...]:
    """Write NAME.pdf and NAME.svg, and the caption, if one is given, as NAME.txt."""
    pdf = _bytes(figure, "pdf", {"Creator": "Thalweg", "Title": name, "CreationDate": None})
    svg = _bytes(figure, "svg", {"Creator": "Thalweg", "Title": name, "Date": None})
    made = {f"{name}.pdf": pdf, f"{name}.svg": svg}
    if caption:
        made[f"{name}.txt"] = f"{caption.strip()}\n".encode()
    return tuple(_write(folder / file, content) for file, content in made.items())


def save_table(
    frame: pd.DataFrame, folder: Path, name: str, columns: Sequence[Column] = ()
) -> tuple[Path, ...]:
    """Write NAME.csv and NAME.parquet, and what the columns mean as NAME.columns.csv.

    ``columns`` may name more than the frame has; a column that it does not name is its own label.
    """
    known = {column.key: column for column in columns}
    told = [known.get(str(key), Column(str(key), words.upper_first(str(key).replace("_", " "))))
            for key in frame.columns]  # fmt: skip
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    fields = [
        field.with_metadata({key: value for key, value in column._asdict().items() if key != "key"})
        for field, column in zip(table.schema, told, strict=True)
    ]
    held = io.BytesIO()
    pq.write_table(table.cast(pa.schema(fields)), held)
    meanings = pd.DataFrame(told).rename(columns={"key": "column"})
    return (
        _write(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode()),
        _write(folder / f"{name}.parquet", held.getvalue()),
        _write(folder / f"{name}.columns.csv",
               meanings.to_csv(index=False, lineterminator="\n").encode()),
    )  # fmt: skip


def answer_folder(study_folder: str | Path, name: str, out: str | Path | None = None) -> Path:
    """Where a command puts its figures and tables: ``out``, or answers/NAME in the study folder."""
    place = Path(out) if out is not None else Path(study_folder) / ANSWERS / name
    place.mkdir(parents=True, exist_ok=True)
    return place


def _bytes(figure: Figure, kind: str, metadata: Mapping[str, str | None]) -> bytes:
    held = io.BytesIO()
    with drawing():
        figure.savefig(held, format=kind, metadata=dict(metadata))
    return held.getvalue()


def _write(path: Path, content: bytes) -> Path:
    """Write whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.write_bytes(content)
    draft.replace(path)
    return path
