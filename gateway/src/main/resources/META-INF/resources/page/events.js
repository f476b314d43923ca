// Server-Sent Events of all jobs. Read by fetch: an EventSource cannot send a key.
import { Refusal, refusal, send } from './api.js';
import { parse } from './json.js';

/** Heartbeats come every 15 seconds; a connection that says nothing for so long is dead. */
const SILENCE = 60_000;
const LONGEST_DELAY = 30_000;

/**
 * Follows all jobs for as long as the page is seen, across restarts of the gateway. A hidden page lets go of its connection: a
 * browser has six to one host, and each tab would hold one.
 *
 * @param onEvent called with the event's name and data
 * @param onState called with `live`, `waiting` or `locked`
 */
export async function follow(onEvent, onState) {
  const place = { lastId: null, retry: 2_000 };
  let failures = 0;
  for (;;) {
    await seen();
    try {
      await read(place, onEvent, () => {
        failures = 0;
        onState('live');
      });
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 401) {
        onState('locked');
        return;
      }
    }
    if (!document.hidden) {
      onState('waiting');
      const delay = Math.min(LONGEST_DELAY, place.retry * 2 ** failures++);
      await new Promise((over) => setTimeout(over, delay * (0.75 + Math.random() / 2)));
    }
  }
}

function seen() {
  return new Promise((visible) => {
    const look = () => {
      if (!document.hidden) {
        document.removeEventListener('visibilitychange', look);
        visible();
      }
    };
    document.addEventListener('visibilitychange', look);
    look();
  });
}

/** One connection, to its end. */
async function read(place, onEvent, onOpen) {
  const connection = new AbortController();
  const leave = () => document.hidden && connection.abort();
  let watch;
  const heard = () => {
    clearTimeout(watch);
    watch = setTimeout(() => connection.abort(), SILENCE);
  };
  document.addEventListener('visibilitychange', leave);
  try {
    const headers = { Accept: 'text/event-stream', ...(place.lastId && { 'Last-Event-ID': place.lastId }) };
    heard();
    const response = await send('v1/videos/events', { headers, cache: 'no-store', signal: connection.signal });
    if (!response.ok) {
      throw await refusal(response);
    }
    onOpen();
    const events = parser(place, onEvent);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      heard();
      events(piece.value);
    }
  } finally {
    clearTimeout(watch);
    document.removeEventListener('visibilitychange', leave);
  }
}

/** @returns takes text as it comes, in pieces that end anywhere */
export function parser(place, onEvent) {
  let rest = '';
  let event = {};
  const fields = {
    event: (value) => (event.name = value),
    data: (value) => (event.data = event.data === undefined ? value : `${event.data}\n${value}`),
    id: (value) => (place.lastId = value),
    retry: (value) => (place.retry = Number(value) || place.retry),
  };
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (event.data !== undefined) {
          onEvent(event.name ?? 'message', parse(event.data));
        }
        event = {};
        continue;
      }
      const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
      fields[name]?.(value);
    }
  };
}
