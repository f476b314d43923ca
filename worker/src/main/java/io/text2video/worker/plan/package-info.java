/**
 * How much memory a generation takes, reckoned from shapes before it runs, and how to run it in less. Reads configs and the
 * headers of safetensors alone.
 */
package io.text2video.worker.plan;
