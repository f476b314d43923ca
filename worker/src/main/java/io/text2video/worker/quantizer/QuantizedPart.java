package io.text2video.worker.quantizer;

import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Scheme;

/**
 * What became of one component.
 *
 * @param layers that are quantized
 * @param bytesBefore of its tensors
 * @param bytesAfter of its tensors, with their scales
 */
public record QuantizedPart(Component component, Scheme scheme, int layers, long bytesBefore, long bytesAfter) {}
