// The samples of the last hour, and columns of them for the charts. A sample is what Sampler.java describes.

const HOUR = 3600;
export const STAGES = ['link_wait', 'server', 'order_wait', 'client_write'];

export class Samples {
  #all = [];

  /** Begins anew. */
  reset(samples) {
    this.#all = samples.slice(-HOUR);
  }

  /** Adds one; false if it is known. */
  add(sample) {
    const last = this.last();
    if (last && sample.s <= last.s) {
      return false;
    }
    this.#all.push(sample);
    if (this.#all.length > HOUR) {
      this.#all.shift();
    }
    return true;
  }

  last() {
    return this.#all[this.#all.length - 1];
  }

  /** Those of so many seconds up to the last one. */
  since(seconds) {
    if (this.#all.length === 0) {
      return [];
    }
    const from = this.last().t - seconds * 1000;
    let at = this.#all.length;
    while (at > 0 && this.#all[at - 1].t > from) {
      at--;
    }
    return this.#all.slice(at);
  }
}

function perSecond(value, sample) {
  return sample.d > 0 ? value * 1000 / sample.d : null;
}

/** Seconds since 1970. */
export function times(samples) {
  return samples.map((each) => each.t / 1000);
}

/** Requests a second of a pool, and those of them that failed. */
export function throughput(samples, pool, recorded) {
  return [times(samples),
    samples.map((each) => perSecond(recorded ? each.pools[pool]?.n ?? 0 : each.r, each)),
    samples.map((each) => perSecond(each.pools[pool]?.f ?? 0, each))];
}

/** Bytes a second of a pool, both ways. */
export function traffic(sample, pool) {
  return perSecond(sample.pools[pool]?.b ?? 0, sample);
}

/** The percentiles of each sample in microseconds. None are zero, for the axis is logarithmic. */
export function percentiles(samples, pool) {
  const columns = [times(samples)];
  for (let i = 0; i < 5; i++) {
    columns.push(samples.map((each) => {
      const found = each.pools[pool]?.p;
      return found ? Math.max(1, found[i]) : null;
    }));
  }
  return columns;
}

/** Groups of samples that lie beside each other, at most so many. */
export function groups(samples, most) {
  if (samples.length === 0) {
    return [];
  }
  const size = Math.max(1, Math.ceil(samples.length / most));
  const found = [];
  // by their numbers, so that a group stays what it is while others come
  for (const each of samples) {
    const id = Math.floor(each.s / size);
    if (found.length === 0 || found[found.length - 1].id !== id) {
      found.push({ id, size, samples: [] });
    }
    found[found.length - 1].samples.push(each);
  }
  return found;
}

/** The mean of each stage in each group, in microseconds; a sample counts for as much as it has requests. */
export function stages(samples, pool, most) {
  const parts = groups(samples, most);
  return [parts.map((part) => part.samples[0].t / 1000), ...STAGES.map((stage) => parts.map((part) => {
    let sum = 0;
    let weight = 0;
    for (const each of part.samples) {
      const found = each.pools[pool];
      if (found && found.n && found[stage] !== undefined) {
        sum += found[stage] / 10 * found.n;
        weight += found.n;
      }
    }
    return weight === 0 ? null : sum / weight;
  }))];
}

/** What is least and most in a row of the heat map, in microseconds. */
export function heatRow(row) {
  const octave = 2 ** Math.floor(row / 4);
  return [octave * (4 + row % 4) / 4, octave * (5 + row % 4) / 4];
}

/** Columns of the heat map: when each begins and ends, and how many requests each row has. */
export function heat(samples, pool, most) {
  return groups(samples, most).map((part) => {
    const rows = new Map();
    for (const each of part.samples) {
      const cells = each.pools[pool]?.h ?? [];
      for (let i = 0; i < cells.length; i += 2) {
        rows.set(cells[i], (rows.get(cells[i]) ?? 0) + cells[i + 1]);
      }
    }
    const first = part.samples[0];
    const last = part.samples[part.samples.length - 1];
    return { from: (first.t - first.d) / 1000, to: last.t / 1000, rows };
  });
}
