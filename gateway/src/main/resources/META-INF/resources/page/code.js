// The same job by the API, to take along.
import { address } from './api.js';
import { stringify } from './json.js';
import { heldKey } from './key.js';
import { say } from './toast.js';

const dialog = document.getElementById('code');
const POLL = 'video = client.videos.poll(video.id)\n';
const BYTES = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * What asks for the same video again. What was left to the model stays out where it is not known yet. An enhanced prompt is sent as it
 * was drawn, since it would be another one the next time.
 */
export function wanted(video) {
  const { model, size, seed, num_frames, fps, num_inference_steps, guidance_scale, negative_prompt, loras, timesteps } = video;
  const prompt = video.enhanced_prompt ?? video.prompt;
  const enhance_prompt = (video.status === 'queued' && video.enhance_prompt) || null;
  const drawing = { num_frames, fps, num_inference_steps, guidance_scale, negative_prompt, seed, loras, timesteps };
  const all = { prompt, model, size, ...drawing, enhance_prompt, ...source(video) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== undefined && value !== ''));
}

/** What it is made from; where no job has that, a key stands for it. */
function source({ operation, strength, remixed_from_video_id }) {
  const from = remixed_from_video_id ? { id: remixed_from_video_id } : { key: 'inputs/video.mp4' };
  return operation ? { [operation === 'control' ? 'control_video' : 'video']: from, strength } : {};
}

const paths = { edit: 'v1/videos/edits', extend: 'v1/videos/extensions' };

export function asCurl(video) {
  const quoted = stringify(wanted(video)).replaceAll("'", `'\\''`);
  const key = heldKey() ? `  -H "Authorization: Bearer $TEXT2VIDEO_API_KEY" \\\n` : '';
  return `curl ${address(paths[video.operation] ?? 'v1/videos')} \\\n  -H 'Content-Type: application/json' \\\n${key}  -d '${quoted}'`;
}

/** The client knows prompt, model and size, or the video; what is our own goes into its `extra_body`. */
export function asOpenAi(video) {
  const { prompt, model, size, video: from, ...own } = wanted(video);
  const known = from ? { prompt, video: from } : { prompt, model, size };
  if (from) {
    Object.assign(own, model && { model }, size && { size });
  }
  const [method, then] = { edit: ['edit', POLL], extend: ['extend', POLL] }[video.operation] ?? ['create_and_poll', ''];
  const key = heldKey() ? 'os.environ["TEXT2VIDEO_API_KEY"]' : '"none"';
  return `${heldKey() ? 'import os\n\n' : ''}from openai import OpenAI

client = OpenAI(base_url=${python(address('v1'))}, api_key=${key})
video = client.videos.${method}(
${lines(known)}    extra_body=${python(own)},
)
${then}client.videos.download_content(video.id).write_to_file("video.mp4")`;
}

const lines = (values) =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `    ${name}=${python(value)},\n`)
    .join('');

function python(value) {
  if (typeof value === 'string') {
    return `"${value.replace(/["\\]/g, '\\$&').replace(/[\n\r\t]/g, (c) => BYTES[c])}"`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(python).join(', ')}]`;
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value).map(([name, inner]) => `${python(name)}: ${python(inner)}`).join(', ')}}`;
  }
  return { true: 'True', false: 'False', null: 'None' }[value] ?? String(value);
}

export function showCode(video) {
  document.getElementById('curl').textContent = asCurl(video);
  document.getElementById('openai').textContent = asOpenAi(video);
  dialog.showModal();
}

dialog.addEventListener('click', async (event) => {
  const name = event.target.dataset.copy;
  if (name) {
    await copy(document.getElementById(name));
  } else if (event.target === dialog) {
    dialog.close();
  }
});

/** A page that came by http from another machine has no clipboard; what is selected can be copied there all the same. */
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    say('Copied', dialog);
  } catch {
    getSelection().selectAllChildren(element);
    say(document.execCommand('copy') ? 'Copied' : 'Selected: copy it with Ctrl+C', dialog);
  }
}
