package io.text2video.worker.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** One commit of a repository, on the branch main. */
record LocalRepository(SortedMap<String, byte[]> files) {
    /** Of large contents, none of which is written to: each request tells the commit, which is made of all hashes. */
    private static final Map<byte[], String> HASHES = Collections.synchronizedMap(new WeakHashMap<>());

    static LocalRepository of(Path directory) throws IOException {
        var files = new ConcurrentSkipListMap<String, byte[]>();
        try (Stream<Path> entries = Files.walk(directory)) {
            entries.filter(Files::isRegularFile).forEach(file -> {
                try {
                    files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return new LocalRepository(files);
    }

    LocalRepository put(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    boolean has(String revision) {
        return revision.equals("main") || revision.equals("refs/pr/1") || revision.equals(commit());
    }

    String commit() {
        var all = new StringBuilder();
        files.forEach((name, content) -> all.append(etag(name, content)).append(name));
        return hex("SHA-1", all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What git's large file storage would take. */
    static boolean large(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".model") || name.endsWith(".bin");
    }

    static String etag(String name, byte[] content) {
        if (large(name)) {
            return HASHES.computeIfAbsent(content, bytes -> hex("SHA-256", bytes));
        }
        byte[] start = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] object = new byte[start.length + content.length];
        System.arraycopy(start, 0, object, 0, start.length);
        System.arraycopy(content, 0, object, start.length, content.length);
        return hex("SHA-1", object);
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
