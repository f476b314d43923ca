// One job in the grid. Only what has changed is written: hundreds of cards are told of every second.
import { hasEnded } from './jobs.js';
import { address } from './api.js';
import { showPoster } from './media.js';
import { Preview } from './preview.js';
import { facts, stands } from './words.js';

const template = document.getElementById('card').content;

const put = (element, text) => {
  if (element.textContent !== text) {
    element.textContent = text;
  }
};

export class Card {
  constructor(id) {
    this.element = template.cloneNode(true).firstElementChild;
    this.element.dataset.id = id;
    const find = (selector) => this.element.querySelector(selector);
    this.parts = {
      poster: find('.poster'),
      chip: find('.chip'),
      headline: find('.headline'),
      detail: find('.detail'),
      bar: find('.bar'),
      words: find('.words'),
      enhanced: find('.enhanced'),
      enhancedWords: find('.enhanced p'),
      facts: find('.facts'),
      download: find('[data-action=download]'),
      cancel: find('[data-action=cancel]'),
      edit: find('[data-action=edit]'),
      extend: find('[data-action=extend]'),
      delete: find('[data-action=delete]'),
    };
    this.preview = new Preview(find('.preview'), id);
    this.parts.words.id = `job-${id}`;
    find('article').setAttribute('aria-labelledby', `job-${id}`);
    this.parts.download.href = address(`v1/videos/${id}/content`);
  }

  show(video) {
    const { parts } = this;
    const words = stands(video);
    const isCompleted = video.status === 'completed';
    this.element.dataset.status = video.status;
    put(parts.chip, words.chip);
    put(parts.headline, words.headline);
    put(parts.detail, words.detail);
    put(parts.words, video.prompt);
    parts.enhanced.hidden = !video.enhanced_prompt;
    put(parts.enhancedWords, video.enhanced_prompt ?? '');
    put(parts.facts, facts(video));
    this.preview.show(video);
    parts.bar.hidden = video.status !== 'in_progress';
    parts.bar.value = video.progress;
    parts.cancel.hidden = hasEnded(video);
    parts.delete.hidden = !hasEnded(video);
    parts.download.hidden = parts.edit.hidden = parts.extend.hidden = !isCompleted;
    parts.poster.hidden = !isCompleted;
    if (isCompleted) {
      parts.poster.setAttribute('aria-label', `Play: ${video.prompt}`);
      showPoster(parts.poster, video.id);
    }
  }
}
