/**
 * LoRAs for the video transformer: what their files hold under whatever names, and how they are added to a network as it
 * is built. Sources: diffusers 0.39 ({@code loaders/lora_pipeline.py}, {@code utils/state_dict_utils.py}) and PEFT 0.21.
 */
package io.text2video.worker.lora;
