// What a model can draw, by its entry in /v1/models.

const SHAPES = [[16, 9], [3, 2], [4, 3], [1, 1], [3, 4], [2, 3], [9, 16]];

/** The valid value nearest to one, and its neighbours. */
export function nearest(value, least, most, step) {
  const inside = Math.min(most, Math.max(least, value));
  const below = Math.max(least, Math.floor(inside / step) * step);
  const above = Math.min(most, Math.ceil(inside / step) * step);
  return [...new Set([below, above])];
}

const isWithin = ({ limits }, width, height) =>
  width >= limits.min_width &&
  width <= limits.max_width &&
  height >= limits.min_height &&
  height <= limits.max_height &&
  width * height <= limits.max_pixels;

/** The model's own size, then others of about as many pixels: `[{width, height, shape}]`. */
export function sizes(model) {
  const own = [model.defaults.width, model.defaults.height];
  const step = model.limits.size_multiple;
  const area = own[0] * own[1];
  const round = (pixels) => Math.max(step, Math.round(pixels / step) * step);
  const found = new Map([[own.join('x'), { width: own[0], height: own[1] }]]);
  for (const [x, y] of SHAPES) {
    const width = round(Math.sqrt((area * x) / y));
    const height = round((width * y) / x);
    const key = `${width}x${height}`;
    if (isWithin(model, width, height) && !found.has(key)) {
      found.set(key, { width, height });
    }
  }
  return [...found.values()];
}

export const hasOneSize = ({ limits }) =>
  limits.min_width === limits.max_width && limits.min_height === limits.max_height;

/** Numbers of frames that make about whole seconds, and the model's own: `[{frames, seconds}]`. */
export function lengths(model, width, height) {
  const { defaults, limits } = model;
  const most = Math.min(limits.max_frames, (limits.max_video_pixels ?? Infinity) / (width * height));
  const frames = new Set([defaults.num_frames]);
  for (let seconds = 1; ; seconds++) {
    const next = limits.frame_multiple * Math.round((seconds * defaults.fps) / limits.frame_multiple) + 1;
    if (next > most) {
      break;
    }
    frames.add(next);
  }
  return [...frames]
    .filter((count) => count <= most)
    .sort((a, b) => a - b)
    .map((count) => ({ frames: count, seconds: (count - 1) / defaults.fps }));
}
