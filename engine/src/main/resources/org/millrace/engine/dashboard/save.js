// Charts and tables as files: CSV of what is shown, SVG drawn anew from the same numbers.

const NS = 'http://www.w3.org/2000/svg';
const WIDTH = 900;
const HEIGHT = 360;
const PAD = { left: 76, right: 16, top: 56, bottom: 36 };

function download(name, type, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function cell(value) {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  // a spreadsheet takes a text that begins so for a formula
  const text = /^[=+\-@\t\r]/.test(value) ? '\'' + value : value;
  return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

/** Rows with a head. */
export function csv(head, rows) {
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

export function saveCsv(name, head, rows) {
  download('millrace-' + name + '.csv', 'text/csv', csv(head, rows));
}

function element(name, attributes, text) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

function scale(from, to, log, low, high) {
  const map = log ? Math.log : (value) => value;
  const span = map(to) - map(from) || 1;
  return (value) => low + (map(value) - map(from)) / span * (high - low);
}

/**
 * A drawing as SVG. It has title, subtitle, x and y (each with min, max, log, ticks and a text for a tick), colours
 * (text, muted, grid, back), and marks: lines, areas and rectangles in values of x and y.
 */
export function svg(drawing) {
  const root = element('svg', { xmlns: NS, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT,
    'font-family': 'system-ui, sans-serif', 'font-size': 12 });
  const { colours, x, y } = drawing;
  const toX = scale(x.min, x.max, x.log, PAD.left, WIDTH - PAD.right);
  const toY = scale(y.min, y.max, y.log, HEIGHT - PAD.bottom, PAD.top);
  root.append(element('rect', { width: WIDTH, height: HEIGHT, fill: colours.back }));
  root.append(element('text', { x: 16, y: 24, fill: colours.text, 'font-size': 15, 'font-weight': 600 },
    drawing.title));
  root.append(element('text', { x: 16, y: 42, fill: colours.muted }, drawing.subtitle));
  for (const tick of y.ticks) {
    const at = toY(tick).toFixed(1);
    root.append(element('line', { x1: PAD.left, x2: WIDTH - PAD.right, y1: at, y2: at, stroke: colours.grid }));
    root.append(element('text', { x: PAD.left - 8, y: Number(at) + 4, fill: colours.muted, 'text-anchor': 'end' },
      y.text(tick)));
  }
  for (const tick of x.ticks) {
    root.append(element('text', { x: toX(tick).toFixed(1), y: HEIGHT - 14, fill: colours.muted,
      'text-anchor': 'middle' }, x.text(tick)));
  }
  for (const mark of drawing.rectangles ?? []) {
    const left = Math.max(PAD.left, toX(mark.x1));
    const top = Math.max(PAD.top, toY(mark.y2));
    root.append(element('rect', { x: left.toFixed(1), y: top.toFixed(1),
      width: Math.max(0.5, toX(mark.x2) - left).toFixed(1), height: Math.max(0, toY(mark.y1) - top).toFixed(1),
      fill: mark.fill }));
  }
  for (const line of drawing.lines ?? []) {
    let path = '';
    let pen = 'M';
    line.xs.forEach((value, i) => {
      if (line.ys[i] === null || line.ys[i] === undefined) {
        pen = 'M';
      } else {
        path += pen + toX(value).toFixed(1) + ' ' + toY(line.ys[i]).toFixed(1);
        pen = 'L';
      }
    });
    root.append(element('path', { d: path, fill: 'none', stroke: line.stroke, 'stroke-width': 1.5,
      'stroke-linejoin': 'round' }));
  }
  let right = WIDTH - PAD.right;
  for (const entry of [...drawing.legend ?? []].reverse()) {
    root.append(element('text', { x: right, y: 24, fill: colours.muted, 'text-anchor': 'end' }, entry.name));
    right -= entry.name.length * 7 + 8;
    root.append(element('rect', { x: right - 4, y: 14, width: 10, height: 10, rx: 2, fill: entry.fill }));
    right -= 20;
  }
  return root;
}

export function saveSvg(name, drawing) {
  download('millrace-' + name + '.svg', 'image/svg+xml', new XMLSerializer().serializeToString(svg(drawing)));
}
