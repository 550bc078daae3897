// Charts over time, or over percentiles, drawn by uPlot. A spec says what is drawn; show() gives it numbers.

import { card, colour, make } from './card.js';
import { clock } from './format.js';
import { saveCsv, saveSvg } from './save.js';

const HEIGHT = 216;
const AXIS_FONT = '11px system-ui, sans-serif';
const SYNC = 'time';

/** Where the ticks of a logarithmic axis are: 1, 10, 100, ... */
function decades(min, max) {
  const found = [];
  for (let at = 10 ** Math.ceil(Math.log10(min) - 1e-9); at <= max * 1.0001; at *= 10) {
    found.push(at);
  }
  return found;
}

function steps(min, max) {
  const rough = (max - min) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const found = [];
  for (let at = Math.ceil(min / step) * step; at <= max * 1.0001; at += step) {
    found.push(at);
  }
  return found;
}

/** Whole decades around what there is, so that the axis does not jump each second. */
function decadesAround(min, max) {
  if (min === null || max === null || !(max > 0)) {
    return [10, 1000];
  }
  const low = 10 ** Math.floor(Math.log10(Math.max(1, min)));
  return [low, Math.max(low * 10, 10 ** Math.ceil(Math.log10(max) + 1e-9))];
}

function fromZero(min, max) {
  const ticks = steps(0, Math.max(max ?? 0, 1) * 1.05);
  const step = ticks[1] - ticks[0];
  return [0, Math.ceil(Math.max(max ?? 0, step) * 1.02 / step) * step];
}

export class Chart {
  #spec;
  #plot = null;
  #data = null;
  #holder;
  #legend = [];
  #at = null;
  #card;

  /** Spec: title, unit, series (name, colour), log, bars, fill, x, format, tick, remark, draw, rectangles, csv. */
  constructor(section, spec) {
    this.#spec = spec;
    this.#card = card(section, spec.title, spec.unit,
      { CSV: () => this.#saveCsv(section.id), SVG: () => this.#saveSvg(section.id) });
    this.#holder = make('div', { class: 'plot', tabindex: '0', role: 'img',
      'aria-label': spec.title + ', ' + spec.unit + '. Arrow keys move along the chart.' });
    this.#at = make('span', { class: 'at' });
    const legend = make('div', { class: 'legend' }, this.#at);
    for (const each of spec.series) {
      const value = make('b', {}, '–');
      this.#legend.push(value);
      const swatch = make('i', { class: 'swatch' });
      swatch.style.background = `var(--${each.colour})`;
      legend.append(make('span', { class: 'entry' }, swatch, each.name + ' ', value));
    }
    this.#card.body.append(this.#holder, legend);
    this.#holder.addEventListener('keydown', (event) => this.#move(event));
    new ResizeObserver(() => this.#resize()).observe(this.#holder);
    document.addEventListener('themechange', () => this.#rebuild());
  }

  /** Draws these columns. */
  show(data) {
    this.#data = data;
    if (this.#plot === null) {
      this.#rebuild();
    } else {
      this.#plot.setData(this.#drawn());
    }
    this.#tell();
  }

  remark(text) {
    this.#card.remark.textContent = text;
  }

  /** For those who look whether there is something to see. */
  points() {
    return this.#data === null ? 0
      : this.#data.slice(1).reduce((sum, column) => sum + column.filter((each) => each !== null).length, 0);
  }

  /** Bars stand on each other: each column is drawn up to the sum of those up to it, the topmost first. */
  #drawn() {
    if (!this.#spec.bars) {
      return this.#data;
    }
    const [xs, ...columns] = this.#data;
    const sums = [];
    columns.forEach((column, i) => sums.push(column.map((each, at) =>
      each === null && (i === 0 || sums[i - 1][at] === null) ? null : (each ?? 0) + (i === 0 ? 0 : sums[i - 1][at]))));
    return [xs, ...sums.reverse()];
  }

  #rebuild() {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#data === null || this.#holder.clientWidth === 0) {
      return;
    }
    this.#plot = new uPlot(this.#options(), this.#drawn(), this.#holder);
  }

  #options() {
    const spec = this.#spec;
    const overTime = !spec.x;
    const series = spec.bars ? [...spec.series].reverse() : spec.series;
    const axis = { stroke: colour('muted'), font: AXIS_FONT, grid: { stroke: colour('grid'), width: 1 },
      ticks: { show: false } };
    return {
      width: this.#holder.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      padding: [10, overTime ? 14 : 30, 0, 0],
      cursor: { y: false, points: { show: !spec.bars && !spec.draw }, drag: { x: false, y: false },
        sync: overTime ? { key: SYNC } : undefined },
      scales: {
        x: overTime ? { time: true } : { time: false, distr: 3, range: () => [spec.x.min, spec.x.max] },
        y: { distr: spec.log ? 3 : 1, range: spec.range ?? ((u, min, max) =>
          spec.log ? decadesAround(min, max) : fromZero(min, max)) },
      },
      axes: [
        { ...axis, space: 64, size: 28, ...overTime ? { values: (u, found) => found.map((each, i) => {
          const text = clock(each);
          return found[1] - found[0] >= 60 ? text.slice(0, 5) : text;
        }) } : { splits: () => decades(spec.x.min, spec.x.max),
          values: (u, found) => found.map(spec.x.tick), filter: (u, found) => found } },
        { ...axis, size: 58, gap: 6, values: (u, found) => found.map((each) => each === null ? null : spec.tick(each)),
          ...spec.log ? { splits: (u, i, min, max) => decades(min, max), filter: (u, found) => found }
            : { splits: (u, i, min, max) => steps(min, max) } },
      ],
      series: [{}, ...series.map((each) => ({
        label: each.name,
        stroke: colour(each.colour),
        fill: spec.bars ? colour(each.colour) : each.fill ? colour(each.fill) : undefined,
        width: spec.bars || spec.draw ? 0 : 1.5,
        points: { show: false },
        paths: spec.bars ? uPlot.paths.bars({ size: [0.8, 28], align: 1 }) : spec.draw ? () => null : undefined,
      }))],
      hooks: {
        setCursor: [() => this.#tell()],
        drawAxes: spec.draw ? [spec.draw] : [],
      },
    };
  }

  #resize() {
    if (this.#plot === null) {
      this.#rebuild();
    } else if (this.#holder.clientWidth > 0 && this.#holder.clientWidth !== this.#plot.width) {
      this.#plot.setSize({ width: this.#holder.clientWidth, height: HEIGHT });
    }
  }

  #move(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || this.#plot === null || this.#data[0].length === 0) {
      return;
    }
    event.preventDefault();
    const last = this.#data[0].length - 1;
    const at = Math.min(last, Math.max(0, (this.#plot.cursor.idx ?? last) + step));
    this.#plot.setCursor({ left: this.#plot.valToPos(this.#data[0][at], 'x'), top: HEIGHT / 3 });
  }

  /** The values under the cursor, or the last ones. */
  #tell() {
    const xs = this.#data[0];
    const index = this.#plot?.cursor.idx ?? null;
    const at = index !== null && index < xs.length ? index : this.#spec.x ? this.#spec.x.rest(xs) : xs.length - 1;
    this.#at.textContent = xs.length === 0 ? '' : this.#spec.x ? this.#spec.x.text(xs[at]) : clock(xs[at]);
    this.#legend.forEach((value, i) => {
      value.textContent = this.#spec.tell ? this.#spec.tell(at)
        : this.#spec.format(this.#data[i + 1][at]);
    });
  }

  #saveCsv(id) {
    if (this.#data === null) {
      return;
    }
    const spec = this.#spec;
    if (spec.csv) {
      saveCsv(id, ...spec.csv());
      return;
    }
    const [xs, ...columns] = this.#data;
    saveCsv(id, [spec.x ? spec.x.name : 'time', ...spec.series.map((each) => each.name + ' (' + spec.csvUnit + ')')],
      xs.map((x, i) => [spec.x ? spec.x.value(x) : new Date(x * 1000).toISOString(),
        ...columns.map((column) => column[i])]));
  }

  #saveSvg(id) {
    if (this.#plot === null) {
      return;
    }
    const spec = this.#spec;
    const { x, y } = this.#plot.scales;
    const [xs, ...columns] = this.#data;
    const drawing = {
      title: 'Millrace: ' + spec.title,
      subtitle: this.#card.remark.textContent + (spec.x ? '' : ', ' + new Date(xs[0] * 1000).toLocaleString() + ' – '
        + clock(xs[xs.length - 1])),
      colours: { back: colour('surface'), text: colour('text'), muted: colour('muted'), grid: colour('grid') },
      x: { min: x.min, max: x.max, log: Boolean(spec.x), ticks: spec.x ? decades(x.min, x.max) : steps(x.min, x.max),
        text: spec.x ? spec.x.tick : clock },
      y: { min: y.min, max: y.max, log: spec.log, ticks: spec.log ? decades(y.min, y.max) : steps(y.min, y.max),
        text: spec.tick },
      legend: spec.series.map((each) => ({ name: each.name, fill: colour(each.colour) })),
    };
    if (spec.rectangles) {
      drawing.rectangles = spec.rectangles();
    } else if (spec.bars) {
      const width = xs.length > 1 ? (xs[1] - xs[0]) * 0.8 : 1;
      const sums = xs.map(() => 0);
      drawing.rectangles = columns.flatMap((column, i) => xs.flatMap((at, j) => {
        if (!column[j]) {
          return [];
        }
        const from = sums[j];
        sums[j] += column[j];
        return [{ x1: at, x2: at + width, y1: from, y2: sums[j], fill: colour(spec.series[i].colour) }];
      }));
    } else {
      drawing.lines = columns.map((ys, i) => ({ xs, ys, stroke: colour(spec.series[i].colour) }));
    }
    saveSvg(id, drawing);
  }
}
