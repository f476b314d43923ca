package io.text2video.worker.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Where a VAE's {@link LatentRgb} is kept: {@code latent-rgb/SHA256.json} of the cache directory, by the bytes of its config and
 * weights. Any number of processes may read and write it. One that is broken is written anew; where nothing can be kept, it is
 * fitted by each process.
 *
 * @param directory the cache directory; empty where there is none
 */
record LatentRgbFile(Optional<Path> directory) {
    private static final Logger LOG = Logger.getLogger(LatentRgbFile.class);
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * What is kept, else what is fitted now.
     *
     * @param files of the VAE
     * @throws IOException when one of the VAE's files cannot be read
     */
    LatentRgb of(int channels, List<Path> files, Supplier<LatentRgb> fit) throws IOException {
        if (directory.isEmpty()) {
            return fit.get();
        }
        Path file = directory.get().resolve(Path.of("latent-rgb", digest(files) + ".json"));
        try {
            LatentRgb kept = JSON.readValue(Files.readAllBytes(file), LatentRgb.class);
            if (kept.channels() == channels) {
                return kept;
            }
        } catch (NoSuchFileException e) {
            LOG.debugf("no map of latents to colours is kept in %s", file);
        } catch (JsonProcessingException e) {
            LOG.warnf("a map of latents to colours is fitted anew, as %s is broken: %s", file, e.getOriginalMessage());
        } catch (IOException e) {
            LOG.warnf("a map of latents to colours is fitted anew, as %s cannot be read: %s", file, e);
        }
        LatentRgb fitted = fit.get();
        keep(file, fitted);
        return fitted;
    }

    private static void keep(Path file, LatentRgb fitted) {
        Path whole = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(file.getParent());
            try {
                Files.write(whole, JSON.writeValueAsBytes(fitted), StandardOpenOption.CREATE_NEW);
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            LOG.warnf("a map of latents to colours cannot be kept in %s: %s", file, e);
        }
    }

    private static String digest(List<Path> files) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        for (Path file : files) {
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
