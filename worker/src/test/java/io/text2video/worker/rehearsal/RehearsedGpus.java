package io.text2video.worker.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The two rehearsed GPUs of this process: their memory, and what was copied between them and the host. */
public final class RehearsedGpus {
    /** The environment variable that names a library which DJL loads beside libtorch. */
    static final String LIBRARY = "PYTORCH_EXTRA_LIBRARY_PATH";

    private static final ObjectMapper JSON = new ObjectMapper();

    private RehearsedGpus() {}

    /** Bytes of tensors on a device. */
    public static long held(int device) {
        return library().getFunction("rehearsed_held").invokeLong(new Object[] {device});
    }

    /** The most bytes held on a device since this was last asked. */
    public static long peak(int device) {
        return library().getFunction("rehearsed_peak").invokeLong(new Object[] {device});
    }

    /** Limits what a device holds. */
    public static void limit(int device, long bytes) {
        library().getFunction("rehearsed_limit").invokeVoid(new Object[] {device, bytes});
    }

    public static void unlimited() {
        limit(0, 0);
        limit(1, 0);
    }

    /** Records copies in a file until {@link #stopLog}. */
    public static void log(Path file) {
        library().getFunction("rehearsed_log").invokeVoid(new Object[] {file.toString()});
    }

    public static void stopLog() {
        library().getFunction("rehearsed_log").invokeVoid(new Object[] {""});
    }

    /** What {@link #log} wrote. */
    public static List<Copy> copies(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.map(Copy::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The library may have been loaded by DJL already; it is the same one then. */
    static NativeLibrary library() {
        return NativeLibrary.getInstance(System.getenv(LIBRARY));
    }

    /**
     * A copy between devices, as torch names them.
     *
     * @param by the operation: aten::copy_, or one that brings a number to the host
     */
    public record Copy(String by, String from, String to, List<Long> shape, long bytes) {
        private static Copy of(String line) {
            try {
                JsonNode json = JSON.readTree(line);
                List<Long> shape =
                        json.get("shape").valueStream().map(JsonNode::asLong).toList();
                return new Copy(
                        json.get("by").asText(),
                        json.get("from").asText(),
                        json.get("to").asText(),
                        shape,
                        json.get("bytes").asLong());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
