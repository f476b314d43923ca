// Size and length: those that the model can draw, or any width and height, with the nearest valid ones.
import { hasOneSize, lengths, nearest, sizes } from './limits.js';

const select = document.getElementById('size');
const custom = document.getElementById('custom-size');
const width = document.getElementById('width');
const height = document.getElementById('height');
const hint = document.getElementById('size-hint');

const ratio = (a, b) => {
  const names = { 1: '1:1', 1.5: '3:2', 1.78: '16:9', 1.33: '4:3', 0.67: '2:3', 0.56: '9:16', 0.75: '3:4' };
  const [near] = Object.keys(names).sort((x, y) => Math.abs(x - a / b) - Math.abs(y - a / b));
  return Math.abs(near - a / b) < 0.06 ? names[near] : a > b ? 'wide' : 'tall';
};

export class SizeChoice {
  #model;
  #onChange;

  constructor(onChange) {
    this.#onChange = onChange;
    select.addEventListener('change', () => this.#choose());
    [width, height].forEach((input) => input.addEventListener('input', () => this.#judge()));
    hint.addEventListener('click', ({ target }) => {
      if (target.dataset.for) {
        document.getElementById(target.dataset.for).value = target.textContent;
        this.#judge();
        document.getElementById(target.dataset.for).focus();
      }
    });
  }

  /** @param model undefined as long as there is none: then the worker that comes decides */
  setModel(model) {
    this.#model = model;
    const options = model ? sizes(model) : [];
    select.replaceChildren(
      ...options.map(({ width, height }) => new Option(`${width} × ${height} · ${ratio(width, height)}`, `${width}x${height}`)),
    );
    if (!model) {
      select.append(new Option('the model decides', ''));
    } else if (!hasOneSize(model)) {
      select.append(new Option('other…', 'custom'));
    }
    select.disabled = select.options.length < 2;
    this.#choose();
  }

  #choose() {
    custom.hidden = select.value !== 'custom';
    if (!custom.hidden && !width.value) {
      width.value = this.#model.defaults.width;
      height.value = this.#model.defaults.height;
    }
    this.#judge();
  }

  value() {
    if (!select.value) {
      return undefined;
    }
    const [w, h] = custom.hidden ? select.value.split('x') : [width.value, height.value];
    return { width: Number(w), height: Number(h) };
  }

  /** Numbers of frames that fit the size; the chosen one stays where it may. */
  fillLengths(list) {
    const size = this.value();
    const before = Number(list.value) || this.#model?.defaults.num_frames;
    const options = this.#model && size ? lengths(this.#model, size.width, size.height) : [];
    list.replaceChildren(
      ...options.map(({ frames, seconds }) => new Option(`${Number(seconds.toFixed(1))} s · ${frames} frames`, frames)),
    );
    if (options.length === 0) {
      list.append(new Option('the model decides', ''));
    }
    const kept = options.findLast(({ frames }) => frames <= before) ?? options[0];
    list.value = kept?.frames ?? '';
  }

  #judge() {
    hint.replaceChildren();
    if (!custom.hidden) {
      const { limits } = this.#model;
      this.#judgeOne(width, limits.min_width, limits.max_width);
      this.#judgeOne(height, limits.min_height, limits.max_height);
      if (!hint.hasChildNodes() && width.value * height.value > limits.max_pixels) {
        hint.append(`At most ${limits.max_pixels.toLocaleString('en')} pixels: ${width.value} × ${height.value} are more.`);
      }
    }
    this.#onChange();
  }

  #judgeOne(input, least, most) {
    const step = this.#model.limits.size_multiple;
    Object.assign(input, { min: least, max: most, step });
    const value = Number(input.value);
    const near = nearest(value, least, most, step);
    const isValid = near.includes(value);
    input.setAttribute('aria-invalid', String(!isValid));
    if (!isValid) {
      const what = value < least || value > most ? `from ${least} to ${most}` : `a multiple of ${step}`;
      const offers = near.flatMap((pixels) => [' or ', this.#offer(input, pixels)]).slice(1);
      hint.append(`${input.value || 'Nothing'} is not ${what}; nearest: `, ...offers, ' ');
    }
  }

  #offer(input, pixels) {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'offer', textContent: pixels });
    button.dataset.for = input.id;
    return button;
  }
}
