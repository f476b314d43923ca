// Prompts to begin with. The model that comes with the fleet knows colours, shapes and directions, and nothing else.
const TINY = [
  'a red ball moving left on a black background',
  'a blue triangle moving down on a gray background',
  'a yellow square moving up on a gray background',
];
const OTHERS = [
  'A golden retriever runs along a beach at sunset, waves rolling in behind it, camera low and close to the sand',
  'Rain on the window of a night train, city lights blur past, shallow depth of field',
  'A paper boat drifts down a narrow stream through moss and ferns, morning light, macro lens',
];

export function showExamples(model, onChoice) {
  const prompts = model?.id.includes('tiny') ? TINY : OTHERS;
  document.getElementById('examples').replaceChildren(
    ...prompts.map((prompt) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'quiet', textContent: prompt });
      button.addEventListener('click', () => onChoice(prompt));
      item.append(button);
      return item;
    }),
  );
}
