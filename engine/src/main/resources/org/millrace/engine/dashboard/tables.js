// Tables of the present state. Names, keys and addresses come from outside: they become text, never markup.

import { card, make } from './card.js';
import { saveCsv } from './save.js';

/** A share as a bar behind its text. */
export function bar(share, text, tone = 'accent') {
  const fill = make('span', { class: 'fill ' + tone });
  fill.style.width = Math.max(0, Math.min(1, share || 0)) * 100 + '%';
  return make('span', { class: 'bar' }, make('span', { class: 'track' }, fill), make('span', { class: 'num' }, text));
}

/** A word with a dot before it. */
export function badge(text, state, title) {
  const made = make('span', { class: 'badge', 'data-state': state }, text);
  if (title) {
    made.title = title;
  }
  return made;
}

/** A name that may be long. */
export function name(text) {
  const made = make('span', { class: 'name' }, text);
  made.title = text;
  return made;
}

export class Table {
  #columns;
  #rows = [];
  #body;
  #empty;
  #box;
  #card;

  /** Columns: head, text or node of a row, raw value for the file; `left` for words. */
  constructor(section, title, unit, columns, empty) {
    this.#columns = columns;
    this.#card = card(section, title, unit, { CSV: () => saveCsv(section.id, columns.map((each) => each.head),
      this.#rows.map((row) => columns.map((each) => each.raw(row)))) });
    this.#body = make('tbody');
    const head = make('tr');
    for (const each of columns) {
      head.append(make('th', { scope: 'col', class: each.left ? 'left' : '' }, each.head));
    }
    this.#box = make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title },
      make('table', {}, make('thead', {}, head), this.#body));
    this.#empty = make('p', { class: 'empty' }, empty);
    this.#card.body.append(this.#box, this.#empty);
    this.show([]);
  }

  remark(text) {
    this.#card.remark.textContent = text;
  }

  show(rows) {
    this.#rows = rows;
    const selection = getSelection();
    if (selection && !selection.isCollapsed && this.#box.contains(selection.anchorNode)) {
      // somebody is copying from it
      return;
    }
    this.#box.hidden = rows.length === 0;
    this.#empty.hidden = rows.length > 0;
    this.#body.replaceChildren(...rows.map((row) => {
      const line = make('tr');
      for (const each of this.#columns) {
        const shown = each.show(row);
        line.append(make('td', { class: each.left ? 'left' : '' }, shown));
      }
      return line;
    }));
  }
}
