// JSON with whole numbers as they are: a seed has up to 63 bits, a JavaScript number 53.

export const parse = (text) =>
  JSON.parse(text, (key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context.source)
      : value,
  );

/** What stands for a BigInt until its quotes are taken away. */
const MARK = '\uE000';

export const stringify = (value) =>
  JSON.stringify(value, (key, inner) => (typeof inner === 'bigint' ? `${MARK}${inner}` : inner)).replace(
    new RegExp(`"${MARK}(-?\\d+)"`, 'g'),
    '$1',
  );

/** @returns the number that a field holds, exactly; undefined where it is empty */
export function numberOf({ value }) {
  if (value === '') {
    return undefined;
  }
  return /^\d{16,}$/.test(value) ? BigInt(value) : Number(value);
}
