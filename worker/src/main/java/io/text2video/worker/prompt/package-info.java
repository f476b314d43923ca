/** Short prompts written out by a language model. */
package io.text2video.worker.prompt;
