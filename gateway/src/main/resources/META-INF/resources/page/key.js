// The API key, where the fleet has keys. It is kept for this tab: a reload has it, another person at this browser has not.
const NAME = 'text2video.key';
const dialog = document.getElementById('key');
const input = document.getElementById('key-input');
const words = document.getElementById('key-words');
const button = document.getElementById('key-button');

let asking = null;

export const heldKey = () => sessionStorage.getItem(NAME);

export const keyHeaders = () => (heldKey() ? { Authorization: `Bearer ${heldKey()}` } : {});

/**
 * Asks once for however many calls were refused meanwhile.
 *
 * @param refused the key that was sent, or null
 * @returns whether there is another key now
 */
export function askForKey(refused) {
  asking ??= ask(refused).finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(refused) {
  button.hidden = false;
  if (refused) {
    words.textContent = 'That key is not known here, or no longer. Another one?';
  }
  input.value = '';
  dialog.returnValue = '';
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener('close', closed, { once: true }));
  const key = input.value.trim();
  input.value = '';
  if (dialog.returnValue !== 'use' || !key) {
    return false;
  }
  sessionStorage.setItem(NAME, key);
  return true;
}

// Enter takes the first button of a form, which is not to use the key.
input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') {
    event.preventDefault();
    dialog.close('use');
  }
});

button.hidden = !heldKey();
button.addEventListener('click', async () => {
  if (await askForKey(null)) {
    location.reload();
  }
});
