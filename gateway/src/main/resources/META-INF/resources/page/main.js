// Where the page begins: the models fill the form, the list and the events fill the grid.
import { actionsOn } from './actions.js';
import { call } from './api.js';
import { Composer } from './composer.js';
import { follow } from './events.js';
import { showExamples } from './examples.js';
import { Grid } from './grid.js';
import { Jobs } from './jobs.js';
import { prepare as preparePlayer } from './player.js';

const connection = document.getElementById('connection');
const more = document.getElementById('more');
const listError = document.getElementById('list-error');
const STATES = { live: 'Live', waiting: 'Reconnecting', locked: 'Locked' };
const MODELS_AGAIN = 5_000;
const QUEUE_AGAIN = 3_000;

const grid = new Grid();
const jobs = new Jobs((id) => grid.changed(id));
const composer = new Composer((video) => jobs.answered(video));
const actions = actionsOn(jobs, composer);
grid.show(jobs, actions);
preparePlayer(actions);

let isListing = false;

async function listMore() {
  if (isListing) {
    return;
  }
  isListing = true;
  more.disabled = true;
  try {
    await jobs.more();
    listError.hidden = true;
  } catch (failure) {
    listError.textContent = failure.message;
    listError.hidden = false;
  }
  more.hidden = jobs.isAllListed;
  more.disabled = false;
  isListing = false;
  grid.listed();
  // Who scrolled on meanwhile is at the end already, which the observer would not tell again.
  near.unobserve(more);
  if (listError.hidden) {
    near.observe(more);
  }
}

async function loadModels() {
  let isLocked = false;
  const { data } = await call('v1/models').catch((refusal) => {
    isLocked = refusal.status === 401;
    return { data: [] };
  });
  composer.setModels(data);
  showExamples(composer.model, (prompt) => composer.setPrompt(prompt));
  if (data.length === 0 && !isLocked) {
    setTimeout(loadModels, MODELS_AGAIN);
  }
}

let isQueueDue = false;

/** While anything goes on, what waits comes nearer. */
function refreshQueueSoon() {
  if (!isQueueDue && jobs.all().some(({ status }) => status === 'queued')) {
    isQueueDue = true;
    setTimeout(async () => {
      isQueueDue = false;
      await jobs.refreshQueue().catch(() => {});
    }, QUEUE_AGAIN);
  }
}

function showState(state) {
  connection.textContent = STATES[state];
  connection.dataset.state = state;
  if (state === 'live') {
    jobs.catchUp().catch(() => {});
    if (!listError.hidden) {
      listMore();
    }
  }
}

more.addEventListener('click', listMore);
// A busy browser tells of several changes at once: the last is how it is.
const near = new IntersectionObserver((changes) => changes.at(-1).isIntersecting && !more.hidden && listMore(), {
  rootMargin: '100% 0px',
});

loadModels();
listMore();
follow((name, data) => {
  jobs.told(name, data);
  refreshQueueSoon();
}, showState);
