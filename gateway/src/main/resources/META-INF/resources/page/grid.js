// The cards, in the order of the jobs.
import { Card } from './card.js';
import { hasEnded } from './jobs.js';

const list = document.getElementById('jobs');
const empty = document.getElementById('empty');
const counts = document.getElementById('counts');

export class Grid {
  #jobs;
  #cards = new Map();
  #changed = new Set();
  #isDue = false;

  /** @param actions what a card's buttons do, by their data-action; each gets the Video */
  show(jobs, actions) {
    this.#jobs = jobs;
    list.addEventListener('click', (event) => {
      const button = event.target.closest('[data-action]');
      const video = button && jobs.get(button.closest('.card').dataset.id);
      if (video) {
        actions[button.dataset.action](video, event);
      }
    });
    // What is said of the time to come changes by itself.
    setInterval(() => {
      if (!document.hidden) {
        jobs.all().filter((video) => !hasEnded(video)).forEach((video) => this.changed(video.id));
      }
    }, 1_000);
  }

  /** Draws once a frame, however many events came. */
  changed(id) {
    this.#changed.add(id);
    if (!this.#isDue) {
      this.#isDue = true;
      // A hidden page has no frames.
      (document.hidden ? setTimeout : requestAnimationFrame)(() => this.#draw());
    }
  }

  #draw() {
    this.#isDue = false;
    // The oldest first: each is put before one that is there already.
    const ids = [...this.#changed].sort().map((id) => [id, this.#jobs.get(id)]);
    this.#changed.clear();
    ids.filter(([, video]) => !video).forEach(([id]) => this.#remove(id));
    const known = ids.filter(([, video]) => video);
    known.sort(([, a], [, b]) => a.created_at - b.created_at);
    known.forEach(([id, video]) => this.#cardOf(id).show(video));
    this.#summarize();
  }

  #cardOf(id) {
    let card = this.#cards.get(id);
    if (!card) {
      card = new Card(id);
      this.#cards.set(id, card);
      const next = this.#cards.get(this.#jobs.after(id));
      list.insertBefore(card.element, next?.element ?? null);
    }
    return card;
  }

  #remove(id) {
    const element = this.#cards.get(id)?.element;
    if (element?.contains(document.activeElement)) {
      (element.nextElementSibling ?? element.previousElementSibling)?.querySelector('button:not([hidden])')?.focus();
    }
    element?.remove();
    this.#cards.delete(id);
  }

  #summarize() {
    const open = this.#jobs.all().filter((video) => !hasEnded(video));
    const running = open.filter((video) => video.status === 'in_progress').length;
    const words = [running && `${running} in progress`, open.length - running && `${open.length - running} queued`];
    const text = words.filter(Boolean).join(' · ');
    if (counts.textContent !== text) {
      counts.textContent = text;
    }
    empty.hidden = this.#jobs.size > 0 || !this.#jobs.isAllListed;
  }

  /** To be called when the list is known, even where nothing is in it. */
  listed() {
    this.#summarize();
  }
}
