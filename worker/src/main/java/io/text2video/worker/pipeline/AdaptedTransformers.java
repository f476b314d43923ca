package io.text2video.worker.pipeline;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraScale;
import io.text2video.worker.kernels.Interruption;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private Kept last;

    /** A file as it was when it was read: one that is replaced is read again. */
    private record Source(LoraScale lora, Path file, FileTime modified, long bytes) {}

    /**
     * The transformer that a generation draws with.
     *
     * @param network with its LoRAs
     * @param other the same on the other GPU, where there is one
     * @param loras what decides what each of them adds, as text
     * @param bytes that they take
     */
    record Adapted(
            Resident<CogVideoXTransformer3DModel> network,
            Optional<Resident<CogVideoXTransformer3DModel>> other,
            List<String> loras,
            long bytes) {}

    /** @param sources what it was made of */
    private record Kept(List<Source> sources, Adapted adapted) {}

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
     * The transformer to draw with, loaded. It may be used until the next call.
     *
     * @param interruption asked before each of the weights that are loaded for it
     * @throws InvalidGenerationException when a LoRA's file is not usable with this model, with the reason
     */
    Adapted with(List<LoraScale> loras, Interruption interruption) {
        check(loras);
        List<Source> sources = new ArrayList<>();
        for (LoraScale lora : loras) {
            if (lora.scale() != 0) {
                sources.add(source(lora));
            }
        }
        if (sources.isEmpty()) {
            return new Adapted(components.transformer(), components.otherTransformer(), List.of(), 0);
        }
        if (last == null || !last.sources().equals(sources)) {
            Kept old = last;
            last = null;
            if (old != null) {
                old.adapted().network().close();
                old.adapted().other().ifPresent(Resident::close);
            }
            last = new Kept(List.copyOf(sources), adapt(sources));
        }
        try {
            last.adapted().network().acquire(interruption);
        } catch (UncheckedIOException e) {
            last = null;
            throw e.getCause() instanceof LoraException lora ? refuse(sources, lora) : e;
        }
        return last.adapted();
    }

    /** The bare one, of which a GPU holds a block at a time. */
    Adapted streamed() {
        return new Adapted(components.streamedTransformer(), Optional.empty(), List.of(), 0);
    }

    private Source source(LoraScale lora) {
        Path file = files.get(lora.id());
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Source(lora, file, attributes.lastModifiedTime(), attributes.size());
        } catch (NoSuchFileException e) {
            return new Source(lora, file, FileTime.fromMillis(0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Adapted adapt(List<Source> sources) {
        List<LoraStack.Scaled> stack = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Source source : sources) {
            try {
                stack.add(new LoraStack.Scaled(
                        LoraFile.read(source.file()), source.lora().scale()));
                texts.add(describe(source));
            } catch (LoraException e) {
                throw refuse(List.of(source), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        long values = stack.stream().mapToLong(scaled -> scaled.file().values()).sum();
        return new Adapted(
                adapted(components.transformer(), stack),
                components.otherTransformer().map(base -> adapted(base, stack)),
                texts,
                values * components.computeType().dtype().bytes());
    }

    private Resident<CogVideoXTransformer3DModel> adapted(
            Resident<CogVideoXTransformer3DModel> base, List<LoraStack.Scaled> stack) {
        return base.adapted(owner -> build(owner, base.weights(), stack));
    }

    private Resident.Loaded<CogVideoXTransformer3DModel> build(
            MemoryScope owner, Weights base, List<LoraStack.Scaled> stack) throws IOException {
        try (LoraStack adapter = new LoraStack(owner, base.computeType(), stack)) {
            Weights adapted = base.with(adapter);
            var transformer = new CogVideoXTransformer3DModel(components.transformerConfig(), adapted);
            adapter.requireAllUsed();
            return new Resident.Loaded<>(transformer, adapted);
        }
    }

    /**
     * Each LoRA's weights by its id, a SHA-256 in hex of its file's header and of samples of its values.
     *
     * @throws InvalidGenerationException when one is not known
     * @throws UncheckedIOException when a file cannot be read
     */
    Map<String, String> weights(List<LoraScale> loras) {
        check(loras);
        Map<String, String> weights = new TreeMap<>();
        for (LoraScale lora : loras) {
            try {
                weights.put(lora.id(), Digests.sample(files.get(lora.id())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return weights;
    }

    /** What decides what it adds: the scale, the weights, and the file that may say their alpha. */
    private static String describe(Source source) throws IOException {
        Optional<Path> config = LoraFile.configBeside(source.file());
        return "%s %s %s"
                .formatted(
                        source.lora().scale(),
                        Digests.sample(source.file()),
                        config.isPresent() ? Digests.sample(config.get()) : "alone");
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
