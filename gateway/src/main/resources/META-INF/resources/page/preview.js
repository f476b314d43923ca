// What a video looks like while it is drawn: fetched when the Video tells of another preview, one fetch at a time.
import { send } from './api.js';

export class Preview {
  #image;
  #path;
  /** The attempt and step whose preview is to be shown; null for none. */
  #wanted = null;
  /** Those that were asked for last. */
  #asked = null;
  #isAsking = false;

  constructor(image, id) {
    this.#image = image;
    this.#path = `v1/videos/${id}/preview`;
  }

  show({ attempt, preview_step: step }) {
    this.#wanted = step ? `${attempt} ${step}` : null;
    if (this.#wanted !== null) {
      this.#ask();
    } else if (!this.#image.hidden) {
      this.#image.hidden = true;
      this.#image.removeAttribute('src');
    }
  }

  /** With the key, where there is one. What is out of sight is not fetched: the grid shows each job again every second. */
  async #ask() {
    const isSeen = this.#image.parentElement.checkVisibility({ contentVisibilityAuto: true });
    if (this.#isAsking || this.#asked === this.#wanted || !isSeen) {
      return;
    }
    this.#isAsking = true;
    this.#asked = this.#wanted;
    try {
      const response = await send(this.#path, { cache: 'no-store' });
      if (response.ok) {
        await this.#draw(await response.blob());
      }
    } catch {
      // The video is drawn all the same, and the next preview may come.
    } finally {
      this.#isAsking = false;
    }
  }

  /** The one before stays until this one is decoded. */
  async #draw(jpeg) {
    const next = this.#image.cloneNode();
    next.src = URL.createObjectURL(jpeg);
    try {
      await next.decode();
    } finally {
      URL.revokeObjectURL(next.src);
    }
    if (this.#wanted !== null) {
      next.hidden = false;
      this.#image.replaceWith(next);
      this.#image = next;
    }
  }
}
