// The form: what a video is asked for with.
import { Refusal, call, post } from './api.js';
import { clearErrors, showError } from './field-errors.js';
import { chosenImage, prepare as prepareImage, setImage, wantImage } from './image.js';
import { numberOf, stringify } from './json.js';
import { LoraChoice } from './lora-choice.js';
import { SizeChoice } from './size-choice.js';
import { say } from './toast.js';

const form = document.getElementById('composer');
const note = document.getElementById('source-note');
const leave = note.querySelector('button');
const submit = document.getElementById('submit');
const field = Object.fromEntries(
  ['prompt', 'model', 'length', 'steps', 'seed', 'enhance', 'negative', 'guidance', 'strength'].map((id) => [id, document.getElementById(id)]),
);
const enhanceField = document.getElementById('enhance-field');
const strengthField = document.getElementById('strength-field');
const lengthField = document.getElementById('length-field');
const CUT = 80;

/** What becomes of a job's video. */
const OPERATIONS = {
  remix: { note: 'The same video with another prompt:', submit: 'Remix', leave: 'Leave remix' },
  edit: { note: 'This video, drawn anew by a prompt:', submit: 'Edit', leave: 'Leave edit', path: 'v1/videos/edits', fromImage: false },
  extend: {
    note: 'This video, and what comes after it:',
    submit: 'Extend',
    leave: 'Leave extension',
    path: 'v1/videos/extensions',
    fromImage: true,
  },
};

export class Composer {
  #models = [];
  #size = new SizeChoice(() => this.#size.fillLengths(field.length));
  #lora = new LoraChoice(() => this.#showDefaults());
  /** The id of the job whose video the next one is made from, and how; null for a new one. */
  #source = null;
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
    leave.addEventListener('click', () => this.#leaveSource());
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

  /** The next video is to be made from this one. */
  startFrom(operation, video) {
    const { note: what, submit: does, leave: not, fromImage } = OPERATIONS[operation];
    if (fromImage !== undefined && !this.#chooseModel(fromImage)) {
      say(fromImage ? 'No model here goes on with a video.' : 'No model here makes a video from another one.');
      return;
    }
    this.#source = { operation, id: video.id };
    note.querySelector('.what').textContent = what;
    note.querySelector('q').textContent = video.prompt.length > CUT ? `${video.prompt.slice(0, CUT)}…` : video.prompt;
    leave.textContent = not;
    note.hidden = false;
    form.classList.toggle('remixing', operation === 'remix');
    clearErrors();
    this.#showModel();
    this.setPrompt(video.prompt);
    field.prompt.select();
    form.scrollIntoView({ block: 'nearest' });
    submit.textContent = does;
  }

  #leaveSource() {
    this.#source = null;
    note.hidden = true;
    form.classList.remove('remixing');
    submit.textContent = 'Make video';
    this.#showModel();
    field.prompt.focus();
  }

  /** The chosen model where it will do, or another one. */
  #chooseModel(fromImage) {
    const fits = ({ limits }) => limits.image_required === fromImage;
    if (this.model && fits(this.model)) {
      return true;
    }
    const other = this.#models.find(fits);
    if (other) {
      field.model.value = other.id;
      say(`${other.id} does that, so it is chosen now.`);
    }
    return Boolean(other);
  }

  #showModel() {
    const { model } = this;
    const path = OPERATIONS[this.#source?.operation]?.path;
    wantImage(Boolean(model?.limits.image_required) && !path);
    strengthField.hidden = this.#source?.operation !== 'edit';
    lengthField.hidden = Boolean(path);
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
    if (!this.#chooseModel(true)) {
      say('No model here starts from an image.');
      return;
    }
    this.#showModel();
    setImage(file);
  }

  #wanted() {
    const size = this.#size.value();
    const all = {
      prompt: field.prompt.value,
      model: field.model.value || undefined,
      size: size && `${size.width}x${size.height}`,
      num_frames: lengthField.hidden ? undefined : numberOf(field.length),
      num_inference_steps: numberOf(field.steps),
      seed: numberOf(field.seed),
      negative_prompt: field.negative.value || undefined,
      guidance_scale: numberOf(field.guidance),
      loras: this.#lora.value(),
      enhance_prompt: (field.enhance.checked && !enhanceField.hidden) || undefined,
      strength: strengthField.hidden ? undefined : numberOf(field.strength),
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  async #make() {
    clearErrors();
    submit.disabled = true;
    try {
      const video = await this.#send();
      this.#sent = null;
      this.#onMade(video);
      if (this.#source) {
        this.#leaveSource();
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

  #send() {
    const { operation, id } = this.#source ?? {};
    if (operation === 'remix') {
      return post(`v1/videos/${id}/remix`, { prompt: field.prompt.value });
    }
    const path = OPERATIONS[operation]?.path ?? 'v1/videos';
    const wanted = operation ? { ...this.#wanted(), video: { id } } : this.#wanted();
    const image = chosenImage();
    const headers = { 'Idempotency-Key': this.#keyFor(path + stringify(wanted), image) };
    if (!image) {
      return post(path, wanted, headers);
    }
    const body = new FormData();
    Object.entries(wanted).forEach(([name, value]) => body.append(name, typeof value === 'object' ? stringify(value) : value));
    body.append('input_reference', image);
    return call(path, { method: 'POST', headers, body });
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
