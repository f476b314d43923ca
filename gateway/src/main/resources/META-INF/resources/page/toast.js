// A few words at the page's foot, which screen readers say too.
const toast = document.getElementById('toast');
let hiding;

/** @param within the dialog that is open, if one is: what is outside of it is out of reach */
export function say(words, within = document.querySelector('dialog[open]') ?? document.body) {
  within.append(toast);
  toast.textContent = words;
  toast.classList.add('shown');
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.classList.remove('shown'), 4_000);
}
