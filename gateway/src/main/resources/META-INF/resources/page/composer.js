// The form: what a video is asked for with.
import { Refusal, call, post } from './api.js';
import { clearErrors, showError } from './field-errors.js';
import { chosenImage, prepare as prepareImage, setImage, wantImage } from './image.js';
import { numberOf, stringify } from './json.js';
import { LoraChoice } from './lora-choice.js';
import { SizeChoice } from './size-choice.js';
import { say } from './toast.js';

const form = document.getElementById('composer');
const note = document.getElementById('remix-note');
const submit = document.getElementById('submit');
const field = Object.fromEntries(
  ['prompt', 'model', 'length', 'steps', 'seed', 'enhance', 'negative', 'guidance'].map((id) => [id, document.getElementById(id)]),
);
const enhanceField = document.getElementById('enhance-field');
const CUT = 80;

export class Composer {
  #models = [];
  #size = new SizeChoice(() => this.#size.fillLengths(field.length));
  #lora = new LoraChoice(() => this.#showDefaults());
  #remixed = null;
  /** What was sent last without an answer that settles it, and its key. */
  #sent = null;
  #onMade;

  /** @param onMade called with the Video of a job that was accepted */
  constructor(onMade) {
    this.#onMade = onMade;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#make();
    });
    form.addEventListener('input', clearErrors);
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    field.model.addEventListener('change', () => this.#showModel());
    note.querySelector('button').addEventListener('click', () => this.#leaveRemix());
    prepareImage((file) => this.#takeImage(file));
  }

  get model() {
    return this.#models.find(({ id }) => id === field.model.value);
  }

  setModels(models) {
    const before = field.model.value;
    this.#models = models;
    field.model.replaceChildren(...models.map(({ id }) => new Option(id, id)));
    field.model.disabled = models.length === 0;
    if (models.length === 0) {
      field.model.append(new Option('no worker has announced one yet', ''));
    }
    const preferred = models.find(({ id }) => id === before) ?? models.find((model) => model.preferred) ?? models[0];
    field.model.value = preferred?.id ?? '';
    this.#showModel();
  }

  setPrompt(prompt) {
    field.prompt.value = prompt;
    field.prompt.focus();
  }

  /** The next video is to be this one with another prompt. */
  remix(video) {
    this.#remixed = video.id;
    note.querySelector('q').textContent = video.prompt.length > CUT ? `${video.prompt.slice(0, CUT)}…` : video.prompt;
    note.hidden = false;
    form.classList.add('remixing');
    clearErrors();
    this.setPrompt(video.prompt);
    field.prompt.select();
    form.scrollIntoView({ block: 'nearest' });
    submit.textContent = 'Remix';
  }

  #leaveRemix() {
    this.#remixed = null;
    note.hidden = true;
    form.classList.remove('remixing');
    submit.textContent = 'Make video';
    field.prompt.focus();
  }

  #showModel() {
    const { model } = this;
    wantImage(Boolean(model?.limits.image_required));
    this.#size.setModel(model);
    field.steps.max = model?.limits.max_steps ?? '';
    enhanceField.hidden = !model?.enhances_prompts;
    this.#lora.setModel(model);
  }

  #showDefaults() {
    const { num_inference_steps, guidance_scale } = this.#lora.defaults();
    field.steps.placeholder = num_inference_steps ?? '';
    field.guidance.placeholder = guidance_scale ?? '';
  }

  #takeImage(file) {
    if (!this.model?.limits.image_required) {
      const other = this.#models.find(({ limits }) => limits.image_required);
      if (!other) {
        say('No model here starts from an image.');
        return;
      }
      field.model.value = other.id;
      this.#showModel();
      say(`${other.id} starts from an image, so it is chosen now.`);
    }
    setImage(file);
  }

  #wanted() {
    const size = this.#size.value();
    const all = {
      prompt: field.prompt.value,
      model: field.model.value || undefined,
      size: size && `${size.width}x${size.height}`,
      num_frames: numberOf(field.length),
      num_inference_steps: numberOf(field.steps),
      seed: numberOf(field.seed),
      negative_prompt: field.negative.value || undefined,
      guidance_scale: numberOf(field.guidance),
      loras: this.#lora.value(),
      enhance_prompt: (field.enhance.checked && !enhanceField.hidden) || undefined,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  async #make() {
    clearErrors();
    submit.disabled = true;
    try {
      const video = this.#remixed
        ? await post(`v1/videos/${this.#remixed}/remix`, { prompt: field.prompt.value })
        : await this.#create();
      this.#sent = null;
      this.#onMade(video);
      if (this.#remixed) {
        this.#leaveRemix();
      }
      say('On its way');
    } catch (failure) {
      if (!(failure instanceof Refusal)) {
        throw failure;
      }
      showError(failure);
    } finally {
      submit.disabled = false;
    }
  }

  #create() {
    const wanted = this.#wanted();
    const image = chosenImage();
    const headers = { 'Idempotency-Key': this.#keyFor(stringify(wanted), image) };
    if (!image) {
      return post('v1/videos', wanted, headers);
    }
    const body = new FormData();
    Object.entries(wanted).forEach(([name, value]) => body.append(name, typeof value === 'object' ? stringify(value) : value));
    body.append('input_reference', image);
    return call('v1/videos', { method: 'POST', headers, body });
  }

  /** The same for the same request: after an answer that did not come, asking again makes no second video. */
  #keyFor(text, image) {
    if (this.#sent?.text !== text || this.#sent.image !== image) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      this.#sent = { text, image, key: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
    }
    return this.#sent.key;
  }
}
