// A video, played. It is fetched when it is wanted, and let go when the player closes.
import { release, source } from './media.js';
import { duration } from './words.js';

const dialog = document.getElementById('player');
const screen = dialog.querySelector('.screen');
const title = document.getElementById('player-title');
const list = dialog.querySelector('dl');
const loop = document.getElementById('loop');

let shown = null;

/** @param actions as of the grid */
export function prepare(actions) {
  dialog.addEventListener('click', (event) => {
    const action = event.target.closest('[data-action]')?.dataset.action;
    if (action) {
      actions[action](shown, event);
    } else if (event.target === dialog) {
      dialog.close();
    }
  });
  dialog.addEventListener('close', () => {
    const video = screen.firstElementChild;
    video?.pause();
    release(video?.src);
    screen.replaceChildren();
  });
  loop.addEventListener('change', () => {
    const video = screen.firstElementChild;
    video.loop = loop.checked;
    if (loop.checked && video.ended) {
      video.play();
    }
  });
}

export function close() {
  dialog.close();
}

export async function play(job) {
  shown = job;
  title.textContent = job.prompt;
  list.replaceChildren(...rows(job));
  dialog.querySelector('[data-action=download]').href = `v1/videos/${job.id}/content`;
  const video = document.createElement('video');
  Object.assign(video, { controls: true, loop: loop.checked, muted: true, autoplay: true, playsInline: true });
  video.setAttribute('aria-label', job.prompt);
  screen.replaceChildren(video);
  dialog.showModal();
  video.src = await source(job.id);
}

function rows(job) {
  const timings = job.timings && Object.entries(job.timings).filter(([name]) => name !== 'queue');
  const facts = {
    'Drawn as': job.enhanced_prompt,
    Model: job.model,
    LoRAs: job.loras?.map(({ id, scale }) => `${id} × ${scale}`).join(', '),
    Size: job.size?.replace('x', ' × '),
    Length: `${job.seconds} s, ${job.num_frames} frames`,
    Seed: job.seed,
    Steps: job.num_inference_steps,
    Timesteps: job.timesteps?.join(', '),
    Guidance: job.guidance_scale,
    'Not to draw': job.negative_prompt,
    Took: timings && duration(timings.reduce((sum, [, seconds]) => sum + seconds, 0)),
    Made: new Date(job.created_at * 1000).toLocaleString(),
    Job: job.id,
  };
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .flatMap(([name, value]) => [row('dt', name), row('dd', value)]);
}

function row(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
