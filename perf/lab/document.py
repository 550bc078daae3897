"""A report that can be printed as Markdown or as a page: sections of text, tables, lists and drawings."""
import html
import re
from dataclasses import dataclass, field


@dataclass
class Table:
    """Cells are Markdown: **bold** is all of it that is used."""
    columns: list
    rows: list

    def markdown(self):
        lines = [self.columns, ["---"] * len(self.columns), *self.rows]
        return "\n".join("| " + " | ".join(map(str, line)) + " |" if line[0] != "---"
                         else "|" + "|".join(line) + "|" for line in lines)

    def html(self):
        def cells(tag, row):
            return "<tr>" + "".join(f"<{tag}>{inline(str(cell))}</{tag}>" for cell in row) + "</tr>"

        body = "\n".join(cells("td", row) for row in self.rows)
        return (f'<div class="wide"><table>\n<thead>{cells("th", self.columns)}</thead>\n<tbody>\n{body}\n</tbody>\n'
                "</table></div>")


@dataclass
class Bullets:
    """A list; none at all when it is empty."""
    points: list

    def markdown(self):
        return "\n".join(f"- {point}" for point in self.points)

    def html(self):
        if not self.points:
            return ""
        return "<ul>\n" + "\n".join(f"<li>{inline(point)}</li>" for point in self.points) + "\n</ul>"


@dataclass
class Drawing:
    """SVG, which Markdown does without."""
    svg: str

    def markdown(self):
        return ""

    def html(self):
        return f'<div class="wide">{self.svg}</div>'


@dataclass
class Section:
    """A heading, a paragraph, and what it is about."""
    title: str
    text: str
    parts: list = field(default_factory=list)

    def markdown(self):
        parts = [f"## {self.title}", self.text, *(part.markdown() for part in self.parts)]
        return "\n\n".join(part for part in parts if part)

    def html(self):
        parts = [f"<h2>{inline(self.title)}</h2>", f"<p>{inline(self.text)}</p>" if self.text else "",
                 *(part.html() for part in self.parts)]
        return "<section>\n" + "\n".join(part for part in parts if part) + "\n</section>"


STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --faint: #d5dae0; --ground: #ffffff; --second: #f4f6f8;
  --c0: #d55e00; --c1: #0072b2; --c2: #009e73; --c3: #cc79a7; --c4: #e69f00; --c5: #56b4e9; }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe5ea; --faint: #39424b; --ground: #14181c; --second: #1d2329;
  --c0: #ff8a3c; --c1: #4db3ff; --c2: #2ecc9a; --c3: #e79cc6; --c4: #ffc04d; --c5: #8fd3ff; } }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "DejaVu Sans", Helvetica, Arial, sans-serif; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--faint); text-align: left; white-space: nowrap; }
th { background: var(--second); }
svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); }
"""


def inline(text):
    """Markdown of a line as HTML."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False))


def markdown(title, sections):
    return "\n\n".join([f"# {title}", *(section.markdown() for section in sections)]) + "\n"


def page(title, sections):
    """All in one file: it opens without a network, light or dark as the reader likes it."""
    body = "\n".join(section.html() for section in sections)
    return (f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{inline(title)}</title>\n'
            f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{inline(title)}</h1>\n{body}\n</body>\n</html>\n")
