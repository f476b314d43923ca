// The form: what a video is asked for with.
import { Refusal, call, post } from './api.js';
import { clearErrors, showError } from './field-errors.js';
import { chosenImage, prepare as prepareFiles, setImage, wantImage } from './image.js';
import { numberOf, stringify } from './json.js';
import { LoraChoice } from './lora-choice.js';
import { SizeChoice } from './size-choice.js';
import { say } from './toast.js';

const form = document.getElementById('composer');
const note = document.getElementById('source-note');
const leave = note.querySelector('button');
const submit = document.getElementById('submit');
const field = Object.fromEntries(
  ['prompt', 'model', 'length', 'steps', 'seed', 'enhance', 'negative', 'guidance', 'strength', 'video'].map((id) => [id, document.getElementById(id)]),
);
const enhanceField = document.getElementById('enhance-field');
const strengthField = document.getElementById('strength-field');
const lengthField = document.getElementById('length-field');
const CUT = 80;

/** What becomes of another video: a job's, or a file. */
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
  control: { note: 'A video along this one:', submit: 'Make video', leave: 'Leave control video', path: 'v1/videos', field: 'control_video' },
};

/** What a model makes of a file. */
const operationOf = ({ limits }) => (limits.control_required ? 'control' : limits.image_required ? 'extend' : 'edit');

const isVideo = ({ type, name }) => type.startsWith('video/') || type === 'image/gif' || name.endsWith('.mkv');

export class Composer {
  #models = [];
  #size = new SizeChoice(() => this.#size.fillLengths(field.length));
  #lora = new LoraChoice(() => this.#showDefaults());
  /** The id of the job, or the file, whose video the next one is made from, and how; null for a new one. */
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
    field.video.addEventListener('change', () => (field.video.files.length ? this.#takeVideo(field.video.files[0]) : this.#leaveSource()));
    prepareFiles((file) => (isVideo(file) ? this.#takeVideo(file) : this.#takeImage(file)));
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
    const { fromImage } = OPERATIONS[operation];
    if (fromImage !== undefined && !this.#chooseModel(fromImage)) {
      say(fromImage ? 'No model here goes on with a video.' : 'No model here makes a video from another one.');
      return;
    }
    field.video.value = '';
    this.#source = { operation, id: video.id, name: video.prompt };
    clearErrors();
    this.#showModel();
    this.setPrompt(video.prompt);
    field.prompt.select();
    form.scrollIntoView({ block: 'nearest' });
  }

  /** The next video is to be made from a file, as the chosen model does that. */
  #takeVideo(file) {
    if (!this.model) {
      field.video.value = '';
      return;
    }
    this.#source = { operation: operationOf(this.model), file, name: file.name };
    clearErrors();
    this.#showModel();
    field.prompt.focus();
  }

  #showSource() {
    const { operation, name } = this.#source ?? {};
    note.hidden = !operation;
    form.classList.toggle('remixing', operation === 'remix');
    submit.textContent = OPERATIONS[operation]?.submit ?? 'Make video';
    if (operation) {
      note.querySelector('.what').textContent = OPERATIONS[operation].note;
      note.querySelector('q').textContent = name.length > CUT ? `${name.slice(0, CUT)}…` : name;
      leave.textContent = OPERATIONS[operation].leave;
    }
  }

  #leaveSource() {
    this.#source = null;
    field.video.value = '';
    this.#showModel();
    field.prompt.focus();
  }

  /** The chosen model where it will do, or another one. */
  #chooseModel(fromImage) {
    const fits = ({ limits }) => limits.image_required === fromImage && !limits.control_required;
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
    if (this.#source?.file && model) {
      this.#source.operation = operationOf(model);
    }
    this.#showSource();
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
    this.#source = null;
    field.video.value = '';
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
    const source = this.#source;
    try {
      const video = await this.#send();
      this.#sent = null;
      this.#onMade(video);
      // Unless somebody has chosen another one meanwhile.
      if (source && this.#source === source) {
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
    const { operation, id, file } = this.#source ?? {};
    if (operation === 'remix') {
      return post(`v1/videos/${id}/remix`, { prompt: field.prompt.value });
    }
    const { path = 'v1/videos', field: name = 'video' } = OPERATIONS[operation] ?? {};
    const wanted = id ? { ...this.#wanted(), [name]: { id } } : this.#wanted();
    const image = chosenImage();
    const sent = file ?? image;
    const headers = { 'Idempotency-Key': this.#keyFor(path + stringify(wanted), sent) };
    if (!sent) {
      return post(path, wanted, headers);
    }
    const body = new FormData();
    Object.entries(wanted).forEach(([key, value]) => body.append(key, typeof value === 'object' ? stringify(value) : value));
    body.append(file ? name : 'input_reference', sent);
    return call(path, { method: 'POST', headers, body });
  }

  /** The same for the same request: after an answer that did not come, asking again makes no second video. */
  #keyFor(text, file) {
    if (this.#sent?.text !== text || this.#sent.file !== file) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      this.#sent = { text, file, key: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
    }
    return this.#sent.key;
  }
}
