/** Text to T5's token ids, as transformers computes them. */
package io.text2video.worker.tokenizer;
