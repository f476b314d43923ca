// The gateway's refusals, beside the fields that they are about.
const form = document.getElementById('composer');
const banner = document.getElementById('composer-error');

export function clearErrors() {
  for (const error of form.querySelectorAll('.error:not([hidden])')) {
    error.hidden = true;
  }
  for (const input of form.querySelectorAll('[aria-errormessage]')) {
    input.removeAttribute('aria-errormessage');
    input.removeAttribute('aria-invalid');
  }
}

/** Where no field is at fault, or none of these, it is said below the form. */
export function showError(refusal) {
  const place = [...form.querySelectorAll('[data-params]')].find(
    (element) => element.dataset.params.split(' ').includes(refusal.param) && element.querySelector('.error'),
  );
  const error = place?.querySelector('.error') ?? banner;
  error.textContent = refusal.message;
  error.hidden = false;
  place?.closest('details')?.setAttribute('open', '');
  const input = place?.querySelector('input, select, textarea');
  if (input) {
    error.id = `${input.id}-error`;
    error.setAttribute('role', 'alert');
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-errormessage', error.id);
    input.focus();
  }
}
