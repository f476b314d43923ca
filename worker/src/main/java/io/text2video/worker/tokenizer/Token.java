package io.text2video.worker.tokenizer;

/**
 * One token of a text.
 *
 * @param piece the characters it stands for in the vocabulary's spelling, spaces as U+2581; unlike the id, it also tells
 *     what an unknown token was
 */
record Token(int id, String piece) {}
