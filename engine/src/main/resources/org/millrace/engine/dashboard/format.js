// Numbers as people read them: three digits, and a unit.

function three(value) {
  if (value === 0) {
    return '0';
  }
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function plain(text) {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A time that is given in microseconds. */
export function time(us) {
  if (us === null || us === undefined) {
    return '–';
  }
  if (us < 1000) {
    return plain(us < 10 ? us.toFixed(1) : us.toFixed(0)) + ' µs';
  }
  return us < 1e6 ? three(us / 1e3) + ' ms' : three(us / 1e6) + ' s';
}

/** The same on an axis, where places are few. */
export function timeTick(us) {
  return us === null || us === undefined ? null
    : us < 1000 ? plain(String(us)) + ' µs' : us < 1e6 ? us / 1e3 + ' ms' : us / 1e6 + ' s';
}

/** A number of things. */
export function count(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  if (value < 10000) {
    return Number.isInteger(value) ? String(value) : plain(three(value));
  }
  return value < 1e6 ? three(value / 1e3) + ' k' : value < 1e9 ? three(value / 1e6) + ' M' : three(value / 1e9) + ' G';
}

/** Bytes, in steps of 1024. */
export function bytes(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let rest = value;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return (unit === 0 ? String(rest) : plain(three(rest))) + ' ' + units[unit];
}

/** A share of one. */
export function percent(share) {
  return share === null || share === undefined || Number.isNaN(share) ? '–' : (share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1) + ' %';
}

/** Seconds since 1970, as the time of the day here. */
export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit',
    hour12: false });
}

/** A while that is given in seconds. */
export function span(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds % 86400 / 3600);
  const minutes = Math.floor(seconds % 3600 / 60);
  return days > 0 ? days + ' d ' + hours + ' h' : hours > 0 ? hours + ' h ' + minutes + ' min'
    : minutes > 0 ? minutes + ' min' : Math.floor(seconds) + ' s';
}
