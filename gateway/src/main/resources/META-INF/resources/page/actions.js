// What the buttons of a job do.
import { Refusal, call, post } from './api.js';
import { showCode } from './code.js';
import { heldKey } from './key.js';
import { download } from './media.js';
import { close, play } from './player.js';
import { say } from './toast.js';

export function actionsOn(jobs, composer) {
  const told = (act) => async (video, event) => {
    try {
      await act(video, event);
    } catch (failure) {
      if (!(failure instanceof Refusal)) {
        throw failure;
      }
      if (failure.code === 'video_not_found') {
        jobs.remove(video.id);
      }
      say(failure.message);
    }
  };
  const startFrom = (operation) => (video) => {
    close();
    composer.startFrom(operation, video);
  };
  return {
    play: told(play),
    code: showCode,
    remix: startFrom('remix'),
    edit: startFrom('edit'),
    extend: startFrom('extend'),
    // The link does it by itself, where it need not send a key.
    download: told(async (video, event) => {
      if (heldKey()) {
        event.preventDefault();
        await download(video.id);
      }
    }),
    cancel: told(async (video) => {
      const now = await post(`v1/videos/${video.id}/cancel`);
      jobs.take(now);
      say(now.status === 'cancelled' ? 'Cancelled' : `Too late: it is ${now.status}`);
    }),
    delete: told(async (video) => {
      if (await isSure()) {
        await call(`v1/videos/${video.id}`, { method: 'DELETE' });
        jobs.remove(video.id);
        say('Deleted');
      }
    }),
  };
}

async function isSure() {
  const dialog = document.getElementById('delete');
  dialog.returnValue = 'keep';
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener('close', closed, { once: true }));
  return dialog.returnValue === 'delete';
}
