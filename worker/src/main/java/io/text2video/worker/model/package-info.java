/**
 * The networks, class by class as in diffusers 0.39 and transformers 4.57: each holds its weights and says in which order
 * the kernels run. They know nothing of prompts, steps or guidance.
 */
package io.text2video.worker.model;
