package io.text2video.worker.pipeline;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraScale;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.lora.LoraException;
import io.text2video.worker.lora.LoraFile;
import io.text2video.worker.lora.LoraStack;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.state.Digests;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The transformer with LoRAs beside its weights. An adapted one shares the weights of the bare one and owns only what its
 * LoRAs add. The last one is kept, as the next job often asks for the same.
 */
final class AdaptedTransformers {
    private static final String FIELD = "loras";

    private final Components components;
    private final Map<String, Path> files;
    private Adapted last;

    /** A file as it was when it was read: one that is replaced is read again. */
    private record Source(LoraScale lora, Path file, FileTime modified, long bytes) {}

    private record Adapted(
            List<Source> sources, CogVideoXTransformer3DModel transformer, MemoryScope scope, long bytes) {}

    /** @param files each LoRA's safetensors file by its id */
    AdaptedTransformers(Components components, Map<String, Path> files) {
        this.components = components;
        this.files = new TreeMap<>(files);
    }

    /**
     * Checks what can be checked without reading a file.
     *
     * @throws InvalidGenerationException when a LoRA is not known, is named twice or has a scale that is no number
     */
    void check(List<LoraScale> loras) {
        Set<String> seen = new HashSet<>();
        for (LoraScale lora : loras) {
            if (!files.containsKey(lora.id())) {
                throw new InvalidGenerationException(
                        FIELD,
                        "there is no LoRA %s; %s"
                                .formatted(
                                        lora.id(),
                                        files.isEmpty() ? "this worker has none" : "there are " + files.keySet()));
            }
            if (!seen.add(lora.id())) {
                throw new InvalidGenerationException(
                        FIELD, "the LoRA %s is named twice; name it once, with one scale".formatted(lora.id()));
            }
            if (!Double.isFinite(lora.scale())) {
                throw new InvalidGenerationException(
                        FIELD, "the LoRA %s has the scale %s, which is no number".formatted(lora.id(), lora.scale()));
            }
        }
    }

    /**
     * The transformer to draw with. It may be used until the next call.
     *
     * @throws InvalidGenerationException when a LoRA's file is not usable with this model, with the reason
     */
    CogVideoXTransformer3DModel with(List<LoraScale> loras) {
        check(loras);
        List<Source> sources = new ArrayList<>();
        for (LoraScale lora : loras) {
            if (lora.scale() != 0) {
                sources.add(source(lora));
            }
        }
        if (sources.isEmpty()) {
            return components.transformer();
        }
        if (last == null || !last.sources().equals(sources)) {
            Adapted old = last;
            last = null;
            if (old != null) {
                old.scope().close();
            }
            last = build(sources);
        }
        return last.transformer();
    }

    /** What decides what LoRAs add, each as text: the scale, the weights, and the file that may say their alpha. */
    List<String> describe(List<LoraScale> loras) {
        List<String> texts = new ArrayList<>();
        for (LoraScale lora : loras) {
            if (lora.scale() != 0) {
                Path file = files.get(lora.id());
                Path config = file.resolveSibling("adapter_config.json");
                try {
                    texts.add("%s %s %s"
                            .formatted(
                                    lora.scale(),
                                    Digests.sample(file),
                                    Files.exists(config) ? Digests.sample(config) : "alone"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return texts;
    }

    /** What LoRAs take that are loaded now. */
    long bytes() {
        return last == null ? 0 : last.bytes();
    }

    private Source source(LoraScale lora) {
        Path file = files.get(lora.id());
        try {
            return Files.exists(file)
                    ? new Source(lora, file, Files.getLastModifiedTime(file), Files.size(file))
                    : new Source(lora, file, FileTime.fromMillis(0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Adapted build(List<Source> sources) {
        List<LoraStack.Scaled> stack = new ArrayList<>();
        for (Source source : sources) {
            try {
                stack.add(new LoraStack.Scaled(
                        LoraFile.read(source.file()), source.lora().scale()));
            } catch (LoraException e) {
                throw refuse(List.of(source), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Weights weights = components.transformerWeights();
        MemoryScope scope = components.kernels().openScope();
        try (LoraStack adapter = new LoraStack(scope, weights.computeType(), stack)) {
            var transformer = new CogVideoXTransformer3DModel(components.transformerConfig(), weights.with(adapter));
            adapter.requireAllUsed();
            long values =
                    stack.stream().mapToLong(scaled -> scaled.file().values()).sum();
            return new Adapted(
                    List.copyOf(sources),
                    transformer,
                    scope,
                    values * weights.computeType().bytes());
        } catch (IOException e) {
            scope.close();
            throw e instanceof LoraException lora ? refuse(sources, lora) : new UncheckedIOException(e);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private static InvalidGenerationException refuse(List<Source> sources, LoraException reason) {
        List<String> ids = sources.stream().map(source -> source.lora().id()).toList();
        var refusal = new InvalidGenerationException(
                FIELD,
                "the LoRA%s %s cannot be used: %s"
                        .formatted(ids.size() > 1 ? "s" : "", String.join(", ", ids), reason.getMessage()));
        refusal.initCause(reason);
        return refusal;
    }
}
