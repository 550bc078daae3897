// The heat map: how many requests took how long, over time. uPlot draws the axes, the cells are drawn here.

import { colour } from './card.js';
import { Chart } from './charts.js';
import { heat, heatRow } from './data.js';
import { count, time, timeTick } from './format.js';

const COLUMNS = 240;

function mix(from, to, share) {
  return from.map((each, i) => Math.round(each + (to[i] - each) * share));
}

function rgb(name) {
  const digits = colour(name).slice(1);
  return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

/** The colour of a share of the fullest cell, three stops apart. */
function ramp() {
  const stops = [rgb('heat-low'), rgb('heat-middle'), rgb('heat-high')];
  return (share) => {
    const [from, to, rest] = share < 0.5 ? [stops[0], stops[1], share * 2] : [stops[1], stops[2], share * 2 - 1];
    return 'rgb(' + mix(from, to, rest).join(',') + ')';
  };
}

export class HeatMap {
  #columns = [];
  #most = 1;
  #chart;

  constructor(section) {
    this.#chart = new Chart(section, {
      title: 'Latency heat map',
      unit: 'requests by how long they took; the stronger the colour, the more',
      series: [{ name: 'most', colour: 'heat-high' }],
      log: true,
      range: () => this.#range(),
      tick: timeTick,
      format: count,
      tell: (at) => this.#fullest(at),
      draw: (u) => this.#draw(u),
      rectangles: () => this.#cells((from, to, low, high, fill) =>
        ({ x1: from, x2: to, y1: low, y2: high, fill })),
      csv: () => [['from', 'to', 'least (µs)', 'most (µs)', 'requests'], this.#columns.flatMap((column) =>
        [...column.rows].map(([row, requests]) => [new Date(column.from * 1000).toISOString(),
          new Date(column.to * 1000).toISOString(), ...heatRow(row), requests]))],
    });
  }

  show(samples, pool) {
    this.#columns = heat(samples, pool, COLUMNS);
    this.#most = Math.max(1, ...this.#columns.map((column) => Math.max(0, ...column.rows.values())));
    this.#chart.show([this.#columns.map((each) => each.to),
      this.#columns.map((each) => each.rows.size === 0 ? null : [...each.rows.values()].reduce((a, b) => a + b))]);
  }

  points() {
    return this.#chart.points();
  }

  #fullest(at) {
    const rows = this.#columns[at]?.rows;
    if (!rows || rows.size === 0) {
      return '–';
    }
    const [row, requests] = [...rows].reduce((best, each) => each[1] > best[1] ? each : best);
    return heatRow(row).map(time).join(' to ') + ': ' + count(requests) + ' requests';
  }

  #range() {
    const rows = this.#columns.flatMap((each) => [...each.rows.keys()]);
    if (rows.length === 0) {
      return [10, 1000];
    }
    const low = heatRow(rows.reduce((a, b) => Math.min(a, b)))[0];
    const high = heatRow(rows.reduce((a, b) => Math.max(a, b)))[1];
    return [Math.min(low, 10 ** Math.floor(Math.log10(low) + 0.3)), Math.max(high, low * 10)];
  }

  /** Few requests are seen beside many: the colour follows the logarithm. */
  #cells(each) {
    const toColour = ramp();
    const whole = Math.log1p(this.#most);
    return this.#columns.flatMap((column) => [...column.rows].map(([row, requests]) => {
      const [low, high] = heatRow(row);
      return each(column.from, column.to, low, high, toColour(Math.log1p(requests) / whole));
    }));
  }

  #draw(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    this.#cells((from, to, low, high, fill) => {
      const left = Math.round(u.valToPos(from, 'x', true));
      const right = Math.max(left + 1, Math.round(u.valToPos(to, 'x', true)));
      const top = Math.round(u.valToPos(high, 'y', true));
      const bottom = Math.max(top + 1, Math.round(u.valToPos(low, 'y', true)));
      ctx.fillStyle = fill;
      ctx.fillRect(left, top, right - left, bottom - top);
    });
    ctx.restore();
  }
}
