package io.text2video.worker.state;

import io.text2video.worker.weights.InvalidSafetensorsException;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsFile;
import io.text2video.worker.weights.SafetensorsWriter;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * States as safetensors: {@code latents}, {@code scheduler.N}, and the rest in the metadata, with a SHA-256 over metadata
 * and tensors.
 */
final class GenerationStateFile {
    private static final String FORMAT = "text2video-state-1";
    private static final String CHECKSUM = "sha256";
    static final String LATENTS = "latents";
    private static final String MEMORY = "scheduler.";

    private GenerationStateFile() {}

    static byte[] write(GenerationState state) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        metadata.put("computation", state.computation());
        metadata.put("step", Integer.toString(state.step()));
        metadata.put("steps", Integer.toString(state.steps()));
        metadata.put("reused_steps", Integer.toString(state.reusedSteps()));
        List<Entry> entries = new ArrayList<>(state.memory());
        entries.add(state.latents());
        metadata.put(CHECKSUM, checksum(metadata, entries));
        try {
            return SafetensorsWriter.bytes(metadata, entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of what the scheduler remembers, in its order. */
    static String memory(int index) {
        return MEMORY + index;
    }

    /**
     * Reads a state whose checksum holds, and which says the same of itself as its keeper.
     *
     * @throws UnusableStateException when it does not
     */
    static GenerationState read(SavedState saved, String computation) throws UnusableStateException {
        SafetensorsFile file = parse(saved);
        Map<String, String> metadata = new TreeMap<>(file.metadata());
        String checksum = metadata.remove(CHECKSUM);
        List<Entry> memory = new ArrayList<>();
        for (int i = 0; file.tensors().containsKey(memory(i)); i++) {
            memory.add(entry(file.tensors().get(memory(i)), saved.file()));
        }
        TensorInfo latents = file.tensors().get(LATENTS);
        if (latents == null || file.tensors().size() != memory.size() + 1) {
            throw new UnusableStateException(
                    saved.name(),
                    "holds the tensors %s; a state has latents, and scheduler.N from 0"
                            .formatted(file.tensors().keySet()));
        }
        List<Entry> entries = new ArrayList<>(memory);
        entries.add(entry(latents, saved.file()));
        if (!checksum(metadata, entries).equals(checksum)) {
            throw new UnusableStateException(saved.name(), "is damaged: its SHA-256 is not " + checksum);
        }
        var state = new GenerationState(
                metadata.getOrDefault("computation", ""),
                number(saved, metadata, "step"),
                number(saved, metadata, "steps"),
                number(saved, metadata, "reused_steps"),
                entries.get(memory.size()),
                memory);
        if (state.step() < 1 || state.step() > state.steps() || state.reusedSteps() > state.step()) {
            throw new UnusableStateException(
                    saved.name(),
                    "says that %d steps of %d are done, %d of them reused"
                            .formatted(state.step(), state.steps(), state.reusedSteps()));
        }
        require(saved, "format", metadata.get("format"), FORMAT);
        require(saved, "computation", state.computation(), computation);
        require(saved, "step", Integer.toString(state.step()), Integer.toString(saved.step()));
        return state;
    }

    private static SafetensorsFile parse(SavedState saved) throws UnusableStateException {
        try {
            return SafetensorsFile.parse(Path.of("state"), saved.file());
        } catch (InvalidSafetensorsException e) {
            throw new UnusableStateException(saved.name(), "is no safetensors file: " + e.getMessage());
        }
    }

    private static Entry entry(TensorInfo info, byte[] file) {
        ByteBuffer data = ByteBuffer.wrap(file, Math.toIntExact(info.offset()), Math.toIntExact(info.byteLength()));
        return new Entry(info.name(), info.dtype(), info.shape(), data.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    private static int number(SavedState saved, Map<String, String> metadata, String key)
            throws UnusableStateException {
        String text = metadata.get(key);
        if (text == null || !text.matches("\\d{1,6}")) {
            throw new UnusableStateException(
                    saved.name(), "says \"%s\" for %s, which is no number".formatted(text, key));
        }
        return Integer.parseInt(text);
    }

    private static void require(SavedState saved, String key, String actual, String wanted)
            throws UnusableStateException {
        if (!wanted.equals(actual)) {
            throw new UnusableStateException(saved.name(), "says %s %s, not %s".formatted(key, actual, wanted));
        }
    }

    /** Over what they mean, not how they are written: every byte of the file but the header's spelling counts. */
    static String checksum(Map<String, String> metadata, List<Entry> entries) {
        MessageDigest digest = Digests.sha256();
        metadata.forEach((key, value) -> update(digest, key + "=" + value));
        for (Entry entry : entries) {
            SafetensorsDtype dtype = entry.dtype();
            update(digest, entry.name() + " " + dtype + Arrays.toString(entry.shape()));
            digest.update(entry.data().duplicate());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String line) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
