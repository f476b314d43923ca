/** Which GPUs there are, as the CUDA driver tells it, and which device a model is to run on. Needs neither torch nor a CUDA toolkit. */
package io.text2video.worker.device;
