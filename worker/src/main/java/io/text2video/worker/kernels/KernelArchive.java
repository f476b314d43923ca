package io.text2video.worker.kernels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs the kernels of one device into a TorchScript archive, the zip that {@code torch.jit.load} reads: stored entries, one
 * of them the pickled module. The same bytes load in Python's torch 2.7.
 */
final class KernelArchive {
    private static final String HEAD = "head";
    private static final String SHARED = "tensors linear text transformer vae sampling";

    /** c10's MemoryFormat, and the one dtype that never leaves the kernels. */
    private static final Map<String, Integer> NUMBERS =
            Map.of("I32", 3, "CONTIGUOUS", 0, "CHANNELS_LAST", 2, "CHANNELS_LAST_3D", 3);

    /** Pickle, protocol 2: an empty tuple. */
    private static final String NO_CONSTANTS = "\u0080\u0002).";

    private static final String WAIT_FOR_THE_DEVICE = "synchronize";

    private KernelArchive() {}

    /** All kernels of a device. */
    static byte[] bytes(Device device, ComputePaths paths) throws IOException {
        return bytes(source(device.kind()), device, paths);
    }

    /** Those of another source. */
    static byte[] bytes(String source, Device device, ComputePaths paths) throws IOException {
        Map<String, Object> attributes = new TreeMap<>(NUMBERS);
        Arrays.stream(DType.values()).forEach(dtype -> attributes.put(dtype.name(), dtype.code()));
        attributes.putAll(paths.attributes());
        attributes.put("device", device.toString());
        // A module has what its class declares.
        attributes.keySet().removeIf(name -> !source.contains("\n  " + name + " : "));
        return pack(source, attributes);
    }

    /** What only a libtorch built for CUDA loads. */
    static byte[] cudaBytes() throws IOException {
        return pack(read(WAIT_FOR_THE_DEVICE), Map.of());
    }

    /** The kernels' source for a kind of device: one class. */
    static String source(Device.Kind kind) throws IOException {
        String own =
                switch (kind) {
                    case CPU -> "on_cpu";
                    case CUDA -> "on_cuda";
                };
        StringBuilder source = new StringBuilder();
        for (String part : (HEAD + " " + own + " " + SHARED).split(" ")) {
            source.append(read(part));
        }
        return source.toString();
    }

    /** Names the source of a kind of device. */
    static String digest(Device.Kind kind) {
        try {
            return digest(source(kind));
        } catch (IOException e) {
            throw new KernelException("the kernels cannot be read: " + e.getMessage(), e);
        }
    }

    /** SHA-256 of a text, in hex digits. */
    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String read(String part) throws IOException {
        try (InputStream in = KernelArchive.class.getResourceAsStream(part + ".py")) {
            if (in == null) {
                throw new IOException(part + ".py is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] pack(String source, Map<String, Object> attributes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", module(attributes).getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
            store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /** Pickle, protocol 2: an object of {@code __torch__.Kernels} whose state is a dictionary. */
    private static String module(Map<String, Object> attributes) {
        return Stream.concat(Stream.of(Map.entry("training", (Object) false)), attributes.entrySet().stream())
                .map(entry -> pickled(entry.getKey()) + pickled(entry.getValue()))
                .collect(Collectors.joining("", "\u0080\u0002c__torch__\nKernels\n)\u0081}(", "ub."));
    }

    private static String pickled(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "\u0088" : "\u0089";
        }
        if (value instanceof Integer number) {
            return "J" + littleEndian(number);
        }
        return "X" + littleEndian(value.toString().length()) + value;
    }

    private static String littleEndian(int number) {
        return "" + (char) (number & 255) + (char) (number >> 8 & 255) + (char) (number >> 16 & 255)
                + (char) (number >>> 24);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("archive/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
