// How a job stands, in words.

export function duration(seconds) {
  if (seconds < 90) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  const minutes = seconds / 60;
  return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** @returns chip: a word or two; headline and detail: what the poster's place says meanwhile */
export function stands(video) {
  switch (video.status) {
    case 'queued':
      return { chip: 'Queued', headline: place(video.queue_position), detail: start(video.estimated_start_at) };
    case 'in_progress':
      return { chip: stage(video.stage), headline: `${video.progress}%`, detail: step(video) };
    case 'completed':
      return { chip: `${video.seconds} s`, headline: '', detail: '' };
    case 'failed':
      return { chip: 'Failed', headline: 'Failed', detail: video.error?.message ?? '' };
    default:
      return { chip: 'Cancelled', headline: 'Cancelled', detail: '' };
  }
}

function place(position) {
  if (position === null || position === undefined) {
    return 'In the queue';
  }
  return position === 0 ? 'Next in line' : `${position} before it`;
}

function start(at) {
  if (!at) {
    return '';
  }
  const seconds = at - Date.now() / 1000;
  return seconds < 2 ? 'starts any moment' : `starts in about ${duration(seconds)}`;
}

const stage = (name) => ({ denoising: 'Drawing', decoding: 'Decoding', upload: 'Uploading' })[name] ?? 'Starting';

function step(video) {
  if (video.stage === 'decoding') {
    return `frame ${video.decoded_frames ?? 0} of ${video.num_frames}`;
  }
  if (video.stage === 'upload') {
    return 'storing the video';
  }
  const steps = `step ${video.step ?? 0} of ${video.num_inference_steps ?? '…'}`;
  const left = video.estimated_seconds && video.estimated_seconds * (1 - video.progress / 100);
  return left ? `${steps}, about ${duration(left)} left` : steps;
}

/** What is left to the model is not known until a worker has taken the job. */
export function facts(video) {
  const steps = video.num_inference_steps && `${video.num_inference_steps} steps`;
  const loras = video.loras?.map(({ id }) => id) ?? [];
  const from = { edit: `edit, strength ${video.strength}`, extend: 'extension', control: 'along a control video' }[video.operation];
  return [video.model, video.size?.replace('x', ' × '), steps, from, ...loras].filter(Boolean).join(' · ');
}

const LISTED_AT_MOST = 8;

/** What a LoRA was trained to be drawn with. */
export function recipe({ timesteps, guidance_scale: guidance, scale }) {
  const list = timesteps?.length <= LISTED_AT_MOST ? ` (${timesteps.join(', ')})` : '';
  const parts = {
    steps: timesteps && `${timesteps.length} steps${list}`,
    guidance: typeof guidance === 'number' && `guidance ${guidance}`,
    scale: typeof scale === 'number' && scale !== 1 && `scale ${scale}`,
  };
  const known = Object.values(parts).filter(Boolean);
  return known.length ? `Made for ${known.join(', ')}` : '';
}
