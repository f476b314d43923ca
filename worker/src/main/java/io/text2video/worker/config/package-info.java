/** What a checkpoint in the diffusers layout says about itself: its {@code model_index.json} and {@code config.json}s. */
package io.text2video.worker.config;
