// The image that a video starts from, and files that are dropped or pasted.
const field = document.getElementById('image-field');
const input = document.getElementById('image');
const preview = document.getElementById('image-preview');
const words = document.getElementById('image-words');
const remove = field.querySelector('[data-action=drop-image]');
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];

let image = null;

export const chosenImage = () => (field.hidden ? null : image);

export function wantImage(isWanted) {
  field.hidden = !isWanted;
}

export function setImage(file) {
  URL.revokeObjectURL(preview.src);
  image = file;
  preview.hidden = remove.hidden = !file;
  words.hidden = Boolean(file);
  if (file) {
    preview.src = URL.createObjectURL(file);
  } else {
    preview.removeAttribute('src');
    input.value = '';
  }
}

/** @param onFile called with a file that was dropped or pasted anywhere, or chosen as the image */
export function prepare(onFile) {
  const take = (files) => {
    const file = [...files].find(({ type }) => TYPES.includes(type)) ?? files[0];
    if (file) {
      onFile(file);
    }
  };
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  input.addEventListener('change', () => take(input.files));
  remove.addEventListener('click', () => setImage(null));
  addEventListener('dragover', (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      field.classList.add('over');
    }
  });
  addEventListener('dragleave', () => field.classList.remove('over'));
  addEventListener('drop', (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      field.classList.remove('over');
      take(event.dataTransfer.files);
    }
  });
  addEventListener('paste', (event) => {
    if (event.clipboardData?.files.length) {
      take(event.clipboardData.files);
    }
  });
}
