/** Writes a checkpoint of floats as a quantized one. */
package io.text2video.worker.quantizer;
