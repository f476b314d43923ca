package io.text2video.worker.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The native libraries that come in jars: JNA, DJL and JavaCPP unpack them below the user's home before they load them. */
public final class UnpackedNatives {
    private UnpackedNatives() {}

    /**
     * Looks whether they could be loaded from there: JNA would tell neither the place nor the reason.
     *
     * @param home the user's; where nothing can be written, each library looks for another place
     * @throws IllegalStateException when its file system forbids execution
     */
    public static void requireExecutable(Path home) {
        Path probe;
        try {
            probe = Files.createTempFile(
                    home,
                    ".text2video",
                    null,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            return;
        }
        try {
            if (!Files.isExecutable(probe)) {
                throw new IllegalStateException(
                        "native libraries are unpacked below %s, but nothing there may be executed: mount it without noexec"
                                .formatted(home));
            }
        } finally {
            delete(probe);
        }
    }

    private static void delete(Path probe) {
        try {
            Files.delete(probe);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
