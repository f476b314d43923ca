/**
 * Safetensors files: reading them without trusting them, and writing them. Source: "Safetensors", the format
 * description in the README of huggingface/safetensors.
 */
package io.text2video.worker.weights;
