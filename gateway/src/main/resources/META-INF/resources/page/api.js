// Calls to the gateway that served this page. Paths are relative, so that it may lie behind a proxy's own.
import { parse, stringify } from './json.js';
import { askForKey, heldKey, keyHeaders } from './key.js';

/** The gateway refuses, in its own words; `param` is the field at fault, if one is. */
export class Refusal extends Error {
  constructor(status, { message, param = null, code = null }) {
    super(message);
    this.status = status;
    this.param = param;
    this.code = code;
  }
}

export const address = (path) => new URL(path, document.baseURI).href;

/** Answers whatever the status, but asks for a key where the gateway wants one. */
export async function send(path, options = {}) {
  for (;;) {
    const used = heldKey();
    const response = await fetch(address(path), { ...options, headers: { ...options.headers, ...keyHeaders() } });
    if (response.status !== 401) {
      return response;
    }
    if (used === heldKey() && !(await askForKey(used))) {
      throw new Refusal(401, { message: 'This fleet asks for an API key.' });
    }
  }
}

/** @returns the JSON of a good answer; throws a Refusal for any other */
export async function call(path, options) {
  let response;
  try {
    response = await send(path, options);
  } catch (failure) {
    throw failure instanceof Refusal
      ? failure
      : new Refusal(0, { message: 'The gateway does not answer. Is it running?' });
  }
  if (!response.ok) {
    throw await refusal(response);
  }
  return parse(await response.text());
}

export async function refusal(response) {
  const body = await response.json().catch(() => null);
  return new Refusal(response.status, body?.error ?? { message: `The gateway answered ${response.status}.` });
}

/** @param json undefined for a call that says all by its path */
export function post(path, json, headers) {
  const sent = json && { headers: { 'Content-Type': 'application/json', ...headers }, body: stringify(json) };
  return call(path, { method: 'POST', ...sent });
}
