// The jobs that the page knows, newest first: pages of the list, and what events have told since.
import { call } from './api.js';

const PAGE = 48;

export const hasEnded = (video) => !['queued', 'in_progress'].includes(video.status);

const isNewer = (a, b) => a.created_at > b.created_at || (a.created_at === b.created_at && a.id > b.id);

export class Jobs {
  #videos = new Map();
  /** Newest first. */
  #order = [];
  /** The ids of those that were deleted: no answer that was on its way meanwhile brings them back. */
  #deleted = new Set();
  #isAllListed = false;
  /** What is told of jobs that are not listed yet, while a page is on its way. */
  #meanwhile = null;
  #onChange;

  /** @param onChange called with a job's id when it has come, changed or gone */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  get isAllListed() {
    return this.#isAllListed;
  }

  get size() {
    return this.#order.length;
  }

  get(id) {
    return this.#videos.get(id);
  }

  all() {
    return this.#order.map((id) => this.#videos.get(id));
  }

  /** The job that comes after it, if there is one. */
  after(id) {
    return this.#order[this.#order.indexOf(id) + 1];
  }

  /** Takes the next page of the list. What events have told is newer than what it says. */
  async more() {
    const last = this.#order.at(-1);
    const meanwhile = (this.#meanwhile = new Map());
    try {
      const page = await call(`v1/videos?limit=${PAGE}${last ? `&after=${last}` : ''}`);
      page.data.forEach((video) => this.answered(video));
      this.#isAllListed = !page.has_more;
    } finally {
      this.#meanwhile = null;
    }
    meanwhile.forEach((event) => this.told(...event));
  }

  /** Once events are told: what has ended between the list and them, nobody tells of. */
  async catchUp() {
    const page = await call(`v1/videos?limit=${PAGE}`);
    page.data.filter((video) => hasEnded(video) && this.get(video.id)?.status !== video.status).forEach((video) => this.told('', video));
  }

  /** An event. A job that is older than those listed comes with its page. */
  told(name, data) {
    this.#meanwhile?.set(data.id, [name, data]);
    if (name === 'video.deleted') {
      this.remove(data.id);
    } else if (this.#videos.has(data.id) || this.#isAllListed || this.#isWithinListed(data)) {
      this.take(data);
    }
  }

  #isWithinListed(video) {
    const last = this.#videos.get(this.#order.at(-1));
    return last !== undefined && isNewer(video, last);
  }

  /** As an answer says. What events have told meanwhile is newer. */
  answered(video) {
    if (!this.#videos.has(video.id)) {
      this.take(video);
    }
  }

  take(video) {
    if (this.#deleted.has(video.id)) {
      return;
    }
    if (!this.#videos.has(video.id)) {
      let at = this.#order.findIndex((id) => isNewer(video, this.#videos.get(id)));
      at = at < 0 ? this.#order.length : at;
      this.#order.splice(at, 0, video.id);
    }
    this.#videos.set(video.id, video);
    this.#onChange(video.id);
  }

  remove(id) {
    this.#deleted.add(id);
    if (this.#videos.delete(id)) {
      this.#order.splice(this.#order.indexOf(id), 1);
      this.#onChange(id);
    }
  }

  /** Places in the queue change with other jobs, of which no event tells. */
  async refreshQueue() {
    const page = await call('v1/videos?status=queued&order=asc&limit=100');
    for (const queued of page.data) {
      if (this.get(queued.id)?.status === 'queued') {
        this.take(queued);
      }
    }
  }
}
