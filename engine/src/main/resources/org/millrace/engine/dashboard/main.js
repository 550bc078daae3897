// The page put together: what comes from the server goes into samples, and from there into charts and tables.

import { colour, make } from './card.js';
import { Chart } from './charts.js';
import { percentiles, Samples, STAGES, stages, throughput, traffic } from './data.js';
import { bytes, clock, count, percent, span, time, timeTick } from './format.js';
import { HeatMap } from './heat.js';
import { badge, bar, name, Table } from './tables.js';

const STALE_MS = 3500;
const BARS = 60;
const POINTS_PER_NINE = 8;
const NINES = 5;

const samples = new Samples();
const at = (id) => document.getElementById(id);
let state = null;
let before = null;
let heardMs = 0;
let pool = null;
let seconds = 300;

const charts = {
  throughput: new Chart(at('throughput'), {
    title: 'Throughput', unit: 'requests per second', csvUnit: 'per second',
    series: [{ name: 'answered', colour: 'accent', fill: 'accent-soft' }, { name: 'failed', colour: 'bad' }],
    format: (value) => value === null ? '–' : count(Math.round(value)) + ' /s', tick: count }),
  latency: new Chart(at('latency'), {
    title: 'Latency', unit: 'whole requests, each second', csvUnit: 'µs', log: true,
    series: [{ name: 'p50', colour: 'p50' }, { name: 'p90', colour: 'p90' }, { name: 'p99', colour: 'p99' },
      { name: 'p99.9', colour: 'p999' }, { name: 'max', colour: 'pmax' }],
    format: time, tick: timeTick }),
  curve: new Chart(at('curve'), {
    title: 'Percentiles', unit: 'of the last half to whole minute', csvUnit: 'µs', log: true,
    series: [{ name: 'at most', colour: 'accent' }],
    x: { name: 'percentile', min: 1, max: 10 ** NINES, tick: nines, text: nines, value: (x) => (1 - 1 / x) * 100,
      rest: (xs) => Math.min(2 * POINTS_PER_NINE, xs.length - 1) },
    format: time, tick: timeTick }),
  stages: new Chart(at('stages'), {
    title: 'Where the time goes', unit: 'mean of a request; client write is the client\'s own', csvUnit: 'µs', bars: true,
    series: STAGES.map((stage) => ({ name: stage.replace('_', ' '), colour: stage.replace('_', '-') })),
    format: time, tick: timeTick }),
};
const heatMap = new HeatMap(at('heat'));

const tables = {
  servers: new Table(at('servers'), 'Servers', '', [
    { head: 'Server', left: true, show: (row) => name(row.name), raw: (row) => row.name },
    { head: 'Address', left: true, show: (row) => name(row.address), raw: (row) => row.address },
    { head: 'State', left: true, show: (row) => serverState(row), raw: (row) => row.ejected ? 'ejected' : 'live' },
    { head: 'Requests/s', show: (row) => row.rate === null ? '–' : count(Math.round(row.rate)),
      raw: (row) => row.rate },
    { head: 'Share of requests', show: (row) => bar(row.share, percent(row.share)), raw: (row) => row.share },
    { head: 'Share of keys', show: (row) => row.keys < 0 ? '–' : bar(row.keys / 1000, percent(row.keys / 1000), 'soft'),
      raw: (row) => row.keys < 0 ? null : row.keys / 1000 },
    { head: 'p50', show: (row) => time(row.us?.[0]), raw: (row) => row.us?.[0] },
    { head: 'p99', show: (row) => time(row.us?.[1]), raw: (row) => row.us?.[1] },
    { head: 'p99.9', show: (row) => time(row.us?.[2]), raw: (row) => row.us?.[2] },
    { head: 'Waiting', show: (row) => count(row.waiting), raw: (row) => row.waiting },
    { head: 'In flight', show: (row) => count(row.in_flight), raw: (row) => row.in_flight },
    { head: 'Queue p99', show: (row) => count(row.depth), raw: (row) => row.depth },
    { head: 'Links', show: (row) => count(row.connections), raw: (row) => row.connections },
    { head: 'Errors', show: (row) => count(row.errors + row.timeouts), raw: (row) => row.errors + row.timeouts },
    { head: 'Ejections', show: (row) => count(row.ejections), raw: (row) => row.ejections },
  ], 'No servers.'),
  clients: new Table(at('clients'), 'Clients', '', [
    { head: 'Pool', left: true, show: (row) => name(row.name), raw: (row) => row.name },
    { head: 'Listens on', left: true, show: (row) => name(row.listen), raw: (row) => row.listen },
    { head: 'Connected', show: (row) => count(row.clients), raw: (row) => row.clients },
    { head: 'Memory held', show: (row) => bytes(row.client_bytes), raw: (row) => row.client_bytes },
  ], 'No pools.'),
  lanes: new Table(at('lanes'), 'Lanes', 'threads that serve clients', [
    { head: 'Lane', left: true, show: (row) => row.number + (row.open ? '' : ' (closed)'), raw: (row) => row.number },
    { head: 'Clients', show: (row) => count(row.clients), raw: (row) => row.clients },
    { head: 'Requests/s', show: (row) => count(row.requests), raw: (row) => row.requests },
    { head: 'Busy', show: (row) => bar(row.busy / 1000, percent(row.busy / 1000)), raw: (row) => row.busy / 1000 },
  ], 'No lanes.'),
  hot: new Table(at('hot'), 'Hot keys', 'by share of requests', [
    { head: 'Key', left: true, show: (row) => name(row.key), raw: (row) => row.key },
    { head: 'Share', show: (row) => bar(row.share, percent(row.share)), raw: (row) => row.share },
    { head: 'Requests/s', show: (row) => count(Math.round(row.requests_per_second)),
      raw: (row) => row.requests_per_second },
  ], 'None yet.'),
  big: new Table(at('big'), 'Big keys', 'by bytes of a request or reply', [
    { head: 'Key', left: true, show: (row) => name(row.key), raw: (row) => row.key },
    { head: 'Size', show: (row) => bytes(row.bytes), raw: (row) => row.bytes },
    { head: 'Command', left: true, show: (row) => name(row.command), raw: (row) => row.command },
  ], 'None yet.'),
  talkers: new Table(at('talkers'), 'Top talkers', 'clients by address', [
    { head: 'Address', left: true, show: (row) => name(row.address), raw: (row) => row.address },
    { head: 'Requests/s', show: (row) => count(Math.round(row.requests_per_second)),
      raw: (row) => row.requests_per_second },
    { head: 'Bytes/s', show: (row) => bytes(Math.round(row.bytes_per_second)), raw: (row) => row.bytes_per_second },
  ], 'None yet.'),
  slow: new Table(at('slow'), 'Slow log', 'requests over the limit, newest first', [
    { head: 'Time', left: true, show: (row) => clock(row.time), raw: (row) => new Date(row.time * 1000).toISOString() },
    { head: 'Took', show: (row) => time(row.duration_us), raw: (row) => row.duration_us },
    { head: 'Split', left: true, show: splitBar, raw: () => null },
    { head: 'Link wait', show: (row) => time(row.link_wait_us), raw: (row) => row.link_wait_us },
    { head: 'Server', show: (row) => time(row.server_us), raw: (row) => row.server_us },
    { head: 'Order wait', show: (row) => time(row.order_wait_us), raw: (row) => row.order_wait_us },
    { head: 'Command', left: true, show: (row) => name(row.command), raw: (row) => row.command },
    { head: 'Key', left: true, show: (row) => name(row.key ?? ''), raw: (row) => row.key },
    { head: 'Pool', left: true, show: (row) => name(row.pool ?? ''), raw: (row) => row.pool },
    { head: 'At server', left: true, show: (row) => name(row.server ?? ''), raw: (row) => row.server },
    { head: 'Client', left: true, show: (row) => name(row.client ?? ''), raw: (row) => row.client },
  ], 'None yet.'),
};

function nines(x) {
  const text = ((1 - 1 / x) * 100).toFixed(4).replace(/\.?0+$/, '');
  return text + ' %';
}

function serverState(row) {
  return row.ejected ? badge('ejected', 'bad', row.why) : row.connections === 0 ? badge('no link', 'wait')
    : badge('live', 'good');
}

function splitBar(row) {
  const made = make('span', { class: 'split' });
  for (const stage of STAGES.slice(0, 3)) {
    const part = make('i');
    part.style.flexGrow = row[stage + '_us'] ?? 0;
    part.style.background = `var(--${stage.replace('_', '-')})`;
    made.append(part);
  }
  return made;
}

/** Requests a second of each server, from the counters of two states. */
function withRates(servers) {
  const whole = servers.reduce((sum, each) => sum + (each.count ?? 0), 0);
  const then = before?.pools.find((each) => each.name === pool);
  const passed = before === null ? 0 : (state.at - before.at) / 1000;
  return servers.map((each) => {
    const earlier = then?.servers.find((other) => other.name === each.name);
    return { ...each, share: whole === 0 ? null : (each.count ?? 0) / whole,
      rate: earlier && passed > 0 ? Math.max(0, each.requests - earlier.requests) / passed : null };
  });
}

function figure(label, value, tone) {
  return make('div', { class: tone ? 'figure ' + tone : 'figure' }, make('dt', {}, label), make('dd', {}, value));
}

function showFigures() {
  const last = samples.last();
  const recent = samples.since(5);
  const [, answered, failed] = throughput(recent, pool, state?.recorded ?? true);
  const mean = (column) => column.length === 0 ? 0 : column.reduce((sum, each) => sum + (each ?? 0), 0) / column.length;
  const latest = [...recent].reverse().find((each) => each.pools[pool]?.p)?.pools[pool].p;
  const busy = last.busy.reduce((sum, each) => sum + each, 0) / 1000;
  const failures = mean(failed);
  at('figures').replaceChildren(
    figure('Requests/s', count(Math.round(mean(answered)))),
    figure('Failed/s', count(Math.round(failures * 10) / 10), failures > 0 ? 'bad' : ''),
    figure('p50', time(latest?.[0])), figure('p99', time(latest?.[2])), figure('p99.9', time(latest?.[3])),
    figure('Traffic', bytes(Math.round(traffic(last, pool) ?? 0)) + '/s'),
    figure('Clients', count(last.pools[pool]?.c ?? 0)),
    figure('Busy', busy.toFixed(2) + (busy === 1 ? ' core' : ' cores')),
    figure('Memory', bytes(last.mem)));
}

function showSamples() {
  if (document.hidden || samples.last() === undefined || pool === null) {
    return;
  }
  const shown = samples.since(seconds);
  showFigures();
  charts.throughput.show(throughput(shown, pool, state?.recorded ?? true));
  charts.latency.show(percentiles(shown, pool));
  charts.stages.show(stages(shown, pool, BARS));
  heatMap.show(shown, pool);
}

function showState() {
  if (document.hidden || state === null || pool === null) {
    return;
  }
  const found = state.pools.find((each) => each.name === pool);
  const servers = withRates(found?.servers ?? []);
  const ejected = servers.filter((each) => each.ejected).length;
  tables.servers.remark(servers.length + (servers.length === 1 ? ' server' : ' servers')
    + (ejected > 0 ? ', ' + ejected + ' ejected' : ', none ejected') + '; times of the last half to whole minute');
  tables.servers.show(servers);
  const c = state.clients;
  tables.clients.remark(count(c.clients) + ' connected, ' + count(c.not_read) + ' held back, '
    + count(c.refused_by_memory + c.refused_by_number) + ' refused');
  tables.clients.show(state.pools);
  tables.lanes.show(state.lanes.map((each, number) => ({ ...each, number })));
  const hot = state.hot_keys[pool] ?? {};
  tables.hot.show(hot.hot ?? []);
  tables.big.show(hot.big ?? []);
  tables.talkers.show(hot.talkers ?? []);
  tables.slow.show(state.slow_log);
  if (found?.curve) {
    const xs = found.curve.map((each, i) => 10 ** (i / POINTS_PER_NINE));
    charts.curve.show([xs, found.curve.map((each) => Math.max(1, each))]);
    charts.curve.remark('of ' + count(found.count) + ' requests in the last half to whole minute, greatest '
      + time(found.max));
  } else {
    charts.curve.show([[], []]);
  }
  at('about').textContent = state.version + ', up ' + span((Date.now() - state.started) / 1000);
  at('footer').textContent = 'The last ' + span(state.history.samples) + ' are in memory ('
    + bytes(state.history.bytes) + '); latency_log keeps more. Memory of requests: ' + bytes(state.memory.used) + ' of '
    + bytes(state.memory.max) + '. Transport ' + state.transport + '. Times are those of this browser.';
  const notice = at('notice');
  notice.hidden = state.recorded;
  notice.textContent = 'Latency is not recorded: the configuration says latency: false.';
}

function showStatus() {
  const status = at('status');
  const silent = Date.now() - heardMs > STALE_MS;
  const [word, shown] = heardMs === 0 ? ['wait', 'connecting'] : silent ? ['bad', 'no connection']
    : state && !state.ready ? ['bad', 'not ready'] : ['good', 'live'];
  if (status.textContent !== shown) {
    status.dataset.state = word;
    status.textContent = shown;
  }
}

function showPools() {
  const names = state ? state.pools.map((each) => each.name) : Object.keys(samples.last()?.pools ?? {});
  const select = at('pool');
  const known = [...select.options].map((each) => each.value);
  if (names.length !== known.length || names.some((each, i) => each !== known[i])) {
    select.replaceChildren(...names.map((each) => make('option', { value: each }, each)));
  }
  if (pool === null || !names.includes(pool)) {
    const last = samples.last();
    pool = names.reduce((best, each) => best === null || (last?.pools[each]?.n ?? 0) > (last?.pools[best]?.n ?? 0)
      ? each : best, null);
  }
  if (pool !== null) {
    select.value = pool;
  }
}

function showAll() {
  showPools();
  showSamples();
  showState();
}

async function load() {
  const response = await fetch('history');
  if (!response.ok) {
    throw new Error('history: ' + response.status);
  }
  samples.reset(await response.json());
  showAll();
  listen();
}

function listen() {
  const source = new EventSource('events?after=' + (samples.last()?.s ?? 0));
  let started = null;
  source.addEventListener('sample', (event) => {
    heardMs = Date.now();
    if (samples.add(JSON.parse(event.data))) {
      showPools();
      showSamples();
    }
    showStatus();
  });
  source.addEventListener('state', (event) => {
    const next = JSON.parse(event.data);
    next.at = samples.last()?.t ?? Date.now();
    if (started !== null && next.started !== started) {
      // another process: its numbers begin anew
      source.close();
      before = null;
      state = null;
      begin();
      return;
    }
    started = next.started;
    if (state === null || next.at !== state.at) {
      before = state;
      state = next;
      showAll();
    }
    showStatus();
  });
  source.addEventListener('error', () => {
    showStatus();
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(begin, 2000);
    }
  });
}

function begin() {
  load().catch(() => setTimeout(begin, 2000));
}

at('pool').addEventListener('change', (event) => {
  pool = event.target.value;
  before = null;
  showAll();
});
at('range').addEventListener('change', (event) => {
  seconds = Number(event.target.value);
  showSamples();
});
for (const each of at('theme').querySelectorAll('input')) {
  each.checked = each.value === window.millraceTheme.chosen();
}
at('theme').addEventListener('change', (event) => window.millraceTheme.choose(event.target.value));
document.addEventListener('visibilitychange', showAll);
setInterval(showStatus, 1000);

/** For those who look whether the page shows what it should. */
window.millrace = {
  points: () => ({ ...Object.fromEntries(Object.entries(charts).map(([key, chart]) => [key, chart.points()])),
    heat: heatMap.points() }),
  last: () => samples.last()?.s ?? 0,
  colour,
};

begin();
