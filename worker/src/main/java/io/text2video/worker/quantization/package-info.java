/** How weights are kept in a byte each, and which. */
package io.text2video.worker.quantization;
