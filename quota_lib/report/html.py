"""Tables, answers and notices as HTML: every text escaped, every amount exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Literal, NamedTuple

from quota_lib.amounts import Ratio
from quota_lib.report.table import UNSEEN, Cell, Column, FactorShown, Table, digits, factor_of, spelt_out
from quota_lib.tracing.fact import Sentence, figures_of

NONE = "—"
MINUS = "\u2212"
LEVELS = {"错误": ("bad", "■", "0"), "预警": ("look", "▲", "1"), "提示": ("info", "●", "2")}
VERDICTS = {"good": ("✓", "正常"), "look": ("▲", "需关注"), "bad": ("■", "须处理")}
NUMBERS = frozenset({"mass", "signed", "ratio", "count"})
SHORT_HEADING = 6  # characters that are not broken over lines
SHORT_TEXT = 12
LONG_TEXT = 600  # from here on a text scrolls in its own cell
WIDE = 9  # columns; from here on a table is printed across the long side of the paper


class Answer(NamedTuple):
    """One question of the first page: its verdict, the answer in a line, and where the figures stand."""

    question: str
    verdict: Literal["good", "look", "bad"]
    headline: str
    lines: Sequence[str]
    link: str  # "#fragment" or a file beside the page; "" for none


class Shown:
    """HTML that a notebook cell can end with.

    Its plain form is a fixed text, so that an executed notebook has the same bytes in every run.
    """

    def __init__(self, html: str, text: str) -> None:
        """Keep a piece of HTML and the line that stands for it where there is no HTML."""
        self.html = html
        self.text = text

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the plain form."""
        return self.text


def visible(text: str) -> str:
    """Return text as HTML, with what would reorder, hide or break it spelt out as its code point."""
    safe = escape(text.replace("\r\n", "\n").replace("\r", "\n"))
    return UNSEEN.sub(lambda found: f'<span class="unseen">{spelt_out(found)}</span>', safe)


def shown_table(table: Table, factors: Mapping[str, FactorShown], number: int | None = None) -> Shown:
    """Return a table for a notebook cell to end with."""
    return Shown(table_html(table, factors, number), f"<{table.title}: {len(table.rows)}>")


def table_html(table: Table, factors: Mapping[str, FactorShown], number: int | None) -> str:
    """Return a table as HTML, its exact figures aligned on the point.

    Units   milligrams in, t on the page.
    Shape   at least the factor's decimals, more where the value has more; never rounded.
    """
    parts = [[_parts(table, row, at, factors) for at in range(len(table.columns))] for row in table.rows]
    widths = [max((len(row[at][1]) for row in parts), default=0) for at in range(len(table.columns))]
    body = "\n".join(_row_html(table, index, row, widths) for index, row in enumerate(parts))
    span = len(table.columns)
    none = f'<tr><td class="empty" colspan="{span}">{visible(table.empty)}</td></tr>'
    heads = "".join(map(_head_html, table.columns))
    numbered = f'<span class="number">表 {number}</span>' if number is not None else ""
    note = f'<p class="note">{visible(table.note)}</p>' if table.note else ""
    name, wide = escape(table.id), " wide" if span >= WIDE else ""
    return (
        f'<figure class="table{wide}" id="table-{name}" data-name="{name}">'
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="caption-{name}"><table>'
        f'<caption id="caption-{name}">'
        f'<span class="caption">{numbered}{visible(table.title)}</span></caption>'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{body or none}</tbody></table></div>{note}</figure>"
    )


def answers_html(answers: Sequence[Answer]) -> str:
    """Return the questions of the first page as cards, each with its verdict by shape and word."""
    return f'<div class="answers">{"".join(_answer_html(answer) for answer in answers)}</div>'


def definitions_html(pairs: Sequence[tuple[str, str]]) -> str:
    """Return names and values as a definition list, for the title block."""
    items = "".join(
        f"<div><dt>{visible(name)}</dt><dd{figures_attribute(value)}>{visible(value)}</dd></div>"
        for name, value in pairs
    )
    return f'<dl class="facts">{items}</dl>'


def figures_attribute(text: object) -> str:
    """Return the attribute that names the figures in a text; the page's script finds each by its value."""
    names = figures_of(text)
    several = "s" if isinstance(text, Sentence) else ""
    return f' data-fact{several}="{escape(" ".join(names))}"' if names else ""


def text_html(text: str) -> str:
    """Return a paragraph; the figures in it open."""
    return f"<p{figures_attribute(text)}>{visible(text)}</p>"


def banner_html(words: str, detail: str = "", link: str = "") -> str:
    """Return a notice that cannot be overlooked, such as 初报·有错误."""
    more = f"<span>{visible(detail)}</span>" if detail else ""
    go = f'<a href="{_local(link)}">查看问题清单</a>' if link else ""
    return f'<div class="banner" role="alert"><strong>■ {visible(words)}</strong>{more}{go}</div>'


def _answer_html(answer: Answer) -> str:
    shape, word = VERDICTS[answer.verdict]
    lines = "".join(f"<li{figures_attribute(line)}>{visible(line)}</li>" for line in answer.lines)
    link = f'<a href="{_local(answer.link)}">查看明细</a>' if answer.link else ""
    return (
        f'<article class="answer {answer.verdict}"><h3>{visible(answer.question)}</h3>'
        f'<p class="verdict"{figures_attribute(answer.headline)}><span class="mark">{shape} {word}</span> {visible(answer.headline)}</p>'
        f"{f'<ul>{lines}</ul>' if lines else ''}{link}</article>"
    )


def _local(link: str) -> str:
    """Return a link within the page or to a file beside it; ValueError for any other."""
    if not link.startswith("#") and (":" in link or link.startswith(("/", "\\"))):
        raise ValueError(f"{link!r} leads out of the report")
    return escape(link)


def _head_html(column: Column) -> str:
    """Return a heading with its unit; a short one is not broken."""
    unit = f'<span class="unit">（{visible(column.unit)}）</span>' if column.unit else ""
    long = " long" if len(column.heading) > SHORT_HEADING else ""
    return f'<th scope="col" class="{column.kind}{long}">{visible(column.heading)}{unit}</th>'


def _row_html(table: Table, index: int, parts: Sequence[tuple[str, str]], widths: Sequence[int]) -> str:
    cells = "".join(
        _cell_html(table, index, at, whole, rest, width)
        for at, ((whole, rest), width) in enumerate(zip(parts, widths, strict=True))
    )
    return f'<tr class="total">{cells}</tr>' if index in table.total else f"<tr>{cells}</tr>"


def _cell_html(table: Table, index: int, at: int, whole: str, rest: str, width: int) -> str:
    """Return one cell; what its figure lacks to stand under the others is a width, not a text."""
    column, cell = table.columns[at], table.rows[index][at]
    missing = "0" * (width - len(rest)) if cell is not None else ""
    pad = f' data-pad="{"" if rest else "."}{missing}"' if missing else ""
    key = f' data-key="{LEVELS[str(cell)][2]}"' if column.kind == "level" and cell in LEVELS else ""
    fact = table.facts.get((index, column.name))
    named = f' data-fact="{escape(fact)}"' if fact else figures_attribute(cell)
    tag, scope = ("th", ' scope="row"') if at == 0 else ("td", "")
    inner = f"{whole}.{rest}" if rest else whole
    if isinstance(cell, str) and len(cell) > LONG_TEXT:
        name = escape(column.heading)
        inner = f'<div class="long" role="group" tabindex="0" aria-label="{name}">{inner}</div>'
    return f'<{tag}{scope} class="{_style(column, cell)}"{pad}{key}{named}>{inner}</{tag}>'


def _style(column: Column, cell: Cell) -> str:
    if cell is None and column.kind not in NUMBERS:
        return "none"
    if column.lacks and isinstance(cell, int) and cell < 0:
        return f"{column.kind} lacking"
    short = column.kind == "text" and isinstance(cell, str) and len(cell) <= SHORT_TEXT
    return "short" if short else column.kind


def _parts(table: Table, row: Sequence[Cell], at: int, factors: Mapping[str, FactorShown]) -> tuple[str, str]:
    """Return a cell as HTML in two parts, split at the decimal point of a figure."""
    column, cell = table.columns[at], row[at]
    if cell is None:
        return NONE, ""
    if isinstance(cell, Ratio):
        return _minus(str(cell).partition("."))
    if isinstance(cell, date):
        return cell.isoformat(), ""
    if isinstance(cell, str):
        return _word_html(column, cell, factors if column.name == table.factor else {}), ""
    if column.kind in ("mass", "signed"):
        whole, rest = digits(cell, _fewest(factors, factor_of(table, row, column)))
        return _minus((whole, ".", rest))
    return _minus((str(cell), "", ""))


def _word_html(column: Column, word: str, factors: Mapping[str, FactorShown]) -> str:
    if column.kind == "level" and word in LEVELS:
        style, shape, _ = LEVELS[word]
        return f'<span class="level {style}">{shape} {word}</span>'
    return visible(factors[word].label if word in factors else word)


def _fewest(factors: Mapping[str, FactorShown], factor: str) -> int:
    return factors[factor].decimals if factor in factors else 0


def _minus(parts: tuple[str, str, str]) -> tuple[str, str]:
    return parts[0].replace("-", MINUS), parts[2]
