package io.text2video.worker.lora;

import io.text2video.worker.lora.LoraKey.Role;
import io.text2video.worker.weights.InvalidSafetensorsException;
import io.text2video.worker.weights.MappedTensors;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsFile;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A LoRA's safetensors file, understood but for its numbers. Immutable, holds no open file. Names are accepted in the
 * spellings that {@link LoraKey} lists.
 */
public final class LoraFile {
    /** Trainers whose alpha is whole write it as one of these, most of them as I64. */
    static final Set<SafetensorsDtype> INTEGERS = Collections.unmodifiableSet(EnumSet.of(
            SafetensorsDtype.I8,
            SafetensorsDtype.U8,
            SafetensorsDtype.I16,
            SafetensorsDtype.I32,
            SafetensorsDtype.I64));

    private final String name;
    private final Map<String, LoraLayer> layers;
    private final AdapterConfig config;

    private LoraFile(String name, Map<String, LoraLayer> layers, AdapterConfig config) {
        this.name = name;
        this.layers = Collections.unmodifiableMap(layers);
        this.config = config;
    }

    /**
     * Reads the header, and checks everything that needs no network.
     *
     * @throws LoraException when the file is missing, malformed, a pickle or no LoRA; when it adapts a text encoder or is a
     *     DoRA; when half of a pair is missing or the halves do not fit each other
     * @throws IOException when the file cannot be read
     */
    public static LoraFile read(Path path) throws IOException {
        String name = path.getFileName().toString();
        if (!Files.exists(path)) {
            throw new LoraException(name, "is missing on this worker");
        }
        SafetensorsFile file;
        try {
            file = SafetensorsFile.read(path);
        } catch (InvalidSafetensorsException e) {
            // Without the folder: a job's owner reads this.
            throw new LoraException(name, e.getMessage().replace(path + ": ", ""));
        }
        return new LoraFile(name, pairs(name, group(name, file)), AdapterConfig.read(file)).checked();
    }

    /** The config that says the scale of the LoRA in a file and lies beside it, where there is one. */
    public static Optional<Path> configBeside(Path file) throws IOException {
        return AdapterConfig.beside(file);
    }

    /** The file's name, without its folder. */
    public String name() {
        return name;
    }

    /** How many layers it adapts. */
    public int size() {
        return layers.size();
    }

    /** How many numbers its pairs hold. */
    public long values() {
        return layers.values().stream()
                .mapToLong(layer -> layer.down().elements() + layer.up().elements())
                .sum();
    }

    Map<String, LoraLayer> layers() {
        return layers;
    }

    AdapterConfig config() {
        return config;
    }

    private static Map<String, Map<Role, TensorInfo>> group(String name, SafetensorsFile file) throws LoraException {
        Map<String, Map<Role, TensorInfo>> found = new TreeMap<>();
        List<String> textEncoder = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (TensorInfo tensor : file.tensors().values()) {
            LoraKey key = LoraKey.parse(tensor.name()).orElse(null);
            if (key != null && key.role() == Role.DORA) {
                throw LoraException.dora(name, tensor.name());
            }
            if (LoraKey.ofTextEncoder(tensor.name())) {
                textEncoder.add(tensor.name());
            } else if (key == null) {
                foreign.add(tensor.name());
            } else if (found.computeIfAbsent(key.layer(), layer -> new EnumMap<>(Role.class))
                            .put(key.role(), tensor)
                    != null) {
                throw new LoraException(name, "has two tensors for the %s of %s".formatted(key.role(), key.layer()));
            }
        }
        if (!textEncoder.isEmpty()) {
            throw new LoraException(
                    name,
                    "has %d tensors for a text encoder, which CogVideoX's LoRAs cannot adapt: %s; remove them from the file"
                            .formatted(textEncoder.size(), LoraException.some(textEncoder)));
        }
        if (found.isEmpty()) {
            throw new LoraException(
                    name,
                    "holds no LoRA: its %d tensors have names such as %s, none of which ends like lora_A.weight or lora_down.weight"
                            .formatted(foreign.size(), LoraException.some(foreign)));
        }
        if (!foreign.isEmpty()) {
            throw new LoraException(
                    name,
                    "has %d tensors that are no part of a LoRA, and would be ignored: %s"
                            .formatted(foreign.size(), LoraException.some(foreign)));
        }
        return found;
    }

    private static Map<String, LoraLayer> pairs(String name, Map<String, Map<Role, TensorInfo>> found)
            throws LoraException {
        Map<String, LoraLayer> layers = new TreeMap<>();
        for (Map.Entry<String, Map<Role, TensorInfo>> entry : found.entrySet()) {
            Map<Role, TensorInfo> parts = entry.getValue();
            TensorInfo down = parts.get(Role.DOWN);
            TensorInfo up = parts.get(Role.UP);
            if (down == null || up == null) {
                throw new LoraException(
                        name,
                        "has %s for the layer %s, but not its %s"
                                .formatted(
                                        parts.values().iterator().next().name(),
                                        entry.getKey(),
                                        down == null ? "lora_A (down)" : "lora_B (up)"));
            }
            layers.put(entry.getKey(), new LoraLayer(down, up, parts.get(Role.ALPHA)));
        }
        return layers;
    }

    private LoraFile checked() throws LoraException {
        for (LoraLayer layer : layers.values()) {
            requireFloats(layer.down());
            requireFloats(layer.up());
            long[] down = layer.down().shape();
            long[] up = layer.up().shape();
            if (down.length < 2 || up.length != down.length || down[0] != up[1] || down[0] == 0) {
                throw new LoraException(
                        name,
                        "has %s and %s, whose ranks (the first's rows and the second's columns) are not one"
                                .formatted(described(layer.down()), described(layer.up())));
            }
            if (layer.alpha() != null) {
                if (!INTEGERS.contains(layer.alpha().dtype())) {
                    requireFloats(layer.alpha());
                }
                if (layer.alpha().elements() != 1) {
                    throw new LoraException(name, "has " + described(layer.alpha()) + ", but alpha is one number");
                }
            }
        }
        for (String pattern : config.alphaOf().keySet()) {
            if (layers.keySet().stream().noneMatch(layer -> AdapterConfig.matches(pattern, layer))) {
                throw new LoraException(
                        name,
                        "has the alpha_pattern %s, which names none of its layers; only names are understood, not regular expressions"
                                .formatted(pattern));
            }
        }
        return this;
    }

    private void requireFloats(TensorInfo tensor) throws LoraException {
        if (MappedTensors.dtype(tensor).isEmpty()) {
            throw new LoraException(
                    name,
                    "has %s stored as %s, but a LoRA's tensors must be one of %s"
                            .formatted(tensor.name(), tensor.dtype(), MappedTensors.floats()));
        }
    }

    static String described(TensorInfo tensor) {
        return tensor.name() + " " + Arrays.toString(tensor.shape());
    }
}
