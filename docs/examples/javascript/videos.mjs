// OpenAI's JavaScript client at a fleet: every call that it has for videos.
//
//     npm install openai
//     export OPENAI_BASE_URL=http://localhost:8080/v1 OPENAI_API_KEY=none
//     node videos.mjs

import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import OpenAI from 'openai';

const client = new OpenAI();

// What OpenAI's own API does not have stands beside the rest.
let video = await client.videos.create({
  prompt: 'a red ball moving left',
  num_frames: 9,
  num_inference_steps: 4,
  seed: 7,
});
console.log('create:', video.status);

while (video.status === 'queued' || video.status === 'in_progress') {
  await pause(200);
  video = await client.videos.retrieve(video.id);
}
console.log('retrieve:', video.status);

// A list asks for the next page by itself.
for await (const newest of client.videos.list({ limit: 1 })) {
  console.log('list:', newest.object);
  break;
}

const mp4 = Buffer.from(await (await client.videos.downloadContent(video.id)).arrayBuffer());
await writeFile('video.mp4', mp4);
console.log('downloadContent:', mp4.toString('latin1', 4, 8)); // an MP4 begins with its length and "ftyp"

const png = Buffer.from(await (await client.videos.downloadContent(video.id, { variant: 'thumbnail' })).arrayBuffer());
console.log('downloadContent, variant thumbnail:', png.toString('latin1', 1, 4));

const remix = await client.videos.remix(video.id, { prompt: 'a green square' });
console.log('remix:', remix.status);

const of = { id: video.id };
const edit = await client.videos.edit({ prompt: 'in the rain', video: createReadStream('video.mp4'), strength: 0.6 });
console.log('edit:', edit.status);

// Only models that start from an image go on with a video; seconds is the length of the whole.
const longer = await client.videos.extend({ prompt: 'it stops', seconds: '2', video: of, model: 'i2v' });
console.log('extend:', longer.status);

/** What the fleet says to something that it does not have. */
async function refused(call) {
  return call.then(
    () => 'no error',
    (e) => `${e.status} ${e.code}`,
  );
}

console.log('downloadContent, variant spritesheet:', await refused(client.videos.downloadContent(video.id, { variant: 'spritesheet' })));
console.log('createCharacter:', await refused(client.videos.createCharacter({ name: 'Ball', video: createReadStream('video.mp4') })));
console.log('getCharacter:', await refused(client.videos.getCharacter('ball')));

console.log('delete:', (await client.videos.delete(video.id)).deleted ? 'deleted' : 'not deleted');
