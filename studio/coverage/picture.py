"""The board as a picture that stands by itself: SVG with every cell, its level by colour and by mark, and a legend."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from studio.coverage.board import Board, Cell, Column
from studio.coverage.counting import LEVELS

WIDTH, LINE, GAP, TOP = 168, 22, 8, 92
#: Level → paper, ink, mark.
_LOOK = {
    "approved": ("#bfe8cc", "#14532d", "●"),
    "in_review": ("#c9e0f8", "#1e3a5f", "◐"),
    "draft": ("#fbe2b3", "#6b3d00", "○"),
    "disabled": ("#dde3ea", "#334155", "⊘"),
    "possible": ("#edf1f5", "#334155", "·"),
    "nothing": ("#ffffff", "#5b6876", ""),
}


def svg(board: Board, title: str) -> bytes:
    """The picture, in UTF-8."""
    tallest = max((sum(1 + len(cell.subs) for cell in column.cells) for column in board.columns), default=0)
    width = max(len(board.columns) * (WIDTH + GAP) + GAP, 640)
    height = TOP + (tallest + 1) * LINE + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="10" role="img" aria-label={quoteattr(title)}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{GAP}" y="24" font-size="16" font-weight="600" fill="#0f172a">{escape(title)}</text>',
        f'<text x="{GAP}" y="42" fill="#475569">Rules cover {board.covered} of {board.total} techniques.</text>',
        *_legend(board),
    ]
    for place, column in enumerate(board.columns):
        parts += _column(column, GAP + place * (WIDTH + GAP))
    return "\n".join([*parts, "</svg>\n"]).encode()


def _legend(board: Board) -> Iterator[str]:
    for place, share in enumerate(board.shares):
        paper, ink, mark = _LOOK[share.level]
        left = GAP + place * 124
        yield f'<rect x="{left}" y="52" width="14" height="14" rx="2" fill="{paper}" stroke="#94a3b8"/>'
        yield f'<text x="{left + 7}" y="62" text-anchor="middle" fill="{ink}">{mark}</text>'
        yield f'<text x="{left + 20}" y="63" fill="#0f172a">{escape(share.title)}: {share.count}</text>'


def _column(column: Column, left: int) -> Iterator[str]:
    name = _short(column.tactic.name, 22)
    yield f'<text x="{left}" y="{TOP - 6}" font-size="11" font-weight="600" fill="#0f172a">{escape(name)}</text>'
    told = f"{column.covered} / {len(column.meant)}"
    yield f'<text x="{left + WIDTH}" y="{TOP - 6}" text-anchor="end" fill="#475569">{told}</text>'
    top = TOP
    for cell in column.cells:
        for one, inset in ((cell, 0), *((sub, 10) for sub in cell.subs)):
            yield from _cell(one, left + inset, top, WIDTH - inset)
            top += LINE


def _cell(cell: Cell, left: int, top: int, width: int) -> Iterator[str]:
    paper, ink, mark = _LOOK[cell.mark.level]
    fade = "" if cell.meant else ' opacity="0.45"'
    words = f"{cell.attack_id} {cell.name}: {LEVELS[cell.mark.level].title}, {cell.mark.words}"
    yield f"<g{fade}><title>{escape(words)}</title>"
    yield (
        f'<rect x="{left}" y="{top}" width="{width}" height="{LINE - 2}" rx="2" fill="{paper}" stroke="#cbd5e1" '
        'stroke-width="0.5"/>'
    )
    shown = _short(f"{cell.attack_id} {cell.name}", int((width - 24) / 5.8))
    yield f'<text x="{left + 4}" y="{top + 13}" fill="{ink}">{escape(shown)}</text>'
    yield f'<text x="{left + width - 4}" y="{top + 13}" text-anchor="end" fill="{ink}">{mark}</text></g>'


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
