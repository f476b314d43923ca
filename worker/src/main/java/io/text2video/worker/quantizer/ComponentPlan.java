package io.text2video.worker.quantizer;

import io.text2video.worker.config.QuantizationConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.QuantizationConflictException;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.quantization.WeightStorage;
import io.text2video.worker.weights.SafetensorsIndex;
import io.text2video.worker.weights.TensorInfo;
import io.text2video.worker.weights.TensorStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is written for one component.
 *
 * @param directory of the float component
 * @param items by name
 */
record ComponentPlan(Path directory, Component component, Scheme scheme, List<Item> items) {
    /** Tables to look up in have two dimensions as linears have. */
    private static final String TABLES = "(shared|.*embed_tokens|.*relative_attention_bias)";

    /**
     * Reads the headers.
     *
     * @throws QuantizationConflictException when the component is quantized already
     * @throws CheckpointException when it has no layer that would be quantized
     * @throws IOException when it cannot be read
     */
    static ComponentPlan of(Path modelDirectory, Component component, Scheme scheme) throws IOException {
        Path directory = modelDirectory.resolve(component.label());
        Optional<Scheme> before = QuantizationConfig.read(directory);
        if (before.isPresent()) {
            throw new QuantizationConflictException(directory, component, before.get(), scheme);
        }
        var storage = new WeightStorage(component, scheme, false);
        List<Item> items = SafetensorsIndex.open(directory, component).tensors().values().stream()
                .sorted(Comparator.comparing(TensorInfo::name))
                .map(tensor -> isQuantized(tensor, storage) ? Item.quantized(tensor, scheme) : Item.copied(tensor))
                .toList();
        if (items.stream().noneMatch(Item::quantized)) {
            throw new CheckpointException(
                    "%s has no layer that %s would quantize: its layers are too narrow, or are not floats"
                            .formatted(directory, scheme));
        }
        return new ComponentPlan(directory, component, scheme, items);
    }

    /** Whatever it will be computed in. */
    private static boolean isQuantized(TensorInfo tensor, WeightStorage storage) {
        return TensorStorage.of(tensor, DType.F32, storage) == TensorStorage.QUANTIZED;
    }

    /** The items of each file in turn; none is larger, unless one item is. */
    List<List<Item>> shards(long largest) {
        List<List<Item>> shards = new ArrayList<>();
        long bytes = 0;
        for (Item item : items) {
            bytes += item.byteLength();
            if (shards.isEmpty() || bytes > largest) {
                shards.add(new ArrayList<>());
                bytes = item.byteLength();
            }
            shards.get(shards.size() - 1).add(item);
        }
        return shards;
    }

    /** Layers of the kinds that are quantized which stay floats, as the config is to name them. */
    List<String> ignored() {
        return items.stream()
                .filter(item -> !item.quantized() && item.from().shape().length > 1)
                .map(item -> Item.layer(item.from()))
                .filter(layer -> !layer.isEmpty() && !layer.matches(TABLES))
                .toList();
    }

    long byteLength() {
        return items.stream().mapToLong(Item::byteLength).sum();
    }

    QuantizedPart part() {
        return new QuantizedPart(
                component,
                scheme,
                (int) items.stream().filter(Item::quantized).count(),
                items.stream().mapToLong(item -> item.from().byteLength()).sum(),
                byteLength());
    }
}
