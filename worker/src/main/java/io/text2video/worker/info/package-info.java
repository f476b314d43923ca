/**
 * What a checkpoint is and what it takes to run, from its configs and the headers of its safetensors alone: no tensor is
 * read and no native library loaded.
 */
package io.text2video.worker.info;
