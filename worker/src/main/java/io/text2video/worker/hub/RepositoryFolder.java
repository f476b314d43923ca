package io.text2video.worker.hub;

import io.text2video.worker.files.FileTree;
import io.text2video.worker.hub.HubException.Reason;
import io.text2video.worker.hub.ModelReference.Repository;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A model's folder in the cache: {@code blobs/<etag>} hold the contents, {@code snapshots/<commit>/<file>} are relative
 * links to them, {@code refs/<revision>} hold a commit. What is written appears whole or not at all.
 */
final class RepositoryFolder {
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");
    private static final int LONGEST_REF = 100;

    private final Path path;
    private final Path locks;

    RepositoryFolder(Path cache, String id) {
        String name = "models--" + id.replace("/", "--");
        this.path = cache.resolve(name);
        this.locks = cache.resolve(".locks").resolve(name);
    }

    Path path() {
        return path;
    }

    /** The commit that a revision stands for, as far as the cache knows. */
    Optional<String> commit(String revision) throws IOException {
        if (Repository.isCommit(revision)) {
            return Optional.of(revision);
        }
        Path ref = path.resolve("refs").resolve(revision);
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        requireInside(ref);
        String commit;
        try {
            commit = Files.size(ref) > LONGEST_REF ? "" : Files.readString(ref).strip();
        } catch (NoSuchFileException e) {
            // Somebody who tidies up has removed it meanwhile.
            return Optional.empty();
        }
        if (!Repository.isCommit(commit)) {
            throw new HubException(Reason.CACHE_UNUSABLE, ref + " holds no commit; remove it and download again");
        }
        return Optional.of(commit);
    }

    Path snapshot(String commit) {
        return path.resolve("snapshots").resolve(commit);
    }

    Path blobs() {
        return path.resolve("blobs");
    }

    Path blob(String etag) {
        return blobs().resolve(etag);
    }

    Path incomplete(String etag) {
        return blobs().resolve(etag + ".incomplete");
    }

    Path lock(String etag) {
        return locks.resolve(etag + ".lock");
    }

    /** An ETag names files here, so it is one plain word. */
    static boolean isEtag(String text) {
        return ETAG.matcher(text).matches();
    }

    /** Lets a snapshot's file be the blob: through a relative link, or as a copy where there are no links. */
    void link(String commit, String file, String etag) throws IOException {
        if (!FILE.matcher(file).matches()) {
            throw new HubException(Reason.UNEXPECTED_ANSWER, "no file may be called " + Printable.of(file));
        }
        Path pointer = snapshot(commit).resolve(file);
        Path target = pointer.getParent().relativize(blob(etag));
        if (Files.isSymbolicLink(pointer) && Files.readSymbolicLink(pointer).equals(target)) {
            return;
        }
        createDirectories(pointer.getParent());
        Path fresh = temporary(pointer);
        try {
            Files.createSymbolicLink(fresh, target);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(blob(etag), fresh, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(fresh, pointer, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Remembers which commit a branch or tag stood for. */
    void writeRef(String revision, String commit) throws IOException {
        if (Repository.isCommit(revision) || commit(revision).equals(Optional.of(commit))) {
            return;
        }
        Path ref = path.resolve("refs").resolve(revision);
        createDirectories(ref.getParent());
        Path fresh = temporary(ref);
        Files.writeString(fresh, commit);
        Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes a directory of this folder, unless a link would put it elsewhere. */
    void createDirectories(Path directory) throws IOException {
        Files.createDirectories(path);
        for (Path part = path, rest = path.relativize(directory); ; ) {
            requireInside(part, "written", "HF_HUB_CACHE and --cache-dir name another place for all of it");
            if (rest.toString().isEmpty()) {
                return;
            }
            part = part.resolve(rest.getName(0));
            if (!Files.isDirectory(part)) {
                Files.createDirectories(part);
            }
            rest = part.relativize(directory);
        }
    }

    /** Checks that every link of a snapshot leads to a file of this folder. One that leads nowhere is harmless. */
    void requireSafe(Path snapshot) throws IOException {
        requireInside(snapshot);
        for (Path entry : FileTree.files(snapshot)) {
            if (Files.isSymbolicLink(entry)) {
                if (!leadsToABlob(entry)) {
                    requireInside(entry);
                }
                if (Files.isDirectory(entry)) {
                    throw new HubException(
                            Reason.CACHE_UNSAFE,
                            entry
                                    + " is a link to a directory, which no cache holds; nothing is read through it: remove it and download again");
                }
            }
        }
    }

    /**
     * Whether a blob is here. To make room, people move blobs, or all of them, to another disk and leave a link: it counts
     * as here if it kept its name, which is its content's hash.
     */
    boolean holds(String etag) throws IOException {
        try {
            return Files.isRegularFile(blob(etag)) && blob(etag).toRealPath().endsWith(etag);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private boolean leadsToABlob(Path pointer) throws IOException {
        try {
            Path blob = pointer.resolveSibling(Files.readSymbolicLink(pointer)).normalize();
            return blobs().equals(blob.getParent()) && holds(blob.getFileName().toString());
        } catch (NoSuchFileException e) {
            // Another process has renamed it meanwhile.
            return false;
        }
    }

    private void requireInside(Path file) throws IOException {
        requireInside(file, "read", "remove it and download again");
    }

    private void requireInside(Path file, String what, String wayOut) throws IOException {
        try {
            if (!file.toRealPath().startsWith(path.toRealPath())) {
                throw new HubException(
                        Reason.CACHE_UNSAFE,
                        "%s leads out of the model's folder to %s; nothing is %s through it: %s"
                                .formatted(file, Printable.of(file.toRealPath()), what, wayOut));
            }
        } catch (NoSuchFileException e) {
            // It leads nowhere: whoever looks for the file finds none.
        }
    }

    private static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }
}
