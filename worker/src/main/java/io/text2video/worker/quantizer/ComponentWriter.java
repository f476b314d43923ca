package io.text2video.worker.quantizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.worker.config.QuantizationConfig;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.QuantizationKernels;
import io.text2video.worker.kernels.QuantizationKernels.Quantized;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.MappedTensors;
import io.text2video.worker.weights.SafetensorsStream;
import io.text2video.worker.weights.TensorSlot;
import io.text2video.worker.weights.WeightFiles;
import io.text2video.worker.weights.WeightMismatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Writes one component quantized: its config, and its weights with one layer at a time in memory. */
final class ComponentWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What transformers and diffusers ask of a file before they read it. */
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private final ComponentPlan plan;
    private final Path out;
    private final MemoryScope scope;
    private final LongConsumer written;

    /** @param written is told the bytes of each tensor as it is written */
    ComponentWriter(ComponentPlan plan, Path out, MemoryScope scope, LongConsumer written) {
        this.plan = plan;
        this.out = out;
        this.scope = scope;
        this.written = written;
    }

    void write(long largestShard) throws IOException {
        QuantizationConfig.write(
                plan.directory(), out, plan.scheme(), plan.component() == Component.VAE, plan.ignored());
        List<List<Item>> shards = plan.shards(largestShard);
        WeightFiles names = WeightFiles.of(plan.component());
        if (shards.size() == 1) {
            writeFile(out.resolve(names.singleFile()), shards.get(0));
            return;
        }
        Map<String, String> shardOf = new TreeMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String shard = names.shard(i + 1, shards.size());
            writeFile(out.resolve(shard), shards.get(i));
            shards.get(i).forEach(item -> item.slots().forEach(slot -> shardOf.put(slot.name(), shard)));
        }
        ObjectNode index = JSON.createObjectNode();
        index.putObject("metadata").put("total_size", plan.byteLength());
        index.set("weight_map", JSON.valueToTree(shardOf));
        Files.write(
                out.resolve(names.index()),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(index));
    }

    private void writeFile(Path file, List<Item> items) throws IOException {
        List<TensorSlot> slots =
                items.stream().flatMap(item -> item.slots().stream()).toList();
        try (SafetensorsStream stream = new SafetensorsStream(file, METADATA, slots)) {
            for (Item item : items) {
                if (item.quantized()) {
                    quantize(item, stream);
                } else {
                    stream.copy(item.from().name(), item.from());
                }
                written.accept(item.byteLength());
            }
            stream.finish();
        }
    }

    /** A mapping of its own for each tensor: pages that were read leave with it. */
    private void quantize(Item item, SafetensorsStream stream) throws IOException {
        try (MemoryScope own = scope.open();
                MappedTensors mapped = new MappedTensors(own)) {
            Quantized made = QuantizationKernels.quantize(
                    own, mapped.view(own, item.from()), plan.scheme().codes());
            if (!TensorKernels.allFinite(own, made.scale())) {
                throw new WeightMismatchException(
                        plan.directory(),
                        item.from().name(),
                        "has values that are infinite or NaN, and cannot be quantized");
            }
            stream.write(item.slots().get(0).name(), TensorKernels.toBytes(own, made.codes()));
            stream.write(item.slots().get(1).name(), TensorKernels.toBytes(own, made.scale()));
        }
    }
}
