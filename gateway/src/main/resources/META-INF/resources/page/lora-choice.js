// The LoRA to draw with, of those that the model has, and what it was made for.
import { recipe } from './words.js';

const field = document.getElementById('lora-field');
const select = document.getElementById('lora');
const words = document.getElementById('lora-recipe');

export class LoraChoice {
  #model;
  #onChange;

  /** @param onChange called when another one is chosen */
  constructor(onChange) {
    this.#onChange = onChange;
    select.addEventListener('change', () => this.#show());
  }

  /** @param model undefined as long as there is none */
  setModel(model) {
    this.#model = model;
    const before = select.value;
    const ids = model?.loras ?? [];
    select.replaceChildren(new Option('none', ''), ...ids.map((id) => new Option(id, id)));
    select.value = ids.includes(before) ? before : '';
    field.hidden = ids.length === 0;
    this.#show();
  }

  value() {
    return select.value ? [{ id: select.value }] : undefined;
  }

  /** What a video is drawn with where nothing is said, with this LoRA. */
  defaults() {
    const { timesteps, guidance_scale } = this.#recipe() ?? {};
    return {
      ...this.#model?.defaults,
      ...(timesteps && { num_inference_steps: timesteps.length }),
      ...((guidance_scale ?? null) !== null && { guidance_scale }),
    };
  }

  #recipe() {
    return this.#model?.lora_recipes?.[select.value];
  }

  #show() {
    const own = this.#recipe();
    words.textContent = own ? recipe(own) : '';
    words.hidden = !words.textContent;
    this.#onChange();
  }
}
