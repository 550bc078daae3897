// The frame of a chart or a table: title, unit, and the buttons that save it. Texts become text, never markup.

/** An element with attributes and children; texts are children, too. */
export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'class') {
      made.className = value;
    } else {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
}

/** A colour of the present theme. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

/**
 * Fills a section. Savers are functions by their labels, such as CSV.
 *
 * @return where the content goes, and where remarks go
 */
export function card(section, title, unit, savers) {
  const id = section.id + '-title';
  section.setAttribute('aria-labelledby', id);
  const remark = make('span', { class: 'unit' }, unit);
  const buttons = make('div', { class: 'savers' });
  for (const [label, save] of Object.entries(savers)) {
    const button = make('button', { type: 'button', 'aria-label': 'Save ' + title + ' as ' + label,
      title: 'Save as ' + label }, label);
    button.addEventListener('click', save);
    buttons.append(button);
  }
  const body = make('div', { class: 'body' });
  section.replaceChildren(make('div', { class: 'head' }, make('h2', { id }, title), remark, buttons), body);
  return { body, remark };
}
