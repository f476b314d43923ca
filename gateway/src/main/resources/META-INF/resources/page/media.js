// Posters and videos. The browser fetches them itself, but where there is a key: it cannot send one.
import { address, refusal, send } from './api.js';
import { heldKey } from './key.js';

/** @returns an address for `src` and `href`; one that begins with `blob:` is to be released */
export async function source(id, variant = 'video') {
  const path = `v1/videos/${id}/content?variant=${variant}`;
  if (!heldKey()) {
    return address(path);
  }
  const response = await send(path);
  if (!response.ok) {
    throw await refusal(response);
  }
  return URL.createObjectURL(await response.blob());
}

export function release(url) {
  if (url?.startsWith('blob:')) {
    URL.revokeObjectURL(url);
  }
}

/** Saves the video under its id, as the gateway names it. */
export async function download(id) {
  const link = document.createElement('a');
  link.href = await source(id);
  link.download = `${id}.mp4`;
  link.click();
  setTimeout(() => release(link.href), 60_000);
}

const ids = new WeakMap();

// A screen's height before it is seen, so that scrolling finds it there.
const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => show(target)),
  { rootMargin: '50% 0px' },
);

/** Has the poster fetched once its place comes near. */
export function showPoster(button, id) {
  if (!ids.has(button)) {
    ids.set(button, id);
    near.observe(button);
  }
}

async function show(button) {
  near.unobserve(button);
  const image = button.querySelector('img');
  try {
    image.src = await source(ids.get(button), 'thumbnail');
    await image.decode();
    image.hidden = false;
  } catch {
    // The video may play all the same.
  } finally {
    release(image.src);
  }
}
